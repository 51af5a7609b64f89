using System.Collections.Concurrent;

namespace OpsConsole.Web.Jobs;

/// <summary>Why sources that follow releases are not read for a version. Safe for any number of threads.</summary>
public sealed class FollowFaults
{
    private readonly ConcurrentDictionary<(string Key, string Version), string> _faults = [];

    /// <summary>Notes one. True where it is not what was known.</summary>
    /// <param name="key">Key of the source.</param>
    /// <param name="version">The version that it is not read for.</param>
    /// <param name="why">Why, one sentence.</param>
    public bool Note(string key, string version, string why)
    {
        var isNew = !_faults.TryGetValue((key, version), out var before) || before != why;
        _faults[(key, version)] = why;
        return isNew;
    }

    /// <summary>Forgets all but these.</summary>
    public void Keep(IReadOnlySet<(string Key, string Version)> these)
    {
        ArgumentNullException.ThrowIfNull(these);
        foreach (var fault in _faults.Keys.Where(f => !these.Contains(f)))
        {
            _faults.TryRemove(fault, out _);
        }
    }

    /// <summary>Those of one source, by version.</summary>
    public IReadOnlyList<(string Version, string Why)> Of(string key) =>
        [.. _faults.Where(f => f.Key.Key == key).Select(static f => (f.Key.Version, f.Value)).OrderBy(static f => f.Version, StringComparer.Ordinal)];
}
