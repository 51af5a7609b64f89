using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the console does about triggers of a release, in words for pages and dialogs.</summary>
public static class ReactionWords
{
    /// <summary>What a fired trigger does, and which firings were seen by whom and do nothing more.</summary>
    public static string Of(PolicyStanding policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var seen = Voting(policy).Where(t => t.Seen is not null).ToList();
        if (policy.OnTrigger == TriggerReaction.Recommend || seen.Count == 0)
        {
            return policy.OnTrigger == TriggerReaction.Recommend ? "A fired trigger is left to a person." : $"A fired trigger {Does(policy)}.";
        }

        var by = seen[0].Seen!;
        var when = by.At is { } at ? $" at {Wording.Clock(at)}" : "";
        return $"Fired before {by.By ?? "a person"} resumed the release{when}, and so seen: {Names(seen)}. That firing does nothing more, but nobody promotes before it has recovered; a new firing after that {Does(policy)}, and any other trigger that fires does too.";
    }

    /// <summary>What triggers do once a halted release is resumed.</summary>
    public static string AfterResuming(PolicyStanding policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var firing = Firing(policy);
        return policy.OnTrigger == TriggerReaction.Recommend ? "A trigger that fires is left to a person."
            : firing.Count == 0 ? $"A trigger that fires from now on {Does(policy)}."
            : $"Still firing: {Names(firing)}. Resuming says that you have seen it: that firing does nothing more, and a new one after it has recovered {Does(policy)}. Any other trigger that fires does too.";
    }

    /// <summary>True while a trigger that votes fires or has not recovered yet, so that nobody can promote.</summary>
    public static bool KeepsFromPromoting(PolicyStanding policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Firing(policy).Count > 0;
    }

    private static List<TriggerStanding> Firing(PolicyStanding policy) => [.. Voting(policy).Where(t => t.Phase is TriggerPhase.Fired or TriggerPhase.Recovering)];

    private static IEnumerable<TriggerStanding> Voting(PolicyStanding policy) => policy.Triggers.Where(t => !t.Trigger.DryRun);

    private static string Does(PolicyStanding policy) => policy.OnTrigger == TriggerReaction.Rollback ? "rolls it back" : "halts it";

    private static string Names(IEnumerable<TriggerStanding> triggers) => string.Join("; ", triggers.Select(t => t.Trigger.Text));
}
