using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>What the names of signals in a policy mean.</summary>
internal static class PolicySignals
{
    public const string DeltaEnding = "_delta";

    /// <summary>Names of the burn rate of the service's error budget.</summary>
    public static readonly string[] BurnRates = ["error_budget_burn_rate", "slo_burn_rate"];

    private static readonly string[] PercentEndings = ["_rate", "_users", "_sessions"];

    public static bool IsBurnRate(string name) => BurnRates.Contains(name, StringComparer.Ordinal);

    /// <summary>The definition that a name means: of the scope, else as the console knows it; null when neither does.</summary>
    public static SignalDefinition? Find(string name, PolicyScope? scope) =>
        (scope is null ? null : SignalNames.Resolve(name, scope.Signals)) ?? SignalNames.Resolve(name, KnownSignals.List);

    /// <summary>The unit that a signal's values have: by its definition, else by the way it is called; null when that says nothing.</summary>
    public static SignalUnit? UnitOf(string name, PolicyScope? scope) => Find(name, scope)?.Unit ?? UnitByName(name);

    /// <summary>A signal of that name for a board that has no definition of it: as the console knows it, else as its name says.</summary>
    public static SignalDefinition Define(string name)
    {
        if (KnownSignals.Find(name) is { } known)
        {
            return known;
        }

        var found = UnitByName(name) ?? SignalUnit.None;
        return new()
        {
            Key = new(name),
            Title = name.Replace('_', ' '),
            Family = found == SignalUnit.Milliseconds ? SignalFamily.Latency : name.Contains("error", StringComparison.Ordinal) ? SignalFamily.Errors : SignalFamily.Saturation,
            Unit = found,
            Better = BetterWhen.Lower,
            Aggregation = found == SignalUnit.Percent ? SignalAggregation.WeightedMean : SignalAggregation.Latest,
            Required = false,
        };
    }

    private static SignalUnit? UnitByName(string name) =>
        name.EndsWith("_latency", StringComparison.Ordinal) || name.StartsWith("latency", StringComparison.Ordinal) ? SignalUnit.Milliseconds
        : Array.Exists(PercentEndings, ending => name.EndsWith(ending, StringComparison.Ordinal)) ? SignalUnit.Percent
        : null;
}
