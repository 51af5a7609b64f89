using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>What every store must do on every provider that can be reached. Each test has a database of its own.</summary>
public abstract class StoreContract(PostgresFixture? embedded) : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Database = embedded is null
        ? await ConfiguredServers.CreateAsync(this is IOnSqlServer ? DatabaseProvider.SqlServer : DatabaseProvider.Postgres, Token)
        : await embedded.CreateDatabaseAsync(Token);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }
}
