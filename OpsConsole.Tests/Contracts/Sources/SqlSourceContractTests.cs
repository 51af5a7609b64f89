using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Sources.Sql;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>The contract against a real PostgreSQL, whose view says what the test wants.</summary>
public sealed class SqlSourceContractTests(PostgresFixture postgres) : SourceContract
{
    private SqlShop _shop = null!;

    private protected override bool HasOwnTimes => true;

    public override async ValueTask InitializeAsync()
    {
        _shop = await SqlShop.CreateAsync(postgres);
        await _shop.ExecuteAsync($"""
            CREATE TABLE said (place int, value double precision, count bigint, at timestamptz);
            GRANT SELECT ON said TO {_shop.Role};
            """);
    }

    public override async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override ISignalSource Source() => _shop.Source(TimeSpan.FromSeconds(20), default, "SELECT value, count, at FROM said WHERE @version = '2.15.0' ORDER BY place");

    private protected override string? Says(Saying saying)
    {
        if (saying == Saying.Reset)
        {
            return "A query is asked for a value and counts nothing itself.";
        }

        var rows = saying switch
        {
            Saying.Nothing => "",
            Saying.NotANumber => "(1, 'NaN', 10, now())",
            Saying.Infinite => "(1, 'Infinity', 10, now())",
            Saying.Late => "(1, 99.5, 10, now() - interval '2 hours')",
            Saying.ManySeries => "(1, 99.5, 10, now()), (2, 98, 10, now())",
            _ => "(1, 99.5, 10, now())",
        };

        // The contract says it, and then reads: nothing else goes on meanwhile.
        Task.Run(() => _shop.ExecuteAsync($"TRUNCATE said; {(rows.Length > 0 ? $"INSERT INTO said VALUES {rows};" : "")} ALTER ROLE {_shop.Role} {(saying == Saying.Refused ? "NOLOGIN" : "LOGIN")}")).GetAwaiter().GetResult();
        return null;
    }
}
