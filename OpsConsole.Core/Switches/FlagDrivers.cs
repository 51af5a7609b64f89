using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Switches;

/// <summary>Which release drives the percentage of a switch: a live one, bound to it, on a target whose exposure is that percentage.</summary>
public sealed class FlagDrivers(IReleaseStore releases, ITargetRegistry targets)
{
    /// <summary>The release that drives the switch in the environment; null where a person does.</summary>
    /// <exception cref="Audit.RecordUnavailableException">It cannot be read now.</exception>
    public async Task<Release?> FindAsync(string key, string environment, CancellationToken cancellationToken) =>
        (await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(r => Drives(r, key, environment));

    /// <summary>True where that release does.</summary>
    public bool Drives(Release release, string key, string environment)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.Phase.IsLive() && release.SwitchKey == key && release.Environment == environment && targets.Find(release.Target, release.Environment)?.Capabilities.ExposesByFlag == true;
    }

    /// <summary>"shop 2.15.0 on flags".</summary>
    internal static string Title(Release release) => $"{release.Service} {release.Version} on {release.Target}";

    /// <summary>Where a release has the share: as it is on record, or as the release is where that cannot be read.</summary>
    internal static double ShareOf(Release release, Targeting stored) => ReferenceEquals(stored, Targeting.Unreadable) ? release.ExposurePercent : stored.Percent;
}
