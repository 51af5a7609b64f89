using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies;

/// <summary>Which signal of a release a name in a policy means.</summary>
/// <remarks>The name itself; else the name with <c>_rate</c> (<c>checkout_success</c> is <c>checkout_success_rate</c>); else <c>error_rate</c> is the first signal of the errors family, whatever the target calls it.</remarks>
public static class SignalNames
{
    private const string AnyErrors = "error_rate";

    /// <summary>The definition that a name means, or null when none of them is it.</summary>
    public static SignalDefinition? Resolve(string name, IEnumerable<SignalDefinition> signals)
    {
        var all = signals as IReadOnlyCollection<SignalDefinition> ?? [.. signals];
        return all.FirstOrDefault(s => s.Key.Value == name)
            ?? all.FirstOrDefault(s => s.Key.Value == name + "_rate")
            ?? (name == AnyErrors ? all.FirstOrDefault(s => s.Family == SignalFamily.Errors) : null);
    }
}
