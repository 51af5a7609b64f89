using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Policies.Triggers;

/// <summary>What a trigger's clock keeps through a restart.</summary>
/// <param name="Trigger">Text of the trigger that it belongs to.</param>
/// <param name="Standing">Where it stands apart from a gap: clear, pending, fired or recovering.</param>
/// <param name="Phase">As shown.</param>
/// <param name="Since">When that began.</param>
/// <param name="BreachedSince">When the present breach began.</param>
/// <param name="Held">Time counted with data present, of the breach or of the recovery.</param>
/// <param name="Gap">Time that data has been away in one go.</param>
/// <param name="Last">Time of the last evaluation.</param>
/// <param name="Firings">How often it has fired.</param>
/// <param name="BegunAnew">Whether a breach was given up because its data was away for too long.</param>
public sealed record TriggerMemory(
    string Trigger,
    TriggerPhase Standing,
    TriggerPhase Phase,
    DateTimeOffset? Since,
    DateTimeOffset? BreachedSince,
    TimeSpan Held,
    TimeSpan Gap,
    DateTimeOffset? Last,
    int Firings,
    bool BegunAnew);
