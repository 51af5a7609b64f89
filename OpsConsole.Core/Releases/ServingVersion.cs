namespace OpsConsole.Core.Releases;

/// <summary>What everybody has at one place, as far as the record tells.</summary>
/// <param name="Version">The version.</param>
/// <param name="Digest">Digest of its artifact, where it is known.</param>
/// <param name="Commit">The commit that it was built from, where it is known.</param>
public sealed record ServingVersion(string Version, string? Digest, string? Commit)
{
    /// <summary>Finds it among the releases of one service on one target in one environment, newest first; null where none of them came to 100 %.</summary>
    public static ServingVersion? Of(IEnumerable<Release> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        foreach (var release in newestFirst)
        {
            if (release.Phase == ReleasePhase.RolledBack)
            {
                // What it was taken back to, whatever came before: nothing where there was nothing.
                return release.PreviousVersion is { } before ? new(before, release.PreviousDigest, null) : null;
            }

            if (release.ExposurePercent >= 100)
            {
                return new(release.Version, release.Artifact.Digest, release.Artifact.Commit);
            }
        }

        return null;
    }
}
