namespace OpsConsole.Core.Audit;

/// <summary>Places of the chain without their lines, held against the lines that say which were given up.</summary>
/// <remarks>
/// Such a line is believed up to where the console's notes bear it out: a note from <see cref="AuditRetentionTime.Least"/> or longer before it shows that everything up to its place was old enough.
/// Of what stood there before the first note the notes know nothing. Without any note (an export) the line is believed.
/// </remarks>
internal sealed class MissingLines(IReadOnlyCollection<AuditNote> notes)
{
    private readonly List<(long First, long Last)> _ranges = [];
    private long _said;
    private long _borneOut;

    /// <summary>Places whose lines were given up rightly; known when the chain was followed to its end.</summary>
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

    /// <summary>Takes what a line that is as it was written says of lines given up.</summary>
    public void Read(AuditEntry line)
    {
        if (GivenUpLine.UpTo(line) is { } upTo)
        {
            _said = Math.Max(_said, upTo);
            _borneOut = Math.Max(_borneOut, Math.Min(upTo, Known(line.At - AuditRetentionTime.Least)));
        }
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
}
