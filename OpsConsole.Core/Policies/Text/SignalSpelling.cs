using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>What a name that no signal has was meant to be, as it is written in a trigger.</summary>
internal static class SignalSpelling
{
    private const string RateEnding = "_rate";

    /// <summary>The nearest name that there is, with or without <c>_delta</c>; null when none is near.</summary>
    /// <param name="written">As the text has it.</param>
    /// <param name="scope">The service; null: any, so that the signals are those that the console knows.</param>
    public static string? Near(string written, PolicyScope? scope)
    {
        var names = (scope?.Signals ?? KnownSignals.List).Select(static s => s.Key.Value).ToList();
        var deltas = names.Concat(names.Where(static n => n.EndsWith(RateEnding, StringComparison.Ordinal)).Select(static n => n[..^RateEnding.Length])).Append("error_rate").Select(static n => n + PolicySignals.DeltaEnding);
        return Spelling.Nearest(written, names.Concat(deltas).Concat(scope is { HasObjective: false } ? [] : PolicySignals.BurnRates));
    }

    /// <summary>The sentence about a name that nothing has.</summary>
    public static string Unknown(string written, PolicyScope? scope) => scope is null
        ? $"'{PolicyNames.Shown(written)}' is not a signal that the console knows."
        : $"Nothing provides '{PolicyNames.Shown(written)}' for {scope.Title}.";
}
