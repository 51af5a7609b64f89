using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>A database with the stores over it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task>? _drop;

    public TestDatabase(string connectionString, Func<Task>? drop, DatabaseProvider provider = DatabaseProvider.Postgres)
    {
        _drop = drop;
        IsSqlServer = provider == DatabaseProvider.SqlServer;
        ConnectionString = IsSqlServer ? connectionString : new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 8 }.ConnectionString;
        Contexts.Connect(provider, ConnectionString);
        Ready.Set();
        Record = new RecordDatabase(Contexts, Ready, TimeProvider.System);
        Releases = new ReleaseStore(Record);
        Actions = new ActionStore(Record);
        Audit = new AuditStore(Record);
        Chain = new AuditChainStore(Record);
        Switches = new SwitchStore(Record);
        FlagClients = new FlagClientStore(Record);
        ServiceTokens = new ServiceTokenStore(Record, TimeProvider.System);
        Propagations = new PropagationStore(Record);
        Changes = new ChangeStore(Record);
        History = new SignalHistoryStore(Record);
        Evidence = new EvidenceStore(Record);
        Slos = new SloStore(Record);
        Rollouts = new RolloutStore(Record);
        Approvals = new ApprovalStore(Record);
        Waivers = new WaiverStore(Record);
        Windows = new WindowStore(Record);
        Rejected = new RejectedArtifactStore(Record);
        Gates = new PolicyGates(Waivers, Windows, Rejected, TimeProvider.System, NullLogger<PolicyGates>.Instance);
        Analyses = new AnalysisStore(Record);
        Recoveries = new RecoveryStore(Record);
    }

    public string ConnectionString { get; }

    /// <summary>True where the contract is held on SQL Server.</summary>
    public bool IsSqlServer { get; }

    public OpsConsoleDbContextFactory Contexts { get; } = new();

    public StorageReady Ready { get; } = new();

    public RecordDatabase Record { get; }

    public IReleaseStore Releases { get; }

    public IActionStore Actions { get; }

    public IAuditStore Audit { get; }

    public IAuditChainStore Chain { get; }

    public ISwitchStore Switches { get; }

    public IFlagClientStore FlagClients { get; }

    public IServiceTokenStore ServiceTokens { get; }

    public IPropagationStore Propagations { get; }

    public ISignalHistoryStore History { get; }

    public IChangeStore Changes { get; }
    public IEvidenceStore Evidence { get; }
    public ISloStore Slos { get; }

    public IRolloutStore Rollouts { get; }
    public IApprovalStore Approvals { get; }
    public IWaiverStore Waivers { get; }
    public IWindowStore Windows { get; }
    public IRejectedArtifactStore Rejected { get; }
    /// <summary>The gates over these stores, with nothing else connected.</summary>
    public IPolicyGates Gates { get; }
    public IAnalysisStore Analyses { get; }

    public IRecoveryStore Recoveries { get; }

    /// <summary>Runs SQL as it is.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = Connection();
        await connection.OpenAsync();
        await using var command = Command(connection, sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of what SQL answers, as text, a line for each row.</summary>
    public async Task<string> QueryAsync(string sql)
    {
        await using var connection = Connection();
        await connection.OpenAsync();
        await using var command = Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture) ?? "");
        }

        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = Connection())
        {
            if (connection is NpgsqlConnection postgres)
            {
                NpgsqlConnection.ClearPool(postgres);
            }
            else
            {
                SqlConnection.ClearPool((SqlConnection)connection);
            }
        }

        if (_drop is not null)
        {
            await _drop();
        }
    }

    private DbConnection Connection() => IsSqlServer ? new SqlConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 120);
        return command;
    }
}
