namespace OpsConsole.Core.Audit;

/// <summary>Places of the chain without their lines, held against the lines that say which were given up.</summary>
/// <remarks>
/// Such a line is believed up to where the console's notes bear it out: a note from <see cref="AuditRetentionTime.Least"/> or longer before it shows that everything up to its place was old enough.
/// When it was written, not it alone says: never later than the next line of another kind, nor than the verification.
/// Of what stood there before the first note the notes know nothing. Without any note (an export) the line is believed.
/// </remarks>
internal sealed class MissingLines(IReadOnlyCollection<AuditNote> notes)
{
    /// <summary>How far clocks of consoles may be apart, and how long a line may have been kept aside before it is written.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromDays(1);

    private readonly List<(long First, long Last)> _ranges = [];
    private readonly List<Claim> _claims = [];
    private int _dated;
    private long _said;
    private long _borneOut;

    /// <summary>Places whose lines were given up rightly; known once it was judged.</summary>
    public long GivenUp => _ranges.Sum(r => Math.Max(0, Math.Min(r.Last, _borneOut) - r.First + 1));

    /// <summary>Notes a place without its line. Places come in order.</summary>
    public void Add(long place)
    {
        if (_ranges is [.., var (first, last)] && last == place - 1)
        {
            _ranges[^1] = (first, place);
        }
        else
        {
            _ranges.Add((place, place));
        }
    }

    /// <summary>Takes what a line that is as it was written says of lines given up, and of when.</summary>
    public void Read(long place, AuditEntry line)
    {
        if (GivenUpLine.UpTo(line) is { } upTo)
        {
            _claims.Add(new(place, upTo, line.At, line.At));
            _said = Math.Max(_said, upTo);
            return;
        }

        for (; _dated < _claims.Count; _dated++)
        {
            var claim = _claims[_dated];
            _claims[_dated] = claim with { By = Earlier(claim.By, Later(line.At, Apart)) };
        }
    }

    /// <summary>Judges what was said, when the chain was followed to its end. Returns the places of lines that say they are of a time that has not come, with a sentence on each.</summary>
    /// <param name="at">When the verification was begun.</param>
    public IEnumerable<(long Place, string Sentence)> Judge(DateTimeOffset at)
    {
        List<(long, string)> ahead = [];
        foreach (var claim in _claims)
        {
            if (claim.At > at + Apart)
            {
                ahead.Add((claim.Place, $"The line at place {claim.Place} says that lines were given up on {claim.At.UtcDateTime:yyyy-MM-dd}, which has not come yet: the console did not write it."));
                continue;
            }

            _borneOut = Math.Max(_borneOut, Math.Min(claim.UpTo, Known(Before(Earlier(claim.By, at), AuditRetentionTime.Least))));
        }

        return ahead;
    }

    /// <summary>Places whose lines are gone for no reason, with a sentence on each.</summary>
    public IEnumerable<(long Place, string Sentence)> NotGivenUp()
    {
        foreach (var (first, last) in _ranges)
        {
            for (var place = Math.Max(first, _borneOut + 1); place <= last; place++)
            {
                yield return (place, place <= _said
                    ? $"The line at place {place} was removed from the audit. Another says that it was given up, and by the console's notes it was not old enough."
                    : $"The line at place {place} was removed from the audit, or its key was changed.");
            }
        }
    }

    private long Known(DateTimeOffset before) => notes.Count == 0
        ? long.MaxValue
        : Math.Max(notes.Min(n => n.Sequence), notes.Where(n => n.At <= before).Select(n => n.Sequence).DefaultIfEmpty().Max());

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    // What a line says of its time may be any time.
    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan by) => at > DateTimeOffset.MaxValue - by ? DateTimeOffset.MaxValue : at + by;

    private static DateTimeOffset Before(DateTimeOffset at, TimeSpan by) => at < DateTimeOffset.MinValue + by ? DateTimeOffset.MinValue : at - by;

    /// <summary>What a line says was given up.</summary>
    /// <param name="Place">Where it stands.</param>
    /// <param name="UpTo">The last place that it names.</param>
    /// <param name="At">When it says that it was written.</param>
    /// <param name="By">When it was written at the latest, as far as is known.</param>
    private sealed record Claim(long Place, long UpTo, DateTimeOffset At, DateTimeOffset By);
}
