using System.Data.Common;
using System.Globalization;
using System.Net;
using Npgsql;
using NpgsqlTypes;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>PostgreSQL, or what speaks its protocol. Each query runs in a transaction that only reads, under a <c>statement_timeout</c>, as a part of a larger one, where nothing that writes may stand.</summary>
internal sealed class PostgresDatabase : SqlDatabase
{
    private const string SignalBackend = "pg_signal_backend";
    private const string Instead = "sign in with a role of its own that is granted SELECT on what it asks, and nothing else";

    /// <summary>Whether the role that signed in is a superuser, or may become one: an empty text. Else a role beyond reading that it is a member of; none, null. What it may become counts, because any query may call set_config.</summary>
    private const string TooMighty =
        $"SELECT CASE WHEN pg_catalog.current_setting('is_superuser') = 'on' OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolsuper AND {IsMember}) THEN '' ELSE "
        + $"(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', '{SignalBackend}', 'pg_write_server_files') AND {IsMember} ORDER BY oid LIMIT 1) END";

    private const string IsMember = "(pg_catalog.pg_has_role(session_user, oid, 'MEMBER') OR pg_catalog.pg_has_role(current_user, oid, 'MEMBER'))";

    private readonly NpgsqlConnectionStringBuilder _settings;

    public PostgresDatabase(string connection, TimeSpan timeout, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> addresses)
        : base("PostgreSQL", addresses)
    {
        var seconds = (int)Math.Ceiling(timeout.TotalSeconds);
        _settings = new NpgsqlConnectionStringBuilder(connection)
        {
            Pooling = false,
            Enlist = false,
            Multiplexing = false,
            IncludeErrorDetail = false,
            LogParameters = false,
            PersistSecurityInfo = false,
            LoadBalanceHosts = false,
            TargetSessionAttributes = null,
            MaxAutoPrepare = 0,
            Timeout = seconds,
            CommandTimeout = seconds,
            CancellationTimeout = 500,
            ApplicationName = "opsconsole",
        };
        Host = _settings.Host!;
    }

    protected override string? Password => _settings.Password;

    protected override string Host { get; }

    /// <summary>Everything that is wrong with a connection string, one sentence each.</summary>
    public static IEnumerable<string> Faults(string connection)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return ["Connection is not a connection string of PostgreSQL, such as Host=db.internal;Database=shop;Username=opsconsole;Password=…;SSL Mode=VerifyFull"];
        }

        return settings.Host is not { Length: > 0 } host || host.Contains(',', StringComparison.Ordinal) || host.Contains('/', StringComparison.Ordinal) || host[0] == '@'
            ? ["Connection has to name one host, by its name or address, and its port by Port"]
            : [];
    }

    protected override DbDataSource Source(IPAddress address)
    {
        var source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Host = address.ToString() }.ConnectionString);

        // The address was looked up and allowed; the certificate is held against the name.
        source.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = Host);
        source.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return source.Build();
    }

    protected override async Task BindAsync(DbConnection connection, DbTransaction transaction, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        var milliseconds = Math.Max(1, (long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        (command.Transaction, command.CommandText) = (transaction, $"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {milliseconds}; SET LOCAL lock_timeout = {milliseconds}; SET LOCAL TIME ZONE 'UTC'; {TooMighty}");
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string mighty)
        {
            throw new TargetRefusedException(mighty.Length == 0
                ? $"The role {_settings.Username} is a superuser, or may become one, which reaches files and other connections from within a query, so nothing is asked with it: {Instead}."
                : $"The role {_settings.Username} is a member of {mighty}, which reaches {(mighty == SignalBackend ? "other connections" : "files or programs")} of the server from within a query, so nothing is asked with it: {Instead}.");
        }
    }

    protected override DbCommand Command(DbConnection connection, DbTransaction transaction, SqlQuestion question) =>
        new NpgsqlCommand($"SELECT * FROM (\n{question.Statement}\n) AS answer LIMIT 2", (NpgsqlConnection)connection, (NpgsqlTransaction)transaction)
        {
            Parameters =
            {
                new("version", NpgsqlDbType.Text) { Value = question.Version },
                new("since", NpgsqlDbType.TimestampTz) { Value = question.Since.UtcDateTime },
                new("now", NpgsqlDbType.TimestampTz) { Value = question.Now.UtcDateTime },
            },
        };

    protected override (string Words, bool IsTime)? Said(DbException exception) => exception is PostgresException said
        ? ($"{Words(said)} ({said.SqlState})", said.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable)
        : null;

    /// <summary>What the database says of the query and of itself. Of everything else it says a phrase: the message of a value that cannot be cast has the value in it, which is nobody's to see.</summary>
    private static string Words(PostgresException said) => said.SqlState == PostgresErrorCodes.DivisionByZero ? said.MessageText : said.SqlState[..2] switch
    {
        "08" or "0A" or "25" or "28" or "3D" or "42" or "53" or "55" or "57" => said.MessageText,
        "22" => "a value cannot be computed or converted",
        _ => "the query failed",
    };
}
