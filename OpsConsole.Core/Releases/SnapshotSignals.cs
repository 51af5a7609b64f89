using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>Signals that a source tells over windows of its own: of each the newest value counts alone, because a mean of several would count the same observations more than once.</summary>
internal static class SnapshotSignals
{
    /// <summary>The signals of a registration, with those as their newest value that are told so and do not say otherwise themselves.</summary>
    /// <param name="signals">As they were sent; null for the console's own.</param>
    /// <param name="snapshots">Names of signals that are told so, each with its source.</param>
    public static IReadOnlyList<SignalRegistration>? Newest(IReadOnlyList<SignalRegistration>? signals, IReadOnlyDictionary<string, string> snapshots)
    {
        var all = signals ?? SignalRules.Default;
        return all.Any(IsNewest) ? [.. all.Select(s => IsNewest(s) ? s with { Aggregation = SignalAggregation.Latest } : s)] : signals;

        bool IsNewest(SignalRegistration? signal) => signal is { Key: { } key, Aggregation: null } && snapshots.ContainsKey(key);
    }

    /// <summary>Every signal of a registration that is to be averaged all the same.</summary>
    /// <param name="signals">As they were sent; null for the console's own.</param>
    /// <param name="snapshots">Names of signals that are told so, each with its source.</param>
    public static IEnumerable<RegistrationFault> Faults(IReadOnlyList<SignalRegistration>? signals, IReadOnlyDictionary<string, string> snapshots)
    {
        for (var i = 0; signals is not null && i < signals.Count; i++)
        {
            if (signals[i] is { Key: { } key, Aggregation: SignalAggregation.WeightedMean } && snapshots.TryGetValue(key, out var source))
            {
                yield return new(
                    $"signals[{i}].aggregation",
                    $"{key} is read from the source {source}, each of whose values is over a window of the source's own: a mean of them would count the same observations more than once. Say latest, or leave it out.");
            }
        }
    }

    /// <summary>The signal as its newest value alone, where it is told so.</summary>
    public static SignalDefinition Alone(SignalDefinition signal, IReadOnlyDictionary<string, string> snapshots) =>
        snapshots.ContainsKey(signal.Key.Value) ? signal with { Aggregation = SignalAggregation.Latest } : signal;
}
