using System.Collections.Concurrent;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>Says that something was posted about a release since the console started, so that open pages read it anew only then.</summary>
public sealed class EvidenceNews
{
    private readonly ConcurrentDictionary<Guid, long> _versions = new();

    /// <summary>Grows with everything that is posted about a release.</summary>
    public long VersionOf(Guid release) => _versions.GetValueOrDefault(release);

    /// <summary>Something was posted.</summary>
    public void Note(Guid release) => _versions.AddOrUpdate(release, 1, static (_, version) => version + 1);
}
