using OpsConsole.Core.Connections;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>Asks a database for signals, one query for each: business numbers, most often. It only reads, and no longer than it is given.</summary>
public sealed class SqlSource : PolledSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "sql";

    private const string Provider = "Provider";
    private const string ConnectionString = "Connection";
    private const string Postgres = "postgres";
    private const string SqlServer = "sqlserver";

    /// <summary>Shortest time that a query is given.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    private readonly SqlDatabase _database;

    /// <param name="binding">What to ask; without faults.</param>
    /// <param name="connections">Says where the console may connect to.</param>
    /// <param name="time">The console's clock.</param>
    public SqlSource(SourceBinding binding, GuardedConnections connections, TimeProvider time)
        : base(binding, time)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(connections);
        _database = binding.Settings[Provider] == SqlServer
            ? new SqlServerDatabase(binding.Settings[ConnectionString], binding.Timeout, connections.AddressesAsync)
            : new PostgresDatabase(binding.Settings[ConnectionString], binding.Timeout, connections.AddressesAsync);
    }

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(GuardedConnections connections, TimeProvider time) => new(KindName, Faults, binding => new SqlSource(binding, connections, time))
    {
        HasAddress = false,
        TellsVersions = true,
        ShortestInterval = TimeSpan.FromSeconds(5),
        DefaultInterval = TimeSpan.FromMinutes(1),
        DefaultTimeout = TimeSpan.FromSeconds(10),
        Settings =
        [
            new(Provider, $"{Postgres} or {SqlServer}.", Default: Postgres),
            new(ConnectionString, "The connection string, of a role that may read what is asked for and nothing else.", SettingForm.Secret),
        ],
    };

    /// <inheritdoc />
    /// <remarks>The time that is left is shared out among the queries that are left, so that one that is slow leaves some to the others.</remarks>
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var (began, now) = (Time.GetTimestamp(), Time.GetUtcNow());
        var readings = new List<SignalReading>(Binding.Rules.Count);
        foreach (var rule in Binding.Rules)
        {
            var share = (Binding.Timeout - Time.GetElapsedTime(began)) / (Binding.Rules.Count - readings.Count) * 0.8;
            var question = new SqlQuestion(SqlQueryText.Statement(rule), Binding.Version, now - rule.Window, now, share > Least ? share : Least);
            readings.Add(await _database.AskAsync(question, cancellationToken).ConfigureAwait(false));
        }

        return readings;
    }

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        if (binding.Checks.Count > 0)
        {
            yield return "checks belong to a source of the kind http-check";
        }

        if (binding.Credential is not null)
        {
            yield return "its credential stands in the connection string";
        }

        foreach (var rule in binding.Rules)
        {
            foreach (var fault in SqlQueryText.Faults(rule, binding.FollowsReleases, binding.Settings[Provider] == SqlServer))
            {
                yield return $"signal '{rule.Signal}': {fault}";
            }
        }

        var (provider, connection) = (binding.Settings[Provider], binding.Settings[ConnectionString]);
        if (provider is not (Postgres or SqlServer))
        {
            yield return $"{Provider} is {Postgres} or {SqlServer}";
        }
        else if (connection.Length > 0)
        {
            foreach (var fault in provider == SqlServer ? SqlServerDatabase.Faults(connection) : PostgresDatabase.Faults(connection))
            {
                yield return fault;
            }
        }
    }
}
