using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>What a registration and its policy say about the same things. What only one of them says holds; what both say has to be the same.</summary>
internal static class PolicyAgreement
{
    private const int MaxPersonLength = 128;
    private const int MaxReasonLength = 512;

    /// <summary>The registration with what only the policy says.</summary>
    public static ReleaseRegistration Merge(ReleaseRegistration registration, ReleasePolicy policy) => registration with
    {
        Stages = registration.Stages ?? (policy.Canary is { Stages: { Count: > 0 } stages } ? [.. stages.Select(s => new StageRegistration(s.ExposurePercent, s.Hold.TotalSeconds))] : Whole(policy)),
        WatchSeconds = registration.WatchSeconds ?? policy.Canary?.WatchTime?.TotalSeconds,
        SwitchKey = registration.SwitchKey ?? policy.Release?.FeatureFlag,
        Migration = registration.Migration ?? policy.Release?.DatabaseMigration,
    };

    /// <summary>What is wrong with the policy's strategy on the release's target.</summary>
    public static IEnumerable<RegistrationFault> Strategy(ReleaseRegistration registration, ReleasePolicy policy, TargetCapabilities? target)
    {
        var stages = Merge(registration, policy).Stages is { } written ? [.. written.OfType<StageRegistration>().Select(s => new Stage(s.ExposurePercent, TimeSpan.Zero))] : RegistrationRules.DefaultStages;
        return StrategyRule.Judge(policy.Release?.Strategy, stages, target).Select(sentence => new RegistrationFault("policy", sentence));
    }

    /// <summary>The stages of a strategy that gives everybody the new version at once, where neither text names any.</summary>
    private static IReadOnlyList<StageRegistration>? Whole(ReleasePolicy policy) => policy.Release?.Strategy is { } strategy && StrategyRule.Stages(strategy) is { } stages
        ? [.. stages.Select(s => new StageRegistration(s.ExposurePercent, s.Hold.TotalSeconds))]
        : null;

    /// <summary>Where the two contradict each other.</summary>
    /// <param name="registration">As the pipeline wrote it.</param>
    /// <param name="policy">Without faults of its own.</param>
    /// <param name="signals">How many signals the release would have.</param>
    public static IEnumerable<RegistrationFault> Faults(ReleaseRegistration registration, ReleasePolicy policy, int signals)
    {
        var checklist = policy.Release;
        if (policy.Canary is { Stages: { Count: > 0 } stages } && registration.Stages is { } own && !Same(own, stages))
        {
            yield return new("stages", $"Differ from those of the policy ({Written(stages)}); leave them out of one of the two.");
        }

        if (policy.Canary?.WatchTime is { } watch && registration.WatchSeconds is { } seconds && !seconds.Equals(watch.TotalSeconds))
        {
            yield return new("watchSeconds", $"Differs from the policy, which says {PolicyDuration.Write(watch)}; leave it out of one of the two.");
        }

        var first = registration.Stages is [{ } given, ..] ? given.ExposurePercent : policy.Canary?.Stages is [var step, ..] ? step.ExposurePercent : RegistrationRules.DefaultStages[0].ExposurePercent;
        if (checklist?.InitialExposurePercent is { } initial && !initial.Equals(first))
        {
            yield return new("stages", $"Begin with {first:0.##} %, and the policy's initial_exposure is {initial:0.##} %.");
        }

        if (checklist?.FeatureFlag is { } flag && registration.SwitchKey is { } key && key != flag)
        {
            yield return new("switchKey", $"Is {key}, and the policy's feature_flag is {flag}.");
        }

        if (checklist?.DatabaseMigration is { } migration && registration.Migration is { } stated && stated != migration)
        {
            yield return new("migration", $"Is {stated.ToString().ToLowerInvariant()}, and the policy's database_migration is {migration.ToString().ToLowerInvariant()}.");
        }

        foreach (var fault in Artifacts(registration, checklist))
        {
            yield return fault;
        }

        if (signals > SignalRules.MaxSignals)
        {
            yield return new("signals", $"With those that the policy names there are {signals}; at most {SignalRules.MaxSignals} are watched.");
        }
    }

    /// <summary>Who made the change, where people other than that one have to agree to it.</summary>
    public static IEnumerable<RegistrationFault> Author(ReleaseRegistration registration, ReleasePolicy policy)
    {
        if ((policy.Approvals.Required > 0 || policy.Evidence.LargeChangeLines is not null) && string.IsNullOrWhiteSpace(registration.Author))
        {
            yield return new("author", "The policy asks for approvals, and nobody may approve their own change; say who made it.");
        }
    }

