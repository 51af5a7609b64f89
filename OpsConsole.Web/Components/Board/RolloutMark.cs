using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Web.Components.Board;

/// <summary>What the rollout engine has to say in a row of the board: a few words under the stage, and none while all is as it should be.</summary>
public static class RolloutMark
{
    /// <summary>The words as markup with the whole sentence on hover; empty where there is nothing to say.</summary>
    public static MarkupString Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (release.Policy is not { } policy || !release.Phase.IsLive() || Say(policy) is not { } said)
        {
            return default;
        }

        var html = HtmlEncoder.Default;
        return new($"<div class=\"rollout {said.Tone}\" title=\"{html.Encode(policy.Reason)}\">{html.Encode(said.Words)}</div>");
    }

    private static (string Tone, string Words)? Say(PolicyStanding policy)
    {
        var voting = policy.Triggers.Where(t => !t.Trigger.DryRun).ToList();
        return (policy.Step, voting) switch
        {
            _ when voting.Find(t => t.Phase is TriggerPhase.Fired or TriggerPhase.Recovering) is { } fired => ("fired", $"fired: {fired.Trigger.Text}"),
            (RolloutStep.Paused, _) => ("paused", policy.Reason.StartsWith("Inconclusive", StringComparison.Ordinal) ? "paused: inconclusive" : "paused: a person decides"),
            _ when voting.Find(t => t.Phase == TriggerPhase.Pending) is { } pending => ("pending", $"pending: {pending.Trigger.Text}"),
            (RolloutStep.Verifying, _) when policy.Mode == DeliveryMode.Delivery && policy.Reason.StartsWith("Every gate passes", StringComparison.Ordinal) => ("ready", "every gate passes"),
            (RolloutStep.Verifying, _) => ("verifying", "verifying"),
            _ => null,
        };
    }
}
