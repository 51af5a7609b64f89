using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Rules;

/// <summary>Gates about what is released: its migration, its artifact, the way back, and its size.</summary>
internal static class ArtifactGates
{
    private const string Record = "release record";

    public static IEnumerable<GateResult> Judge(GateFacts facts, Release release)
    {
        yield return Rejected(facts, release);
        if (facts.Policy is not null || CurrentEvidence.Migration(release.Migration, facts.Evidence) != MigrationClass.None || CurrentEvidence.IsMigrationUnclear(facts.Evidence))
        {
            yield return Migration(facts, release);
        }

        if (facts.Policy is not null && release.ExposurePercent < 100)
        {
            yield return WayBack(facts, release);
        }

        if (facts.Policy?.Evidence.LargeChangeLines is { } limit)
        {
            yield return ChangeSize(facts.ChangedLines, limit);
        }
    }

    private static GateResult Rejected(GateFacts facts, Release release) => facts.Rejected is { } rejected
        ? new(GateNames.ArtifactRejected, Verdict.Fail, $"The artifact {release.Artifact.Digest} was rejected by {rejected.By}: {rejected.Reason.TrimEnd('.')}. It is refused on every target until an admin lifts that; release a corrected artifact.", RejectedDigest.Record, rejected.At)
        : new(GateNames.ArtifactRejected, Verdict.Pass, "The artifact is not rejected.", RejectedDigest.Record, null);

    private static GateResult Migration(GateFacts facts, Release release)
    {
        var effective = CurrentEvidence.Migration(release.Migration, facts.Evidence);
        var submitted = CurrentEvidence.Of(facts.Evidence).FirstOrDefault(e => e.Kind == "migration");
        var (source, asOf) = submitted is null ? (Record, (DateTimeOffset?)null) : (submitted.Source, submitted.ReceivedAt);
        var previous = release.PreviousVersion ?? "the previous version";
        if (effective == MigrationClass.Contract && release.Migration != MigrationClass.Contract)
        {
            return new(
                GateNames.Migration,
                Verdict.Fail,
                $"The submitted SQL{(CurrentEvidence.IsMigrationUnclear(facts.Evidence) ? " could not all be read, and what was read or is named in it" : "")} removes structure or data that {previous} needs (contract), and the release declares {release.Migration.ToString().ToLowerInvariant()}. Once it has run there is no way back: move the removal to a later release, or declare it.",
                source,
                asOf);
        }

        if (effective != MigrationClass.Contract && CurrentEvidence.IsMigrationUnclear(facts.Evidence))
        {
            return new(
                GateNames.Migration,
                Verdict.Inconclusive,
                $"Not all of the submitted SQL could be read, so nobody knows whether {previous} goes on working with it; see the migration report for what was not read, and post SQL that can be.",
                source,
                asOf);
        }

        var meaning = effective switch
        {
            MigrationClass.None => "No schema change; rolling back is not affected.",
            MigrationClass.Expand => $"Expand: it only adds, so {previous} goes on working and rolling back is possible.",
            MigrationClass.Migrate => CurrentEvidence.Doubts(facts.Evidence) is var doubts and not RollbackDoubts.None
                ? $"Migrate: both shapes exist, so rolling back is possible; a person decides it, because {doubts.Clause()}."
                : $"Migrate: data is moved and both shapes exist, so rolling back is possible.",
            _ => $"Contract, as declared: structure or data that {previous} needs is gone, so rolling back is refused; halt, kill the switch and fix forward.",
        };
        return new(GateNames.Migration, Verdict.Pass, meaning, source, asOf);
    }

    private static GateResult WayBack(GateFacts facts, Release release)
    {
        if (release.PreviousVersion is not { } previous)
        {
            return new(GateNames.WayBack, Verdict.Pass, "This is the first version here, so there is none to go back to: halt it, kill its switch and fix forward.", Record, null);
        }

        if (facts.RejectedPrevious is { } rejected)
        {
            return new(GateNames.WayBack, Verdict.Fail, $"The way back leads to {previous}, and its artifact was rejected by {rejected.By}: {rejected.Reason.TrimEnd('.')}.", RejectedDigest.Record, rejected.At);
        }

        var kept = release.PreviousDigest ?? facts.Policy?.Release?.PreviousArtifact;
        return kept is null
            ? new(GateNames.WayBack, Verdict.Inconclusive, $"The artifact of {previous} is not known, so nothing shows that there is a way back; register with previousDigest, or name previous_artifact in the policy.", Record, null)
            : new(GateNames.WayBack, Verdict.Pass, $"{previous} is kept as the way back ({kept}).", Record, null);
    }

    private static GateResult ChangeSize(int? lines, int limit) => lines switch
    {
        null => new(GateNames.ChangeSize, Verdict.Inconclusive, "How many lines the release changes is not known; the pipeline has to say it.", "change set", null),
        { } count when count > limit => new(GateNames.ChangeSize, Verdict.Pass, FormattableString.Invariant($"{count:#,0} lines changed, more than {limit:#,0}: one approval more is asked for."), "change set", null),
        { } count => new(GateNames.ChangeSize, Verdict.Pass, FormattableString.Invariant($"{count:#,0} lines changed, at most {limit:#,0} count as usual."), "change set", null),
    };
}
