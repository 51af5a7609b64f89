using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>The service that a policy is held against: which signals there are for it.</summary>
/// <param name="Title">In a sentence: "shop on gateway, production".</param>
/// <param name="Signals">What its sources provide and its release brings, the release's own definitions first.</param>
/// <param name="HasObjective">Whether the service has an objective, whose budget can burn; null when that is not known.</param>
public sealed record PolicyScope(string Title, IReadOnlyList<SignalDefinition> Signals, bool? HasObjective = null)
{
    /// <summary>The scope of a service.</summary>
    /// <param name="title">As in a sentence.</param>
    /// <param name="own">Definitions that the release brings.</param>
    /// <param name="provided">Names of signals that sources provide beside them.</param>
    /// <param name="hasObjective">Null: not known.</param>
    public static PolicyScope Of(string title, IEnumerable<SignalDefinition> own, IEnumerable<string> provided, bool? hasObjective = null)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(provided);
        var all = own.ToList();
        all.AddRange(provided.Where(name => all.TrueForAll(s => s.Key.Value != name)).Distinct(StringComparer.Ordinal).Select(PolicySignals.Define));
        return new(title, all, hasObjective);
    }
}
