using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.ArgoRollouts;

/// <summary>Decides what is asked of a Rollout next, from how it stands now: the commands of Argo's own tool (promote, promote fully, abort, retry, undo, pause) as the patches that they are.</summary>
/// <param name="change">Where it shall come to.</param>
/// <param name="path">The Rollout's path.</param>
/// <param name="images">The images of the service.</param>
internal sealed class RolloutSteps(TargetChange change, string path, ImageTemplate images)
{
    /// <summary>The next step; null where it is as it shall be, or on its way there.</summary>
    /// <exception cref="TargetRefusedException">It cannot come there.</exception>
    public KubeStep? Next(RolloutStatus now, KubeReplicaSets sets)
    {
        if (change.Halted)
        {
            // The controller heeds no pause on such a way: what leads it there is taken back first, and the step is the one that gives the share that it has.
            // Of a canary's way back that skips the steps nothing can be taken back: pods that were not asked for yet are not asked for while it is paused, and no more than that.
            var share = now.ShareOf(change.Version, sets);
            return now.PassesPauses(change.Version, share) && !(now.SkipsSteps && !now.Plan.IsBlueGreen) ? Status(now, Stopped(now.Plan, share), isLast: false) : Spec(now, KubeObject.Pause(true));
        }

        if (!now.IsTakenUp)
        {
            // What its status says is of the time before.
            return new KubeStep(path, null);
        }

        return change.ExposurePercent <= 0 ? Back(now, sets)
            : now.Version != change.Version ? Begin(now, sets)
            : now.IsAborted ? Retry(now)
            : now.IsComplete ? Stay(now)
            : now.Plan.IsBlueGreen ? Activate(now)
            : Forward(now, sets);
    }

    /// <summary>The new images; the controller then goes to where it stays first.</summary>
    private KubeStep? Begin(RolloutStatus now, KubeReplicaSets sets)
    {
        RefuseElsewhere(now);
        var goesToEveryone = now.MaySkipStepsTo(change.Version, sets);
        if (goesToEveryone && change.ExposurePercent < 100)
        {
            throw ToEveryone(now);
        }

        if (now.Plan is { IsBlueGreen: true, GoesActiveAlone: false } && !goesToEveryone)
        {
            throw new TargetRefusedException($"This Rollout does not go active by itself (autoPromotionEnabled is false): deploy {change.Version} to it, which makes it the preview, and promote then.");
        }

        RefuseOther(now, goesToEveryone ? 100 : now.Plan.HoldFrom(0)?.Percent ?? 100, "");
        RefuseBrokenPods(now);
        return Spec(now, KubeObject.Pause(false) + images.Set(change.Version));
    }

    /// <summary>What was aborted begins at its first step again.</summary>
    private KubeStep? Retry(RolloutStatus now)
    {
        RefuseOther(now, now.First?.Percent ?? 100, $"It was aborted{(string.IsNullOrEmpty(now.Message) ? "" : $" ({now.Message})")} and begins anew: ");
        return Unpause(now) ?? Status(now, Abort(now, false));
    }

    private KubeStep? Stay(RolloutStatus now) => change.ExposurePercent >= 100
        ? Unpause(now, isLast: true)
        : throw new TargetRefusedException($"Everyone has {change.Version} already; a Rollout takes it back by a roll back, and by that alone.");

    private KubeStep? Activate(RolloutStatus now)
    {
        RefuseOther(now, 100, "");
        return Unpause(now, isLast: now.Pauses.Count == 0) ?? (now.Pauses.Count > 0 ? Status(now, new JsonObject { ["pauseConditions"] = null }) : null);
    }

    private KubeStep? Forward(RolloutStatus now, KubeReplicaSets sets)
    {
        var target = now.Next?.Percent ?? 100;
        var isHere = TargetConversation.Same(now.ShareOf(change.Version, sets), change.ExposurePercent);
        if ((now.At is { } at && TargetConversation.Same(at.Percent, change.ExposurePercent)) || (now.IsInconclusive && isHere))
        {
            return Unpause(now, isLast: true);
        }

        if (now.IsInconclusive)
        {
            throw new TargetRefusedException($"An analysis of Argo came to no judgement, which is no reason to go on: {now.Stuck}");
        }

        if (TargetConversation.Same(target, change.ExposurePercent))
        {
            RefuseBrokenPods(now);
            return now.At is null ? Unpause(now, isLast: true) : Unpause(now) ?? Status(now, new JsonObject { ["pauseConditions"] = null });
        }

        if (change.ExposurePercent >= 100)
        {
            return Unpause(now, isLast: now.IsPromotedFully) ?? (now.IsPromotedFully ? null : Status(now, new JsonObject { ["promoteFull"] = true }));
        }

        // Going on after a halt exposes nobody new: between two places where it stays, it stays only where it is paused.
        return now.IsPaused && isHere
            ? Spec(now, static wanted => KubeObject.Hold(wanted, held: true))
            : throw Other(now, "");
    }

