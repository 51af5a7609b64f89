using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Storage;

/// <summary>Makes contexts, from a pool, once it has been told which database there is.</summary>
public sealed class OpsConsoleDbContextFactory : IDbContextFactory<OpsConsoleDbContext>
{
    /// <summary>Connections of a data source beside the contexts' own.</summary>
    private const int FewConnections = 16;

    private Func<OpsConsoleDbContext>? _create;
    private Func<DbDataSource>? _source;

    /// <summary>What the database is; null until it is known.</summary>
    public DatabaseProvider? Provider { get; private set; }

    /// <summary>Names the database. Opens no connection.</summary>
    /// <exception cref="StorageStartException">This build cannot use that provider.</exception>
    public void Connect(DatabaseProvider provider, string connectionString)
    {
        if (provider == DatabaseProvider.SqlServer)
        {
            RequireCompleteRegistry();
            var server = new PooledDbContextFactory<SqlServerOpsConsoleDbContext>(DatabaseOptions.SqlServer(connectionString));
            _create = server.CreateDbContext;
            _source = () => SqlClientFactory.Instance.CreateDataSource(new SqlConnectionStringBuilder(connectionString) { MaxPoolSize = FewConnections, MultipleActiveResultSets = false }.ConnectionString);
        }
        else
        {
            var postgres = new PooledDbContextFactory<PostgresOpsConsoleDbContext>(DatabaseOptions.Postgres(connectionString));
            _create = postgres.CreateDbContext;
            _source = () => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = FewConnections });
        }

        Provider = provider;
    }

    /// <summary>Connections of their own to the same database, for what keeps tables there beside the model. Whoever asks disposes it.</summary>
    /// <exception cref="RecordUnavailableException">The database is not known yet.</exception>
    public DbDataSource CreateDataSource() =>
        (_source ?? throw new RecordUnavailableException("The database is still starting; try again in a moment."))();

    /// <summary>A context of the database. Dispose it soon: it goes back into the pool.</summary>
    /// <exception cref="RecordUnavailableException">The database is not known yet.</exception>
    public OpsConsoleDbContext CreateDbContext() =>
        (_create ?? throw new RecordUnavailableException("The database is still starting; try again in a moment."))();

    private static void RequireCompleteRegistry()
    {
#if !COMPLETE_REGISTRY
        throw new StorageStartException(
            "This build cannot connect to SQL Server, because packages that its client needs were left out: build with -p:CompleteRegistry=true where the package registry has them, or use Database:Provider=Postgres.");
#endif
    }
}
