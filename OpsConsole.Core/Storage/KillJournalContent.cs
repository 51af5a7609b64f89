using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Core.Storage;

/// <summary>A confirmed line that is damaged.</summary>
/// <param name="Line">As it stands in the file.</param>
/// <param name="Kill">What it still says; null where that cannot be read.</param>
internal sealed record DamagedLine(string Line, JournalledKill? Kill);

/// <summary>What the file of the journal says.</summary>
/// <param name="Kills">In order, those of damaged lines with them.</param>
/// <param name="Damaged">Lines that were written whole, so that the kill was confirmed, and were damaged since.</param>
/// <param name="Torn">Lines that a crash left unfinished: confirmed to nobody.</param>
internal sealed record KillJournalContent(IReadOnlyList<JournalledKill> Kills, IReadOnlyList<DamagedLine> Damaged, IReadOnlyList<string> Torn)
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="now">Taken for the time of kills whose line is damaged.</param>
    public static KillJournalContent Of(string text, DateTimeOffset now)
    {
        List<JournalledKill> kills = [];
        List<DamagedLine> damaged = [];
        List<string> torn = [];
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // Whoever asked was answered after the end of the line was on disk: only the last can be without one.
            var line = lines[i].TrimEnd(KillJournalLine.Unfinished);
            var finished = i < lines.Length - 1 && line.Length == lines[i].Length;
            if (KillJournalLine.Read(line) is { } kill)
            {
                kills.Add(kill);
            }
            else if (!finished && line.Length > 0)
            {
                torn.Add(line);
            }
            else if (line.Length > 0)
            {
                var recovered = KillJournalLine.Recover(line, now);
                damaged.Add(new DamagedLine(line, recovered));
                kills.AddRange(recovered is null ? [] : [recovered]);
            }
        }

        return new KillJournalContent(kills, damaged, torn);
    }
}