    /// <summary>From its canary by aborting, which sends everyone to the stable pods at once, or by their template where an abort does not hold; from everyone by the previous template, past every step.</summary>
    private KubeStep? Back(RolloutStatus now, KubeReplicaSets sets)
    {
        if (!KubeReplicaSets.Concerns(change, now.Version, now.Object))
        {
            return null;
        }

        if (now.Version == change.Version && !now.IsComplete && now.SkipsSteps)
        {
            // The controller takes an abort back there. The template that everyone came from does the same: it needs no steps either.
            RefuseElsewhere(now);
            return Spec(now, KubeObject.Pause(false) + (sets.To(now.Hashes.Stable) ?? throw new TargetRefusedException("The ReplicaSet that everyone came from is not there any more. Deploy its version anew.")));
        }

        if (now.Version == change.Version && !now.IsComplete)
        {
            return now.IsGivenUp ? Unpause(now, isLast: true) : Status(now, Abort(now, true), isLast: !now.IsPaused);
        }

        if (now.Version == change.Version)
        {
            RefuseElsewhere(now);
            return Spec(now, KubeObject.Pause(false) + sets.Undo(change, "Rollout"), isLast: false);
        }

        var isOnItsWayBack = !now.IsComplete && sets.VersionOf(now.Hashes.Stable) == change.Version && now.Version == change.PreviousVersion;
        return Unpause(now, isLast: !isOnItsWayBack) ?? (isOnItsWayBack && !now.IsPromotedFully ? Status(now, new JsonObject { ["promoteFull"] = true }) : null);
    }

    /// <summary>While it is promoted fully the controller takes every abort back.</summary>
    private static JsonObject Abort(RolloutStatus now, bool abort) => now.IsPromotedFully
        ? new JsonObject { ["abort"] = abort, ["promoteFull"] = false }
        : new JsonObject { ["abort"] = abort };

    private static JsonObject Stopped(RolloutPlan plan, double share) => plan is { IsBlueGreen: false, Steps: > 0 }
        ? new JsonObject { ["promoteFull"] = false, ["currentStepIndex"] = plan.StepOf(share) }
        : new JsonObject { ["promoteFull"] = false };

    private KubeStep? Unpause(RolloutStatus now, bool isLast = false) => Spec(now, KubeObject.Pause(false), isLast);

    private KubeStep? Spec(RolloutStatus now, Action<JsonObject> edit, bool isLast = true) =>
        now.Object.Patch(change.ActionId, edit) is { } patch ? new KubeStep(path, patch, isLast) : null;

    private KubeStep Status(RolloutStatus now, JsonObject status, bool isLast = true) => new($"{path}/status", now.Object.StatusPatch(status), isLast);

    private void RefuseOther(RolloutStatus now, double reached, string why)
    {
        if (!TargetConversation.Same(reached, change.ExposurePercent))
        {
            throw Other(now, why);
        }
    }

    private TargetRefusedException Other(RolloutStatus now, string why) => now.SkipsSteps ? ToEveryone(now) : new(now.Plan.IsBlueGreen
        ? $"{why}This Rollout is blue-green: it gives the new version everything or nothing, and not {Wording.Percent(change.ExposurePercent)}."
        : $"{why}{now.Object.Name} cannot go to {Wording.Percent(change.ExposurePercent)} from here: {now.Plan.Shares()}.");

    private TargetRefusedException ToEveryone(RolloutStatus now) => new(now.RollbackWindow > 0
        ? $"{change.Version} may go to everyone at once here: Argo skips every step on the way to the revision that everyone has, and to those within its rollbackWindow ({now.RollbackWindow}) before it. Give the release one stage of 100 %, or take the rollbackWindow out of the Rollout."
        : $"{change.Version} may go to everyone at once here: Argo skips every step on the way to the revision that everyone has. Ask for 100 %.");

    /// <summary>Without a router a share is whole pods, and the controller would round.</summary>
    private void RefuseBrokenPods(RolloutStatus now)
    {
        var pods = now.Desired * change.ExposurePercent / 100;
        if (now.Plan is { IsRouted: false, IsBlueGreen: false } && Math.Abs(pods - Math.Round(pods)) > 0.001)
        {
            throw new TargetRefusedException($"{now.Desired} pods cannot be split to {Wording.Percent(change.ExposurePercent)}, and this Rollout has no traffic routing.");
        }
    }

    private static void RefuseElsewhere(RolloutStatus now)
    {
        if (now.HasWorkloadElsewhere)
        {
            throw new TargetRefusedException("This Rollout takes its pods from another object (workloadRef), which is not changed from here: deploy the version there.");
        }
    }
}
