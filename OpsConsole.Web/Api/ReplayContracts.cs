using System.Text.Json.Serialization;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Web.Api;

/// <summary>A policy to replay: its text, or its name in the library; neither is the release's own.</summary>
internal record ReplayPolicyRequest
{
    public string? Policy { get; init; }

    public string? PolicyName { get; init; }

    public int? PolicyVersion { get; init; }

    [JsonIgnore]
    public PolicyChoice Choice => new(Policy, PolicyName, PolicyVersion);

    /// <summary>What is wrong with it, or null.</summary>
    [JsonIgnore]
    public string? Fault => (Policy, PolicyName, PolicyVersion) switch
    {
        (not null, not null, _) => "Give either policy or policyName, not both.",
        (_, null, not null) => "policyVersion is a version of policyName; give that too.",
        (_, { Length: 0 or > 64 }, _) => "policyName must have 1 to 64 characters.",
        (_, _, < 1) => "policyVersion must be 1 or more.",
        _ => null,
    };
}

/// <summary>What to replay on which release.</summary>
internal sealed record ReplayRequest : ReplayPolicyRequest
{
    public Guid? ReleaseId { get; init; }

    /// <summary>A second policy on the same release.</summary>
    public ReplayPolicyRequest? CompareWith { get; init; }
}

/// <summary>A change of exposure as recorded.</summary>
internal sealed record ReplayExposureStep(DateTimeOffset At, double Percent, ExposureChange Change);

/// <summary>A change of a trigger.</summary>
internal sealed record ReplayTriggerChange(TriggerPhase Phase, DateTimeOffset At, double? Value);

/// <summary>What a trigger would have done.</summary>
internal sealed record ReplayTrigger(
    string Trigger, bool DryRun, string? Signal, string? NotKnown, DateTimeOffset? FiredAt, TriggerPhase Ended, double UnmeasuredSeconds, int ChangeCount, IReadOnlyList<ReplayTriggerChange> Changes)
{
    public static ReplayTrigger From(TriggerOutcome t) => new(
        t.Trigger.Text, t.Trigger.DryRun, t.Signal?.Key.Value, t.NotKnown, t.FiredAt, t.Ended, t.Unmeasured.TotalSeconds, t.ChangeCount,
        [.. t.Changes.Select(c => new ReplayTriggerChange(c.Phase, c.At, c.Value))]);
}

/// <summary>What the policy would have done first.</summary>
internal sealed record ReplayReaction(TriggerReaction Kind, DateTimeOffset At, string Trigger, double? Value, double ExposurePercent, string? Instead);

/// <summary>How many fewer would have met it, with what it was counted from.</summary>
internal sealed record ReplayExposure(
    bool IsKnown, string? Signal, string Noun, string Basis, long? Fewer, long? AfterStop, long? Total, DateTimeOffset From, DateTimeOffset Until, double UncountedSeconds)
{
    public static ReplayExposure Of(ExposureEffect e) => new(
        e.Signal is not null, e.Signal?.Value, e.Noun, e.Basis, e.Fewer, e.AfterStop, e.Total, e.From, e.Until, e.Uncounted.TotalSeconds);
}

/// <summary>What one policy came to.</summary>
internal sealed record ReplayPolicyAnswer(
    string Policy,
    ReplayVerdict Verdict,
    string Sentence,
    ReplayReaction? Reaction,
    ReplayExposure Exposure,
    IReadOnlyList<ReplayTrigger> Triggers,
    IReadOnlyList<PromotionOutcome> Promotions,
    IReadOnlyList<PauseOutcome> Pauses,
    IReadOnlyList<PlannedStep> Plan,
    IReadOnlyList<string> Caveats)
{
    public static ReplayPolicyAnswer Of(ReplayedPolicy replayed)
    {
        var o = replayed.Outcome ?? throw new ArgumentException("It was not run.", nameof(replayed));
        return new(
            replayed.Title, o.Verdict, o.Sentence,
            o.Reaction is { } r ? new(r.Kind, r.At, r.Trigger.Text, r.Value, r.ExposurePercent, r.Instead) : null,
            ReplayExposure.Of(o.Exposure), [.. o.Triggers.Select(ReplayTrigger.From)], o.Promotions, o.Pauses, o.Plan, o.Caveats);
    }
}

/// <summary>The answer to a replay: one outcome for each policy, the compared one second.</summary>
internal sealed record ReplayAnswer(Guid ReleaseId, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<ReplayExposureStep> Exposure, IReadOnlyList<ReplayPolicyAnswer> Outcomes)
{
    public static ReplayAnswer Of(ReplaySet set) => new(
        set.History.Release.Id, set.History.From, set.History.Until,
        [.. set.History.Exposure.Select(s => new ReplayExposureStep(s.At, s.Percent, s.Change))],
        [.. set.Policies.Select(ReplayPolicyAnswer.Of)]);
}

/// <summary>One fault of a policy's text.</summary>
internal sealed record ReplayFault(string In, int Line, int Column, string Message, string? Suggestion);
