using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>SQL Server. It has no transaction that only reads, so a login that may write is refused before anything is asked; the transaction is never committed.</summary>
internal sealed partial class SqlServerDatabase : SqlDatabase
{
    private const int Overdue = -2;
    private const int LockOverdue = 1222;
    private const string MayWrite =
        "SELECT CASE WHEN HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'INSERT') = 1 OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UPDATE') = 1 "
        + "OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'DELETE') = 1 OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'EXECUTE') = 1 "
        + "OR HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') = 1 THEN 1 ELSE 0 END";

    private readonly SqlConnectionStringBuilder _settings;
    private readonly string _port;

    public SqlServerDatabase(string connection, TimeSpan timeout, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> addresses)
        : base("SQL Server", addresses)
    {
        _settings = Held(connection, timeout);
        var server = Server().Match(_settings.DataSource);
        (Host, _port) = (server.Groups["host"].Value, server.Groups["port"] is { Success: true } port ? port.Value : "1433");
        if (string.IsNullOrEmpty(_settings.HostNameInCertificate))
        {
            _settings.HostNameInCertificate = Host;
        }
    }

    protected override string? Password => _settings.Password;

    protected override string Host { get; }

    /// <summary>A connection string as it is used, whatever it says of how much it is let do.</summary>
    internal static SqlConnectionStringBuilder Held(string connection, TimeSpan timeout) => new(connection)
    {
        Pooling = false,
        Enlist = false,
        PersistSecurityInfo = false,
        MultipleActiveResultSets = false,
        ConnectRetryCount = 0,
        ConnectTimeout = (int)Math.Ceiling(timeout.TotalSeconds),
        ApplicationIntent = ApplicationIntent.ReadOnly,
        ApplicationName = "opsconsole",
    };

    /// <summary>Everything that is wrong with a connection string, one sentence each.</summary>
    public static IEnumerable<string> Faults(string connection)
    {
#if !COMPLETE_REGISTRY
        yield return "this build cannot connect to SQL Server, because packages that its client needs were left out: build with -p:CompleteRegistry=true where the package registry has them";
#endif
        SqlConnectionStringBuilder? settings = null;
        try
        {
            settings = new(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Said below.
        }

        if (settings is null)
        {
            yield return "Connection is not a connection string of SQL Server, such as Server=db.internal,1433;Database=shop;User ID=opsconsole;Password=…;Encrypt=Strict";
        }
        else if (!Server().IsMatch(settings.DataSource))
        {
            yield return "Connection has to name a host, and its port after a comma; an instance by its name cannot be looked up";
        }
        else if (settings.FailoverPartner.Length > 0 || settings.FailoverPartnerSPN.Length > 0)
        {
            yield return "Connection names a failover partner, which is another host that is connected to without being looked up and allowed: leave it out";
        }
        else if (settings.AttachDBFilename.Length > 0 || settings.UserInstance)
        {
            yield return "Connection attaches a file or starts an instance of its own: name a database that is there by Database";
        }
    }

    protected override DbDataSource Source(IPAddress address) =>
        SqlClientFactory.Instance.CreateDataSource(new SqlConnectionStringBuilder(_settings.ConnectionString) { DataSource = $"tcp:{address},{_port}" }.ConnectionString);

    protected override async Task BindAsync(DbConnection connection, DbTransaction transaction, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        var milliseconds = Math.Max(1, (long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        (command.Transaction, command.CommandText, command.CommandTimeout) = (transaction, $"SET XACT_ABORT ON; SET LOCK_TIMEOUT {milliseconds}; SET ROWCOUNT 2; {MayWrite}", Seconds(limit));
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not 0)
        {
            throw new TargetRefusedException("The login may do more than read in this database, so nothing is asked with it: give it the role db_datareader alone.");
        }
    }

    protected override DbCommand Command(DbConnection connection, DbTransaction transaction, SqlQuestion question) =>
        new SqlCommand(question.Statement, (SqlConnection)connection, (SqlTransaction)transaction)
        {
            CommandTimeout = Seconds(question.Limit),
            Parameters =
            {
                new("@version", SqlDbType.NVarChar, 64) { Value = question.Version },
                new("@since", SqlDbType.DateTimeOffset) { Value = question.Since },
                new("@now", SqlDbType.DateTimeOffset) { Value = question.Now },
            },
        };

    protected override (string Words, bool IsTime)? Said(DbException exception) => exception is SqlException { Class: > 0 and < 20 } said
        ? ($"{said.Message} ({said.Number})", said.Number is Overdue or LockOverdue)
        : null;

    /// <summary>The client counts whole seconds.</summary>
    private static int Seconds(TimeSpan limit) => Math.Max(1, (int)Math.Ceiling(limit.TotalSeconds));

    [GeneratedRegex(@"\A(tcp:)?\s*(?<host>[A-Za-z0-9][A-Za-z0-9.-]*)\s*(,\s*(?<port>[0-9]{1,5}))?\s*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Server();
}
