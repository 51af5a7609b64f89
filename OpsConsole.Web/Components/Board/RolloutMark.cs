using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Web.Components.Board;

/// <summary>What the rollout engine has to say in a row of the board: a few words under the stage, and none while all is as it should be; a rejected artifact and waived gates are named on their own.</summary>
public static class RolloutMark
{
    /// <summary>The words as markup with the whole sentence on hover; empty where there is nothing to say.</summary>
    public static MarkupString Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Policy is not { } policy || !release.Phase.IsLive())
        {
            return default;
        }

        var lines = new List<string>(3);
        if (policy.RejectedBy is { } by)
        {
            lines.Add(Line("rejected", "The artifact is refused on every target until an admin lifts that.", $"artifact rejected by {by}"));
        }

        if (Say(policy) is { } said)
        {
            lines.Add(Line(said.Tone, policy.Reason, said.Words));
        }

        if (policy.Waived is { Count: > 0 } waived)
        {
            lines.Add(Line("waived", WaivedGates.Words(waived)!, $"{(waived.Count == 1 ? "1 gate" : $"{waived.Count} gates")} waived by {string.Join(" and ", waived.Select(g => g.WaivedBy).Distinct())}"));
        }

        return lines.Count == 0 ? default : new(string.Concat(lines));
    }

    private static string Line(string tone, string whole, string words) =>
        $"<div class=\"rollout {tone}\" title=\"{HtmlEncoder.Default.Encode(whole)}\">{HtmlEncoder.Default.Encode(words)}</div>";

    private static (string Tone, string Words)? Say(PolicyStanding policy)
    {
        var voting = policy.Triggers.Where(t => !t.Trigger.DryRun).ToList();
        return (policy.Step, voting) switch
        {
            _ when Cause(policy, voting) is { } fired => ("fired", $"fired: {fired.Trigger.Text}"),
            (RolloutStep.Paused, _) => ("paused", policy.Reason.StartsWith("Inconclusive", StringComparison.Ordinal) ? "paused: inconclusive" : "paused: a person decides"),
            _ when voting.Find(t => t.Phase == TriggerPhase.Pending) is { } pending => ("pending", $"pending: {pending.Trigger.Text}"),
            _ when voting.Find(t => t.Seen is not null && IsFiring(t)) is { } seen => ("seen", $"fired, seen by {seen.Seen!.By ?? "a person"}: {seen.Trigger.Text}"),
            (RolloutStep.Verifying, _) when policy.Mode == DeliveryMode.Delivery && policy.Reason.StartsWith("Every gate passes", StringComparison.Ordinal) => ("ready", policy.Waived.Count == 0 ? "every gate passes" : "every gate passes or is waived"),
            (RolloutStep.Verifying, _) => ("verifying", "verifying"),
            _ => null,
        };
    }

    /// <summary>The firing that the console acts on: not one that a person has seen, and of several the one that its reason names.</summary>
    private static TriggerStanding? Cause(PolicyStanding policy, List<TriggerStanding> voting)
    {
        var unseen = voting.FindAll(t => t.Seen is null && IsFiring(t));
        return unseen.Find(t => policy.Reason.Contains($"Trigger fired: {t.Trigger.Text}.", StringComparison.Ordinal)) ?? unseen.FirstOrDefault();
    }

    private static bool IsFiring(TriggerStanding trigger) => trigger.Phase is TriggerPhase.Fired or TriggerPhase.Recovering;
}
