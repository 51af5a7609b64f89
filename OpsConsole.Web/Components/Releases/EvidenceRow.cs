using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;

namespace OpsConsole.Web.Components.Releases;

/// <summary>One piece of evidence as the release page shows it.</summary>
public sealed record EvidenceRow(EvidenceItem Item, string Title, IReadOnlyList<string> Flaky, IReadOnlyList<NotableItem> Worst)
{
    /// <summary>Flaky tests that are named in full.</summary>
    public const int FlakyShown = 5;

    private const int WorstShown = 20;

    /// <summary>Name of icon and style. Flaky looks like what it is: nobody knows.</summary>
    public string Slug => Item.Outcome switch
    {
        EvidenceOutcome.Failed => "fail",
        EvidenceOutcome.Error => "error",
        EvidenceOutcome.Flaky or EvidenceOutcome.Inconclusive => "inconclusive",
        _ => "pass",
    };

    /// <summary>What age is counted from.</summary>
    public DateTimeOffset At => Item.ProducedAt ?? Item.ReceivedAt;

    /// <summary>What counts now, in the order of a pipeline.</summary>
    public static IReadOnlyList<EvidenceRow> Current(IReadOnlyList<ListedEvidence> all) =>
    [
        .. all.Where(i => !i.Superseded).Select(i => Of(i.Item))
            .OrderBy(r => EvidenceCodes.FindStage(r.Item.Stage) ?? (PipelineStage)int.MaxValue).ThenBy(r => r.Item.Source, StringComparer.Ordinal),
    ];

    /// <summary>Titles of the nine stages that nothing was posted for.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<EvidenceRow> rows) =>
    [
        .. EvidenceStages.All.Where(s => s is not (PipelineStage.InfrastructurePlan or PipelineStage.Coverage) && rows.All(r => r.Item.Stage != s.Code()))
            .Select(s => s.Title().ToLowerInvariant()),
    ];

    private static EvidenceRow Of(EvidenceItem item)
    {
        var detail = EvidenceDetail.Read(item);
        return new(item, EvidenceCodes.FindStage(item.Stage)?.Title() ?? item.Stage, detail.Flaky, [.. detail.Items.Where(i => i.What != "flaky").Take(WorstShown)]);
    }
}