    /// <summary>The way back is a version that the target can be sent back to, and, where the policy has a checklist, one that the checklist names. Where a switch exposes the release it is that switch.</summary>
    public static bool HasWayBack(ReleaseRegistration registration, ReleasePolicy policy, TargetCapabilities? target = null) =>
        target is { ExposesByFlag: true }
        || (registration.PreviousVersion is not null && (policy.Release is null or { PreviousArtifact: not null } or { RollbackCommand: not null }));

    /// <summary>What is wrong with the acceptance of a release that needs one.</summary>
    public static IEnumerable<RegistrationFault> Acceptance(NoWayBack? accepted)
    {
        if (accepted is null)
        {
            yield return new(
                "acceptNoWayBack",
                "The release has no executable way back: give previousVersion (and previous_artifact or rollback_command where the policy has a checklist), "
                + "or the name of a person who accepts that, with a reason: { by, reason }.");
            yield break;
        }

        if (!IsSaid(accepted.By, MaxPersonLength))
        {
            yield return new("acceptNoWayBack.by", $"Is the name of the person who accepts it, 1 to {MaxPersonLength} characters.");
        }

        if (!IsSaid(accepted.Reason, MaxReasonLength))
        {
            yield return new("acceptNoWayBack.reason", $"Says why that is acceptable, 1 to {MaxReasonLength} characters.");
        }
    }

    /// <summary>Signals that the policy names and the release does not bring.</summary>
    public static IReadOnlyList<SignalDefinition> Watched(ReleasePolicy policy, IReadOnlyList<SignalDefinition> own, PolicyScope scope) =>
    [
        .. Named(policy)
            .Where(name => SignalNames.Resolve(name, own) is null)
            .Select(name => SignalNames.Resolve(name, scope.Signals))
            .OfType<SignalDefinition>()
            .DistinctBy(s => s.Key)
            .Select(s => s with { Required = false, Limit = null, DeltaLimit = null }),
    ];

    private static IEnumerable<string> Named(ReleasePolicy policy) => policy.Triggers
        .Concat(policy.Canary?.Checks.SelectMany(c => new[] { c.Success, c.Failure }).OfType<Trigger>() ?? [])
        .Where(t => t.Measure != TriggerMeasure.BurnRate)
        .Select(t => t.Signal)
        .Concat(policy.Analysis?.Metrics.Select(m => m.Signal) ?? []);

    private static IEnumerable<RegistrationFault> Artifacts(ReleaseRegistration registration, ReleaseChecklist? checklist)
    {
        if (checklist?.Artifact is { } artifact)
        {
            var (name, version, digest) = Parts(artifact);
            if (name != registration.Service)
            {
                yield return new("service", $"Is {registration.Service}, and the policy's artifact is {artifact}.");
            }

            if (version is not null && version != registration.Version)
            {
                yield return new("version", $"Is {registration.Version}, and the policy's artifact is {artifact}.");
            }

            if (digest is not null && digest != registration.Artifact?.Digest)
            {
                yield return new("artifact.digest", $"Is {registration.Artifact?.Digest}, and the policy's artifact is {artifact}.");
            }
        }

        if (checklist?.PreviousArtifact is { } previous)
        {
            var (name, version, digest) = Parts(previous);
            if (name != registration.Service || registration.PreviousVersion is null || (version is not null && version != registration.PreviousVersion))
            {
                yield return new("previousVersion", $"Is {registration.PreviousVersion ?? "not given"}, and the policy's previous_artifact is {previous}.");
            }

            if (digest is not null && registration.PreviousDigest is { } known && digest != known)
            {
                yield return new("previousDigest", $"Is {known}, and the policy's previous_artifact is {previous}.");
            }
        }
    }

    /// <summary>Takes <c>registry/team/name:version@digest</c> apart; only the name must be there.</summary>
    private static (string Name, string? Version, string? Digest) Parts(string artifact)
    {
        var at = artifact.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : artifact[(at + 1)..];
        var last = (at < 0 ? artifact : artifact[..at]).Split('/')[^1];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (last, null, digest) : (last[..colon], last[(colon + 1)..], digest);
    }

    private static bool Same(IReadOnlyList<StageRegistration> own, IReadOnlyList<Stage> stages) =>
        own.Count == stages.Count
        && own.Zip(stages).All(pair => pair.First is { } stage && stage.ExposurePercent.Equals(pair.Second.ExposurePercent) && (stage.HoldSeconds ?? 0).Equals(pair.Second.Hold.TotalSeconds));

    private static string Written(IReadOnlyList<Stage> stages) => string.Join(", ", stages.Select(s => $"{s.ExposurePercent:0.##} % {PolicyDuration.Write(s.Hold)}"));

    private static bool IsSaid(string? text, int most) => text is not null && text.Length <= most && PlainText.Of(text).Trim().Length > 0 && !text.Any(char.IsControl);
}
