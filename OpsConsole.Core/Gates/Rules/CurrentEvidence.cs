using System.Text.Json;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Rules;

/// <summary>Which evidence counts, and what its details say.</summary>
public static class CurrentEvidence
{
    private const string MigrationKind = "migration";

    /// <summary>The newest item of each stage and source, by stage and source: what came before it does not count any more.</summary>
    public static IReadOnlyList<EvidenceItem> Of(IEnumerable<EvidenceItem> evidence) =>
    [
        .. EvidenceHistory.Of(evidence).Where(e => !e.Superseded).Select(e => e.Item)
            .OrderBy(e => e.Stage, StringComparer.Ordinal).ThenBy(e => e.Source, StringComparer.Ordinal),
    ];

    /// <summary>When the newest evidence arrived that a gate is judged on; null for a gate that is not judged on evidence, or where there is none.</summary>
    public static DateTimeOffset? NewestOf(string gate, IEnumerable<EvidenceItem> evidence) =>
        Of(evidence).Where(e => gate == GateNames.Evidence(e.Stage) || (gate == GateNames.Migration && e.Kind == MigrationKind)).Max(e => (DateTimeOffset?)e.ReceivedAt);

    /// <summary>The worse of the declared class and the worst that the submitted migrations show.</summary>
    public static MigrationClass Migration(MigrationClass declared, IEnumerable<EvidenceItem> evidence)
    {
        foreach (var item in Of(evidence).Where(e => e.Kind == MigrationKind))
        {
            declared = Submitted(item) is { } found && found > declared ? found : declared;
        }

        return declared;
    }

    /// <summary>True where a submitted migration that counts was not read whole, or does not tell its class: it may do worse than <see cref="Migration"/> says.</summary>
    public static bool IsMigrationUnclear(IEnumerable<EvidenceItem> evidence) => Of(evidence).Any(e => e.Kind == MigrationKind && (!IsComplete(e) || Submitted(e) is null));

    /// <summary>Why only a person may decide to roll back, as far as the submitted migrations tell. What they do not say counts as a doubt.</summary>
    public static RollbackDoubts Doubts(IEnumerable<EvidenceItem> evidence) =>
        Of(evidence).Where(e => e.Kind == MigrationKind).Aggregate(RollbackDoubts.None, (doubts, item) => doubts | Doubts(item));

    private static RollbackDoubts Doubts(EvidenceItem item)
    {
        if (Submitted(item) is not { } found || !IsComplete(item))
        {
            return RollbackDoubts.Unread | (Counted(item, EvidenceCount.LosesData) > 0 ? RollbackDoubts.RowsLost : RollbackDoubts.None);
        }

        return Counted(item, EvidenceCount.AutomaticBlocked) switch
        {
            0 => RollbackDoubts.None,
            // Before the flag was kept, only what was read whole and adds at most was free of doubt.
            null => Counted(item, EvidenceCount.Complete) is null || found > MigrationClass.Expand ? RollbackDoubts.NotTold : RollbackDoubts.None,
            _ when Counted(item, EvidenceCount.LosesData) > 0 => RollbackDoubts.RowsLost,
            _ when found == MigrationClass.Contract => RollbackDoubts.None,
            _ => RollbackDoubts.Unread,
        };
    }

    /// <summary>The tests that an item names as flaky, and whether these are all of them.</summary>
    public static (IReadOnlyList<string> Tests, bool All) Flaky(EvidenceItem item)
    {
        using var detail = Parse(item.DetailJson);
        if (detail?.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("flaky", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return ([], false);
        }

        var tests = list.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!).ToList();
        var counted = Count(root, "flaky") is { } count ? count : tests.Count;
        return (tests, tests.Count > 0 && counted <= tests.Count);
    }

    /// <summary>The class is kept as its number among the counts, or by its name.</summary>
    private static MigrationClass? Submitted(EvidenceItem item)
    {
        using var detail = Parse(item.DetailJson);
        if (detail?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return null;
        }

        return Count(root, EvidenceCount.Class) is { } number && Enum.IsDefined((MigrationClass)number) ? (MigrationClass)number
            : root.TryGetProperty("class", out var name) && name.ValueKind == JsonValueKind.String && Enum.TryParse<MigrationClass>(name.GetString(), ignoreCase: true, out var named) ? named
            : null;
    }

    /// <summary>False where the item says that not all of it could be read.</summary>
    private static bool IsComplete(EvidenceItem item)
    {
        using var detail = Parse(item.DetailJson);
        return detail?.RootElement is { ValueKind: JsonValueKind.Object } root && Count(root, EvidenceCount.Complete) is not 0;
    }

    private static int? Counted(EvidenceItem item, string name)
    {
        using var detail = Parse(item.DetailJson);
        return detail?.RootElement is { ValueKind: JsonValueKind.Object } root ? Count(root, name) : null;
    }

    private static int? Count(JsonElement root, string name) =>
        root.TryGetProperty("counts", out var counts) && counts.ValueKind == JsonValueKind.Object && counts.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
