using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Signals;

/// <summary>The kinds of sources there are, and what makes a binding a sound one.</summary>
public sealed class SourceCatalog
{
    /// <summary>Shortest time between two reads.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longest time between two reads, and longest window.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Longest window of what a source measures by itself.</summary>
    public static readonly TimeSpan LongestMeasure = TimeSpan.FromDays(7);

    /// <summary>Longest time that a read may be given.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Age from which a value is too old, of a signal that is not a known one.</summary>
    private static readonly TimeSpan UnknownStaleAfter = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, SourceKind> _kinds;

    public SourceCatalog(IEnumerable<SourceKind> kinds) => _kinds = kinds.ToDictionary(static k => k.Name, StringComparer.Ordinal);

    /// <summary>Every kind, by name.</summary>
    public IEnumerable<SourceKind> Kinds => _kinds.Values.OrderBy(static k => k.Name, StringComparer.Ordinal);

    /// <summary>The kind of a name; null where there is none.</summary>
    public SourceKind? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>Makes the source of a binding.</summary>
    /// <exception cref="ArgumentException">The binding has faults; the message names them all.</exception>
    public ISignalSource Create(SourceBinding binding)
    {
        var faults = Faults(binding);
        return faults.Count == 0
            ? _kinds[binding.Kind].Create(binding)
            : throw new ArgumentException($"Source '{binding.Key}' cannot be read: {string.Join("; ", faults)}.", nameof(binding));
    }

    /// <summary>Age that a sound value of a signal comes to until the next one is there: as old as it is by nature, and two intervals and the time limit.</summary>
    /// <param name="binding">What is read; without faults.</param>
    /// <param name="signal">One of its signals.</param>
    public TimeSpan UsualAge(SourceBinding binding, SignalKey signal)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var rule = binding.Rules.FirstOrDefault(r => r.Signal == signal);
        var delay = rule is not null && Find(binding.Kind) is { } kind ? kind.UsualDelay(binding, rule) : TimeSpan.Zero;
        return delay + (2 * binding.Interval) + binding.Timeout;
    }

    /// <summary>Age from which a value of a signal is too old, where no release says otherwise: as for any such signal, but never less than a sound one comes to.</summary>
    /// <param name="binding">What is read; without faults.</param>
    /// <param name="signal">One of its signals.</param>
    public TimeSpan UsualStaleAfter(SourceBinding binding, SignalKey signal)
    {
        var (usual, age) = (KnownSignals.Find(signal.Value)?.StaleAfter ?? UnknownStaleAfter, UsualAge(binding, signal));
        return usual > age ? usual : age;
    }

    /// <summary>Everything that is wrong with a binding, one sentence each; empty when it is sound.</summary>
    public IReadOnlyList<string> Faults(SourceBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var faults = new List<string>();
        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        Require(CatalogName.IsValid(binding.Key), $"the key has to be {CatalogName.Form}");
        Require(CatalogName.IsValid(binding.Service), $"the service has to be {CatalogName.Form}");
        Require(CatalogName.IsValid(binding.Target), $"the target has to be {CatalogName.Form}");
        Require(CatalogName.IsValid(binding.Environment), $"the environment has to be {CatalogName.Form}");
        Require(binding.Version is { Length: > 0 and <= 64 }, "the version has to be 1 to 64 characters");
        var kind = _kinds.GetValueOrDefault(binding.Kind);
        Require(
            kind is { HasAddress: false } ? binding.Address is null : binding.Address is { IsAbsoluteUri: true, Scheme: "http" or "https" },
            kind is { HasAddress: false } ? $"a source of the kind {binding.Kind} has no address" : "the address has to be a whole http or https address");
        Require(binding.Interval >= ShortestInterval && binding.Interval <= LongestInterval, "the interval has to be from 1 s to 1 h");
        Require(kind is null || binding.Interval < ShortestInterval || binding.Interval >= kind.ShortestInterval, $"a source of the kind {binding.Kind} is read every {kind?.ShortestInterval.TotalSeconds:0} s at most");
        Require(binding.Timeout > TimeSpan.Zero && binding.Timeout <= LongestTimeout, "the time-out has to be above 0 and at most 60 s");
        Require(binding.Rules.Count + binding.Checks.Count > 0, "it needs at least one signal");
        Require(
            !binding.FollowsReleases || kind is { TellsVersions: true } || TellsVersion(binding),
            $"it names no version, so its address needs {SourceBinding.VersionPlace}: the new version and the previous one would show the same");
        foreach (var rule in binding.Rules)
        {
            var (longest, words) = rule.Kind == SignalRuleKind.Measure ? (LongestMeasure, "7 days") : (LongestInterval, "1 h");
            Require(rule.Window >= TimeSpan.Zero && rule.Window <= longest, $"signal '{rule.Signal}': the window has to be from 0 to {words}");
            Require(double.IsFinite(rule.Scale) && rule.Scale > 0, $"signal '{rule.Signal}': the scale has to be above 0");
        }

        foreach (var twice in binding.Rules.GroupBy(static r => r.Signal).Where(static g => g.Count() > 1))
        {
            faults.Add($"signal '{twice.Key}': more than one rule");
        }

        if (kind is not null)
        {
            faults.AddRange(binding.Settings.Faults());
            faults.AddRange(MeasureFaults(binding, kind));
            faults.AddRange(kind.Faults(binding));
        }
        else
        {
            faults.Add($"the kind '{binding.Kind}' is none of: {string.Join(", ", _kinds.Keys.Order(StringComparer.Ordinal))}");
        }

        return faults;
    }

    /// <summary>True where each version is asked for by itself.</summary>
    private static bool TellsVersion(SourceBinding binding) =>
        binding.Address?.OriginalString.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal) == true
        || binding.Rules.Any(static r => r.Kind == SignalRuleKind.Query)
        || (binding.Checks.Count > 0 && binding.Checks.All(static c => c.Headers.Values.Any(static v => v.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal))));

    /// <summary>A source that measures by itself takes the rule measure alone, and only what it knows.</summary>
    private static IEnumerable<string> MeasureFaults(SourceBinding binding, SourceKind kind)
    {
        var known = kind.Measures;
        foreach (var rule in binding.Rules)
        {
            if ((rule.Kind == SignalRuleKind.Measure) != (known.Count > 0))
            {
                yield return known.Count > 0
                    ? $"signal '{rule.Signal}': a source of the kind {kind.Name} takes the rule measure alone"
                    : $"signal '{rule.Signal}': a source of the kind {kind.Name} does not take the rule measure";
            }
            else if (known.Count > 0 && kind.Measure(rule.Numerator) is null)
            {
                yield return $"signal '{rule.Signal}': the measure '{rule.Numerator}' is none of {string.Join(", ", known.Select(static m => m.Form))}";
            }
        }
    }
}
