namespace OpsConsole.Core.Gates.Evidence;

/// <summary>An item and whether something newer of the same stage and source has taken its place.</summary>
public sealed record ListedEvidence(EvidenceItem Item, bool Superseded);

/// <summary>Reads what is kept of a release as it stands now.</summary>
public static class EvidenceHistory
{
    /// <summary>All items, newest first, each with whether it still counts.</summary>
    public static IReadOnlyList<ListedEvidence> Of(IEnumerable<EvidenceItem> items)
    {
        var seen = new HashSet<(string, string)>();
        return [.. items.OrderByDescending(i => i.ReceivedAt).ThenByDescending(i => i.Id).Select(i => new ListedEvidence(i, !seen.Add((i.Stage, i.Source))))];
    }

    /// <summary>Whether an item that still counts keeps the release from moving, with a quarantine held against its flaky tests.</summary>
    public static bool Blocks(EvidenceItem item, IReadOnlyList<QuarantineEntry> quarantine, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return EvidenceCodes.FindStage(item.Stage) is not { } stage || EvidenceStages.Blocks(stage, item.Outcome, StageDetail.Of(EvidenceDetail.Read(item), quarantine, now));
    }
}
