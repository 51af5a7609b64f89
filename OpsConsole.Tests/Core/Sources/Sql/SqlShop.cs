using OpsConsole.Core.Signals;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Sources.Sql;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Sql;

/// <summary>A shop's database in a real PostgreSQL, and a role that may read one table of it.</summary>
internal sealed class SqlShop : IAsyncDisposable
{
    public const string Password = "s3cret-credential-0123456789";

    private readonly TestDatabase _database;

    private SqlShop(TestDatabase database)
    {
        _database = database;
        Relay = new(database.ConnectionString);
        Role = "reader_" + Guid.NewGuid().ToString("N")[..12];
    }

    public PostgresRelay Relay { get; }

    public string Role { get; }

    public static async Task<SqlShop> CreateAsync(PostgresFixture postgres)
    {
        var shop = new SqlShop(await postgres.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken));
        await shop.ExecuteAsync($"""
            CREATE TABLE orders (version text NOT NULL, at timestamptz NOT NULL, paid boolean NOT NULL);
            CREATE TABLE customers (name text NOT NULL);
            CREATE FUNCTION place_order() RETURNS double precision LANGUAGE sql VOLATILE SECURITY DEFINER AS 'INSERT INTO orders VALUES (''x'', now(), true) RETURNING 1.0::double precision';
            CREATE ROLE {shop.Role} LOGIN PASSWORD '{Password}';
            GRANT SELECT ON orders TO {shop.Role};
            """);
        return shop;
    }

    public Task<int> ExecuteAsync(string sql) => _database.ExecuteAsync(sql);

    public Task<string> QueryAsync(string sql) => _database.QueryAsync(sql);

    /// <summary>A source with one signal for each query, named by its place.</summary>
    public ISignalSource Source(TimeSpan timeout, TimeSpan window, params string[] queries) => Catalog().Create(Binding(timeout, window, queries));

    public SourceBinding Binding(TimeSpan timeout, TimeSpan window, params string[] queries) => new()
    {
        Key = "shop", Kind = SqlSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = "2.15.0", Timeout = timeout, Interval = TimeSpan.FromSeconds(30),
        Settings = new(SqlSource.KindName, Catalog().Find(SqlSource.KindName)!.Settings, new Dictionary<string, string> { ["Connection"] = Relay.ConnectionString(Role, Password) }),
        Rules = [.. queries.Select((query, n) => new SignalRule { Signal = new($"signal_{n}"), Kind = SignalRuleKind.Query, Numerator = query, Window = query.Contains("@since", StringComparison.Ordinal) ? window : default })],
    };

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await ExecuteAsync($"DROP OWNED BY {Role}; DROP ROLE {Role}");
        await _database.DisposeAsync();
    }

    public static SourceCatalog Catalog(string allowed = "127.0.0.1")
    {
        var rules = OutboundRules.Read([allowed], out _);
        return new([SqlSource.Kind(new GuardedConnections(() => rules), TimeProvider.System)]);
    }
}
