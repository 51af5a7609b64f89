using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Signals;

/// <summary>A kind of source that the console can read.</summary>
/// <param name="Name">As bindings name it.</param>
/// <param name="Faults">What is wrong with a binding of this kind beyond what holds for all, one sentence each.</param>
/// <param name="Create">Makes the source of a binding without faults.</param>
public sealed record SourceKind(string Name, Func<SourceBinding, IEnumerable<string>> Faults, Func<SourceBinding, ISignalSource> Create);

/// <summary>The kinds of sources there are, and what makes a binding a sound one.</summary>
public sealed class SourceCatalog
{
    /// <summary>Shortest time between two reads.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longest time between two reads, and longest window.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Longest time that a read may be given.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, SourceKind> _kinds;

    public SourceCatalog(IEnumerable<SourceKind> kinds) => _kinds = kinds.ToDictionary(static k => k.Name, StringComparer.Ordinal);

    /// <summary>Makes the source of a binding.</summary>
    /// <exception cref="ArgumentException">The binding has faults; the message names them all.</exception>
    public ISignalSource Create(SourceBinding binding)
    {
        var faults = Faults(binding);
        return faults.Count == 0
            ? _kinds[binding.Kind].Create(binding)
            : throw new ArgumentException($"Source '{binding.Key}' cannot be read: {string.Join("; ", faults)}.", nameof(binding));
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
        Require(binding.Address is { IsAbsoluteUri: true, Scheme: "http" or "https" }, "the address has to be a whole http or https address");
        Require(binding.Interval >= ShortestInterval && binding.Interval <= LongestInterval, "the interval has to be from 1 s to 1 h");
        Require(binding.Timeout > TimeSpan.Zero && binding.Timeout <= LongestTimeout, "the time-out has to be above 0 and at most 60 s");
        Require(binding.Rules.Count + binding.Checks.Count > 0, "it needs at least one signal");
        Require(
            !binding.FollowsReleases || binding.Address.OriginalString.Contains(SourceBinding.VersionPlace, StringComparison.Ordinal) || binding.Rules.Any(static r => r.Kind == SignalRuleKind.Query),
            $"it names no version, so its address needs {SourceBinding.VersionPlace}: the new version and the previous one would show the same");
        foreach (var rule in binding.Rules)
        {
            Require(rule.Window >= TimeSpan.Zero && rule.Window <= LongestInterval, $"signal '{rule.Signal}': the window has to be from 0 to 1 h");
            Require(double.IsFinite(rule.Scale) && rule.Scale > 0, $"signal '{rule.Signal}': the scale has to be above 0");
        }

        foreach (var twice in binding.Rules.GroupBy(static r => r.Signal).Where(static g => g.Count() > 1))
        {
            faults.Add($"signal '{twice.Key}': more than one rule");
        }

        if (_kinds.TryGetValue(binding.Kind, out var kind))
        {
            faults.AddRange(kind.Faults(binding));
        }
        else
        {
            faults.Add($"the kind '{binding.Kind}' is none of: {string.Join(", ", _kinds.Keys.Order(StringComparer.Ordinal))}");
        }

        return faults;
    }
}
