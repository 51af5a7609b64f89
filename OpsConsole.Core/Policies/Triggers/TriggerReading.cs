using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Triggers;

/// <summary>What a trigger is held against now, or why there is nothing.</summary>
/// <param name="Value">In the trigger's unit; null where it cannot be judged.</param>
/// <param name="Missing">Why not, as a part of a sentence without running times; null with a value.</param>
/// <param name="Signal">The signal it was read from; null for a burn rate or a name that means none.</param>
public readonly record struct TriggerReading(double? Value, string? Missing, SignalSnapshot? Signal = null)
{
    /// <summary>Age from which a burn rate is not of now any more: objectives are judged every 15 s.</summary>
    public static readonly TimeSpan BurnRateStaleAfter = TimeSpan.FromMinutes(1);

    /// <summary>How much later than its stale time the board may notice that a signal is silent, as for the promotion gates.</summary>
    private static readonly TimeSpan BuildTolerance = TimeSpan.FromSeconds(1);

    /// <summary>Reads a trigger's value from the board, as strictly as a verdict is made: too little data, or old data, is none.</summary>
    /// <param name="trigger">Whose.</param>
    /// <param name="snapshot">The release as the board shows it.</param>
    /// <param name="burn">The burn rate of its service, and of when it is.</param>
    /// <param name="now">The reader's own time: a board that stopped building does not look fresh.</param>
    public static TriggerReading Of(Trigger trigger, ReleaseSnapshot snapshot, (double? Rate, DateTimeOffset? AsOf) burn, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (trigger.Measure == TriggerMeasure.BurnRate)
        {
            return BurnRate(burn, now);
        }

        if (Find(trigger.Signal, snapshot) is not { } signal)
        {
            return new(null, $"the release has no signal {trigger.Signal}");
        }

        if (WhyUnusable(signal, now) is { } missing)
        {
            return new(null, missing, signal);
        }

        if (trigger.Measure == TriggerMeasure.Value)
        {
            return new(signal.Canary, null, signal);
        }

        if (signal.ComparedWith is not { } baseline)
        {
            return new(null, $"{signal.Definition.Title} has no baseline to compare with", signal);
        }

        return VerdictRule.Difference(signal.Definition.Unit, signal.Canary, baseline) is { } delta
            ? new(delta, null, signal)
            : new(null, $"{signal.Definition.Title} has a baseline of zero, to which nothing is relative", signal);
    }

    private static TriggerReading BurnRate((double? Rate, DateTimeOffset? AsOf) burn, DateTimeOffset now)
    {
        if (burn is not { Rate: { } rate, AsOf: { } at } || !double.IsFinite(rate))
        {
            return new(null, "no burn rate of the service is known");
        }

        return now - at > BurnRateStaleAfter ? new(null, "the burn rate is not of now") : new(rate, null);
    }

    private static SignalSnapshot? Find(string name, ReleaseSnapshot snapshot)
    {
        var definition = SignalNames.Resolve(name, snapshot.Signals.Select(s => s.Definition));
        return definition is null ? null : snapshot.Signals.First(s => s.Definition == definition);
    }

    private static string? WhyUnusable(SignalSnapshot signal, DateTimeOffset now)
    {
        var definition = signal.Definition;
        return signal switch
        {
            { AsOf: null } => $"{definition.Title} has no value",
            { Verdict: Verdict.Error } => $"{definition.Title} cannot be read",
            { AsOf: { } at } when signal.Quality != SignalQuality.Fresh || now - at > definition.StaleAfter + BuildTolerance => $"{definition.Title} is stale",
            { Samples: var count } when count < definition.MinimumCount => $"{definition.Title} has too few {SignalText.Noun(definition)}: {definition.MinimumCount:N0} are needed",
            { AsOf: { } at } when now - at > definition.Window + BuildTolerance => $"{definition.Title} has no value in its window",
            { Canary: null } => $"{definition.Title} has no value in its window",
            { Canary: { } value } when !double.IsFinite(value) => $"{definition.Title} has no value in its window",
            _ => null,
        };
    }
}
