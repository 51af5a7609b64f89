using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>One query with what its parameters stand for.</summary>
/// <param name="Statement">With the parameters in it.</param>
/// <param name="Version"><c>@version</c>.</param>
/// <param name="Since"><c>@since</c>.</param>
/// <param name="Now"><c>@now</c>.</param>
/// <param name="Limit">Time that the server gives it.</param>
internal sealed record SqlQuestion(string Statement, string Version, DateTimeOffset Since, DateTimeOffset Now, TimeSpan Limit);

/// <summary>A database of one make that queries are asked of, each over a connection of its own that is closed without anything being kept.</summary>
/// <param name="title">The make, for people.</param>
/// <param name="addresses">Addresses of a host that the console may connect to.</param>
internal abstract class SqlDatabase(string title, Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> addresses)
{
    private const int LongestWords = 300;

    /// <summary>What must not be seen in any sentence.</summary>
    protected abstract string? Password { get; }

    /// <summary>Host that the connection string names.</summary>
    protected abstract string Host { get; }

    /// <summary>Asks one query.</summary>
    /// <returns>What it came to; an error where the database refused the query or ended it.</returns>
    /// <exception cref="TargetUnreachableException">The database cannot be reached.</exception>
    /// <exception cref="TargetRefusedException">It does not let the console in.</exception>
    public async Task<SignalReading> AskAsync(SqlQuestion question, CancellationToken cancellationToken)
    {
        await using var source = Source(await AddressAsync(cancellationToken).ConfigureAwait(false));
        await using var connection = source.CreateConnection();
        await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await BindAsync(connection, transaction, question.Limit, cancellationToken).ConfigureAwait(false);
            await using var command = Command(connection, transaction, question);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            return await SqlAnswer.ReadAsync(rows, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Refusal(e, question.Limit) is { } refusal ? SignalReading.Error(refusal) : throw new TargetUnreachableException($"The connection to {title} broke.", e);
        }
    }

    /// <summary>Makes connections to an address that may be connected to.</summary>
    protected abstract DbDataSource Source(IPAddress address);

    /// <summary>Holds what follows in the transaction to reading, for so long.</summary>
    /// <exception cref="TargetRefusedException">The login may do more than read.</exception>
    protected abstract Task BindAsync(DbConnection connection, DbTransaction transaction, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>The command, with its parameters typed as the make has them.</summary>
    protected abstract DbCommand Command(DbConnection connection, DbTransaction transaction, SqlQuestion question);

    /// <summary>What the database says of its refusal; null when it says nothing: the connection is at fault.</summary>
    protected abstract (string Words, bool IsTime)? Said(DbException exception);

    /// <summary>A text of the database as a part of a sentence, without what is secret.</summary>
    private string Plain(string words)
    {
        var plain = Password is { Length: > 0 } password ? words.Replace(password, "***", StringComparison.Ordinal) : words;
        plain = string.Concat(plain.Select(static c => char.IsControl(c) ? ' ' : c)).Trim().TrimEnd('.');
        return plain.Length > LongestWords ? plain[..LongestWords] + "…" : plain;
    }

    private string? Refusal(DbException exception, TimeSpan limit) => Said(exception) switch
    {
        null => null,
        { IsTime: true } => string.Create(CultureInfo.InvariantCulture, $"{title} ended the query: it took longer than {limit.TotalSeconds:0.###} s."),
        { } said => $"{title} refused the query: {Plain(said.Words)}.",
    };

    private async Task<IPAddress> AddressAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await addresses(Host, cancellationToken).ConfigureAwait(false))[0];
        }
        catch (OutboundRefusedException e)
        {
            throw new TargetUnreachableException(e.Message, e);
        }
        catch (SocketException e)
        {
            throw new TargetUnreachableException("The database's host name is not known.", e);
        }
    }

    private async Task OpenAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or SocketException or TimeoutException or IOException or AuthenticationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw e is DbException refused && Said(refused) is { } said
                ? new TargetRefusedException($"{title} does not let the console in: {Plain(said.Words)}.")
                : new TargetUnreachableException($"{title} cannot be reached: check the host, the port and how the connection is encrypted.", e);
        }
    }
}
