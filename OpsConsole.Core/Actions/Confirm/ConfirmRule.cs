using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Confirm;

/// <summary>What a target that leads a rollout by itself asks the console on its way.</summary>
public enum ConfirmQuestion
{
    /// <summary>May it begin with the version, may more people have it, may everybody?</summary>
    GoOn,

    /// <summary>Shall everybody get the previous version back?</summary>
    TakeBack,
}

/// <summary>What the console answers.</summary>
/// <param name="IsYes">True where the target may do what it asks about. Only what is known to be so is a yes.</param>
/// <param name="Sentence">Why, for people.</param>
public sealed record ConfirmAnswer(bool IsYes, string Sentence);

/// <summary>What the answer follows from.</summary>
/// <param name="Version">The version that the target leads up; null where it does not tell.</param>
/// <param name="Asked">The newest release of that version there, and its newest action; null where none is registered.</param>
/// <param name="Newest">The newest release there of all, and its newest action.</param>
public sealed record ConfirmFacts(string? Version, ConfirmedRelease? Asked, ConfirmedRelease? Newest)
{
    /// <summary>Everything that stands in the way of a promotion of the release now, the one in flight left out; null where it was not judged.</summary>
    public IReadOnlyList<Refusal>? Standing { get; init; }
}

/// <summary>A release and the action that was asked for it last.</summary>
public sealed record ConfirmedRelease(Release Release, ReleaseAction? Last)
{
    /// <summary>True where its roll back was let through by the gate and nothing was asked since, whatever has come of it on the target.</summary>
    public bool IsTakenBack => Release.Phase == ReleasePhase.RolledBack
        || (Last is { Verb: ActionVerb.Rollback, Phase: ActionPhase.Executing or ActionPhase.Unconfirmed or ActionPhase.Confirmed or ActionPhase.Failed });

    /// <summary>True while it is stopped, or somebody has asked for that.</summary>
    public bool IsHalted => Release.Phase == ReleasePhase.Halted || Last is { Verb: ActionVerb.Halt, Phase: ActionPhase.Executing or ActionPhase.Unconfirmed or ActionPhase.Failed };

    /// <summary>True while the gate has let a promotion or resumption through that the target has not shown yet.</summary>
    public bool IsOnItsWay => Last is { Verb: ActionVerb.Promote or ActionVerb.Resume, Phase: ActionPhase.Executing or ActionPhase.Unconfirmed };
}

/// <summary>Answers a target that leads a rollout by itself. What the gate has let through may go on for as long as nothing stands against it; everything else waits.</summary>
public static class ConfirmRule
{
    /// <summary>The answer, from facts alone.</summary>
    public static ConfirmAnswer Judge(ConfirmQuestion question, ConfirmFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Version is not { } version)
        {
            return No("The target does not tell which version it leads up, so nothing is confirmed.");
        }

        var wayBack = facts.Newest is { IsTakenBack: true, Release.PreviousVersion: var before } newest && newest.Release.Id != facts.Asked?.Release.Id && before == version ? newest.Release : null;
        return question == ConfirmQuestion.TakeBack
            ? wayBack is null && facts.Asked is { IsTakenBack: true }
                ? new(true, $"{version} is rolled back.")
                : No($"No roll back of {version} is asked for.")
            : wayBack is not null
                ? new(true, $"{version} is the way back from {wayBack.Version}.")
                : GoOn(version, facts);
    }

    private static ConfirmAnswer GoOn(string version, ConfirmFacts facts)
    {
        if (facts.Asked is not { } asked)
        {
            return No($"No release of {version} is registered there: register it, and promote it here.");
        }

        var (release, last) = (asked.Release, asked.Last);
        return asked switch
        {
            { IsTakenBack: true } => No($"{version} is rolled back."),
            { IsHalted: true } => No($"{version} is halted: resume and promote it here."),
            { IsOnItsWay: true } => Unopposed($"The promotion of {version} by {last!.RequestedBy} was let through.", facts),
            _ when last?.Phase.IsWaiting() == true => No($"The promotion of {version} by {last.RequestedBy} waits {(last.Phase == ActionPhase.Approved ? "for its gates" : "for approval")}."),
            { Release: { Phase: ReleasePhase.Watching or ReleasePhase.Done, ExposurePercent: >= 100 } } => Unopposed($"Everybody has {version} already.", facts),
            { Release.Phase: ReleasePhase.Superseded } => No($"A later release took the place of {version}."),
            _ => No($"Nobody has promoted {version} here{(last is { Phase: ActionPhase.Failed, Outcome: { } outcome } ? $"; the last try failed: {outcome.TrimEnd('.')}" : $" ({release.Service} on {release.Target}, {release.Environment})")}."),
        };
    }

    private static ConfirmAnswer Unopposed(string why, ConfirmFacts facts) => facts.Standing switch
    {
        null => No("What stands against it was not judged, so nothing is confirmed."),
        [] => new(true, why),
        var standing => No(string.Join(" ", standing.Select(r => r.Sentence))),
    };

    private static ConfirmAnswer No(string sentence) => new(false, sentence);
}
