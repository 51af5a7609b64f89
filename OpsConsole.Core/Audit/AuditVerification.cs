using System.Globalization;

namespace OpsConsole.Core.Audit;

/// <summary>What is wrong with the audit.</summary>
public enum AuditFaultKind
{
    /// <summary>A line, or its place, is not what was written.</summary>
    Changed,

    /// <summary>A line is gone, its place in the chain is there.</summary>
    LineRemoved,

    /// <summary>Places of the chain are gone.</summary>
    PlacesRemoved,

    /// <summary>The end of the chain is gone, or is not what was written last.</summary>
    EndRemoved,

    /// <summary>The console had noted another hash than the chain has there.</summary>
    NoteDiffers,

    /// <summary>A line that is in no place of the chain: not written by this version of the console.</summary>
    NotChained,
}

/// <summary>One fault, and where.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sequence">Place in the chain, where there is one.</param>
/// <param name="Sentence">For people.</param>
public sealed record AuditFault(AuditFaultKind Kind, long? Sequence, string Sentence);

/// <summary>What a verification of the whole chain found.</summary>
public sealed record AuditReport
{
    /// <summary>When it was begun.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Places that were looked at.</summary>
    public required long Lines { get; init; }

    /// <summary>The end of the chain: note it elsewhere, and it can be asked for later.</summary>
    public required string Head { get; init; }

    /// <summary>Notes outside the database that the chain was compared with.</summary>
    public required int Notes { get; init; }

    /// <summary>Of the places, those whose lines were given up after their time, as a line says.</summary>
    public long GivenUp { get; init; }

    /// <summary>The first <see cref="AuditVerification.MostFaults"/>, in the order of the chain.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }

    /// <summary>What the result does not say, in words; null where nothing was missing.</summary>
    public string? Warning => Lines > 0 && Notes == 0
        ? "There were no notes beside the chain to compare it with: whoever has every right on the database could have written the whole of it anew, and it would look like this."
        : null;

    /// <summary>Nothing was changed, removed, moved or added beside the chain.</summary>
    public bool Intact => Faults.Count == 0;
}

/// <summary>The end of the chain as it was at a time, noted outside the database.</summary>
public sealed record AuditNote(long Sequence, string Hash, DateTimeOffset At);

/// <summary>Follows the chain from its first line to its end. What was written while it ran is left for the next time.</summary>
public sealed class AuditVerification
{
    /// <summary>Most faults that are named.</summary>
    public const int MostFaults = 100;

    private readonly List<AuditFault> _faults = [];
    private readonly Dictionary<long, AuditNote> _notes = [];
    private readonly MissingLines _missing;
    private readonly AuditHead _head;
    private readonly int _noted;
    private string? _before = AuditChain.Genesis;
    private long _place;
    private long _followed;
    private long _lines;

    /// <param name="head">The end of the chain, read before its links.</param>
    /// <param name="notes">What the console noted outside the database.</param>
    public AuditVerification(AuditHead head, IReadOnlyCollection<AuditNote> notes)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(notes);
        (_head, _noted, _missing) = (head, notes.Count, new MissingLines(notes));
        foreach (var note in notes)
        {
            if (_notes.TryGetValue(note.Sequence, out var other) && other.Hash != note.Hash)
            {
                Found(AuditFaultKind.NoteDiffers, note.Sequence, $"The console noted two ends of the chain at place {note.Sequence}: lines were given up and others written in their place.");
            }

            _notes[note.Sequence] = note;
        }
    }

    /// <summary>True while there is something to follow up to the end that was read.</summary>
    public bool IsOpen => _place < _head.Sequence;

    /// <summary>Place of the last link taken.</summary>
    public long Place => _place;

    /// <summary>Takes the next link. One after the end that was read is ignored.</summary>
    public void Take(ChainedLine next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var (link, line) = next;
        if (link.Sequence > _head.Sequence)
        {
            _place = link.Sequence;
            return;
        }

        if (link.Sequence != _place + 1)
        {
            Found(AuditFaultKind.PlacesRemoved, link.Sequence, $"{Places(_place + 1, link.Sequence - 1)} removed from the chain.");
            _before = null;
        }

        if (line is null)
        {
            // Whether it was given up, a later line says.
            _missing.Add(link.Sequence);
        }
        else if (_before is { } before && AuditChain.Next(before, link.Sequence, link.LineKey, line) != link.Hash)
        {
            Found(AuditFaultKind.Changed, link.Sequence, $"The line at place {link.Sequence} ({line.Event} by {line.Actor} at {Instant(line.At)}), or the one before it, is not what was written.");
        }
        else
        {
            _missing.Read(link.Sequence, line);
        }

        if (_notes.Remove(link.Sequence, out var note) && note.Hash != link.Hash)
        {
            Found(AuditFaultKind.NoteDiffers, link.Sequence, $"At {Instant(note.At)} the console noted another end of the chain at place {link.Sequence} than is there now: what stands up to there was written anew.");
        }

        if (!IsHash(link.Hash))
        {
            Found(AuditFaultKind.Changed, link.Sequence, $"What stands at place {link.Sequence} as its hash is none: it is not what was written.");
        }

        (_before, _place, _followed, _lines) = (IsHash(link.Hash) ? link.Hash : null, link.Sequence, link.Sequence, _lines + 1);
    }

    /// <summary>Ends the verification.</summary>
    /// <param name="unlinked">Ids of lines that are in no link.</param>
    /// <param name="at">When it was begun.</param>
    public AuditReport End(IReadOnlyCollection<long> unlinked, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(unlinked);
        foreach (var (place, sentence) in _missing.Judge(at).Take(MostFaults))
        {
            Found(AuditFaultKind.Changed, place, sentence);
        }

        foreach (var (place, sentence) in _missing.NotGivenUp().Take(MostFaults))
        {
            Found(AuditFaultKind.LineRemoved, place, sentence);
        }

        if (_followed < _head.Sequence)
        {
            Found(AuditFaultKind.EndRemoved, _head.Sequence, $"{Places(_followed + 1, _head.Sequence)} removed from the end of the chain.");
        }
        else if ((_before ?? _head.Hash) != _head.Hash)
        {
            Found(AuditFaultKind.EndRemoved, _head.Sequence, "The chain does not end with the hash that was written last.");
        }

        if (_notes.Values.Where(n => n.Sequence > _head.Sequence).MaxBy(n => n.Sequence) is { } later)
        {
            Found(AuditFaultKind.EndRemoved, later.Sequence, $"At {Instant(later.At)} the console noted the end of the chain at place {later.Sequence}, and it ends at {_head.Sequence} now: lines were removed from its end.");
        }

        foreach (var id in unlinked)
        {
            Found(AuditFaultKind.NotChained, null, $"The line with the id {id} is in no place of the chain: it was not written by this version of the console.");
        }

        return new AuditReport { At = at, Lines = _lines, GivenUp = _missing.GivenUp, Head = _head.Hash, Notes = _noted, Faults = [.. _faults.OrderBy(f => f.Sequence ?? long.MaxValue)] };
    }

    private void Found(AuditFaultKind kind, long? sequence, string sentence)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add(new AuditFault(kind, sequence, sentence));
        }
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    private static string Places(long from, long to) => from == to ? $"Place {from} was" : $"Places {from} to {to} were";

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
