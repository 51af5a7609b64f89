using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;

namespace OpsConsole.Web.Api;

/// <summary>A piece of evidence as the API shows it.</summary>
/// <param name="Id">UUID version 7.</param>
/// <param name="ReleaseId">Which release it is about.</param>
/// <param name="Kind">Code of the form, for example <c>junit</c>.</param>
/// <param name="Stage">Code of the stage, for example <c>unit</c>.</param>
/// <param name="Source">What made it.</param>
/// <param name="Outcome">What it says.</param>
/// <param name="Blocking">True when it keeps the release from being promoted.</param>
/// <param name="Blocks">When its stage blocks, in words.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Counts">How many of what.</param>
/// <param name="Items">What a person should see, at most 50.</param>
/// <param name="Flaky">Names of flaky tests: quarantine them by these.</param>
/// <param name="ContentDigest">SHA-256 of the document.</param>
/// <param name="ArtifactDigest">The artifact that the document names; null where it names none.</param>
/// <param name="ProducedAt">When it was made, where the document says so.</param>
/// <param name="ReceivedAt">When it came in.</param>
/// <param name="ReceivedBy">Who posted it.</param>
/// <param name="AgeSeconds">Time since it was made, or since it came in where it does not say.</param>
/// <param name="Superseded">True when something newer of the same stage and source has taken its place; it does not count any more.</param>
internal sealed record EvidenceView(
    Guid Id,
    Guid ReleaseId,
    string Kind,
    string Stage,
    string Source,
    EvidenceOutcome Outcome,
    bool Blocking,
    string Blocks,
    string Summary,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<NotableItem> Items,
    IReadOnlyList<string> Flaky,
    string ContentDigest,
    string? ArtifactDigest,
    DateTimeOffset? ProducedAt,
    DateTimeOffset ReceivedAt,
    string ReceivedBy,
    long AgeSeconds,
    bool Superseded)
{
    public static EvidenceView From(EvidenceItem item, bool superseded, DateTimeOffset now)
    {
        var detail = EvidenceDetail.Read(item);
        return new(
            item.Id, item.ReleaseId, item.Kind, item.Stage, item.Source, item.Outcome, item.Blocking && !superseded,
            EvidenceCodes.FindStage(item.Stage) is { } stage ? EvidenceStages.Blocking(stage).Title() : "blocks",
            item.Summary, detail.Counts, detail.Items, detail.Flaky, item.ContentDigest, item.ArtifactDigest, item.ProducedAt, item.ReceivedAt, item.ReceivedBy,
            Math.Max(0, (long)(now - (item.ProducedAt ?? item.ReceivedAt)).TotalSeconds), superseded);
    }
}

/// <summary>All evidence of a release, newest first.</summary>
internal sealed record EvidenceList(Guid ReleaseId, string ArtifactDigest, IReadOnlyList<EvidenceView> Items);
