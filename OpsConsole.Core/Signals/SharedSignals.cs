namespace OpsConsole.Core.Signals;

/// <summary>Finds signals that two sources would both give. A signal has one source: of two, each takes back what the other says, its errors too, and both are counted.</summary>
public static class SharedSignals
{
    /// <summary>What of the first source is of the same signal, place and version as something of the other; a source for every version is of any.</summary>
    public static IReadOnlyList<SignalAddress> Of(IEnumerable<SignalAddress> one, IEnumerable<SignalAddress> other)
    {
        var others = other.ToLookup(static a => a with { Version = "" }, static a => a.Version);
        return [.. one.Distinct().Where(a => others[a with { Version = "" }].Any(v => v == a.Version || v == SourceBinding.EveryVersion || a.Version == SourceBinding.EveryVersion))];
    }

    /// <summary>Why there may not be both, in words that follow the name of the first; null where they share nothing.</summary>
    /// <param name="one">Where the samples of the first source belong.</param>
    /// <param name="other">Where those of the other one do.</param>
    /// <param name="name">What the other one is called for people.</param>
    public static string? Fault(IReadOnlyList<SignalAddress> one, IReadOnlyList<SignalAddress> other, string name)
    {
        if (Of(one, other) is not [var first, ..] shared)
        {
            return null;
        }

        var signals = string.Join(", ", shared.Select(static a => a.Signal.Value).Order(StringComparer.Ordinal));
        return $"gives {signals} of {first.Service} on {first.Target} in {first.Environment} for {Version(first)}, which {name} gives already for {Version(other[0])}: "
            + "a signal has one source, so take it out of one of the two, or give it another name";
    }

    private static string Version(in SignalAddress address) => address.Version == SourceBinding.EveryVersion ? "every version" : $"version {address.Version}";
}
