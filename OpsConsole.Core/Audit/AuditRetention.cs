using System.Globalization;

namespace OpsConsole.Core.Audit;

/// <summary>How long lines of the audit are kept.</summary>
/// <param name="Keep">The time; null for ever.</param>
public sealed record AuditRetentionTime(TimeSpan? Keep)
{
    /// <summary>Lines that are younger are never given up: the database refuses it too.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromDays(90);
}

/// <summary>Gives up lines of the audit after their time. Their places stay in the chain, and a line of its own says which they were.</summary>
/// <remarks>How old a place is, the notes outside the database say: a line is given up only when one of them shows that it stood there before its time was over.</remarks>
public sealed class AuditRetention(IAuditRetentionStore lines, IAuditStore audit, IAuditNotes notes, AuditRetentionTime kept, TimeProvider time)
{
    /// <summary>Lines that are given up in one transaction.</summary>
    public const int Batch = 5_000;

    /// <summary>Gives up what is over its time. Returns how many lines.</summary>
    /// <exception cref="InvalidDataException">The notes cannot be read, so nothing was given up.</exception>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (kept.Keep is not { } keep)
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var before = now - (keep > AuditRetentionTime.Least ? keep : AuditRetentionTime.Least);
        var noted = await notes.ReadAsync(cancellationToken).ConfigureAwait(false);
        var old = noted.Where(n => n.At <= before).Select(n => n.Sequence).DefaultIfEmpty().Max();
        var state = await lines.StateAsync(cancellationToken).ConfigureAwait(false);
        var upTo = Math.Max(Math.Min(old, state.End), state.GivenUpTo);
        if (state.Oldest is not { } oldest || oldest > upTo)
        {
            return 0;
        }

        if (upTo > state.GivenUpTo)
        {
            // First, so that no line is ever gone without one that says so.
            await audit.AppendAsync(GivenUpLine.Of(upTo, before, now), cancellationToken).ConfigureAwait(false);
        }

        long gone = 0;
        while (await lines.GiveUpAsync(upTo, before, Batch, cancellationToken).ConfigureAwait(false) is > 0 and var some)
        {
            gone += some;
        }

        return gone;
    }
}

/// <summary>The line that says which lines were given up.</summary>
public static class GivenUpLine
{
    public const string Event = "audit.retention";

    private const string Subject = "audit:1-";

    public static AuditEntry Of(long upTo, DateTimeOffset before, DateTimeOffset at) => new()
    {
        At = at, Actor = "console", Role = "console", Event = Event, Subject = string.Create(CultureInfo.InvariantCulture, $"{Subject}{upTo}"), SubjectTitle = "the audit", Outcome = "done",
        Detail = string.Create(CultureInfo.InvariantCulture, $"The lines up to place {upTo} were written before {before:yyyy-MM-dd HH:mm:ss} UTC and are given up: their time is over. Their places stay in the chain."),
    };

    /// <summary>The last place that a line says was given up; null for any other line.</summary>
    public static long? UpTo(AuditEntry line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Event == Event && line.Subject.StartsWith(Subject, StringComparison.Ordinal)
            && long.TryParse(line.Subject.AsSpan(Subject.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var upTo) ? upTo : null;
    }
}

/// <summary>Where the audit stands for giving lines up.</summary>
/// <param name="End">Place of the last line.</param>
/// <param name="Oldest">Place of the oldest line that is there; null while there is none.</param>
/// <param name="GivenUpTo">The greatest place that a line says was given up; 0 for none.</param>
public sealed record AuditRetentionState(long End, long? Oldest, long GivenUpTo);

/// <summary>Giving up lines in the database, which keeps anyone from removing others.</summary>
public interface IAuditRetentionStore
{
    Task<AuditRetentionState> StateAsync(CancellationToken cancellationToken);

    /// <summary>Removes some of the lines up to a place that a line says is given up. Returns how many; 0 when there are none left.</summary>
    /// <param name="upTo">The place.</param>
    /// <param name="before">Only lines from before this time, and from before <see cref="AuditRetentionTime.Least"/> by the database's clock.</param>
    /// <param name="most">Lines at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<int> GiveUpAsync(long upTo, DateTimeOffset before, int most, CancellationToken cancellationToken);
}
