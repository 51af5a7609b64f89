using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Releases;

/// <summary>When a release may go to a target whose exposure is the percentage of its own switch: the switch is there, nobody else drives it, and it is on for no one yet.</summary>
public sealed class DarkReleaseRule(FlagDrivers drivers, IReleaseStore releases, ISwitchStore switches, ITargetRegistry targets)
{
    /// <summary>Finest step of a percentage rollout, in decimals of a percent.</summary>
    private const int Decimals = 3;

    /// <summary>What is wrong with the registration itself; nothing for any other target.</summary>
    public IEnumerable<RegistrationFault> Faults(ReleaseRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        if (!IsDark(registration))
        {
            yield break;
        }

        if (registration.SwitchKey is null)
        {
            yield return new("switchKey", $"A release on {registration.Target} is exposed by the percentage of its switch: name one that there is.");
        }

        for (var i = 0; i < (registration.Stages?.Count ?? 0); i++)
        {
            if (registration.Stages![i] is { ExposurePercent: var percent } && double.IsFinite(percent) && Math.Abs(percent - Math.Round(percent, Decimals)) > 1e-9)
            {
                yield return new($"stages[{i}].exposurePercent", "Has at most three decimals here: a thousandth of a percent is the finest step.");
            }
        }
    }

    /// <summary>What stands against it on record, and the release that does, where it is one; null when nothing does.</summary>
    /// <exception cref="Audit.RecordUnavailableException">It cannot be read now.</exception>
    public async Task<(Guid? Existing, string Sentence)?> WhyNotAsync(ReleaseRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        if (!IsDark(registration) || registration.SwitchKey is not { } key)
        {
            return null;
        }

        var environment = registration.Environment;
        if (await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { ArchivedAt: null })
        {
            return (null, $"There is no switch {key}: make it and set its share to 0 % in {environment} before anyone asks for it, then register the release.");
        }

        var live = (await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.Phase.IsLive()).ToList();
        var before = live.Find(r => (r.Service, r.Target, r.Environment) == (registration.Service, registration.Target, environment));
        if (before is not null && (before.Version == registration.Version || (before.Phase != ReleasePhase.Watching && before.Id != registration.Fixes)))
        {
            // It is registered already, or another is on its way: that is said in its own words.
            return null;
        }

        if (live.Find(r => r != before && drivers.Drives(r, key, environment)) is { } other)
        {
            return (other.Id, $"{FlagDrivers.Title(other)} drives the share of {key} in {environment} already: finish it or roll it back first, or bind this release to a switch of its own.");
        }

        var place = (await switches.EnvironmentsAsync(key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Environment == environment);
        var targeting = TargetingText.ReadStored(place?.TargetingJson);
        if (ReferenceEquals(targeting, Targeting.Unreadable))
        {
            return (null, $"The targeting of {key} in {environment} cannot be read: save it anew first.");
        }

        return FlagBuckets.In(targeting.Percent) == 0 ? null
            : before?.SwitchKey == key
                ? (before.Id, $"{FlagDrivers.Title(before)} has {key} on for {Wording.Percent(targeting.Percent)} in {environment}: roll it back first, which sets it to 0 %, or bind this release to a switch of its own.")
                : (null, $"{key} is on for {Wording.Percent(targeting.Percent)} of everyone else in {environment}, so it is out already: set that share to 0 % first, or name another switch.");
    }

    private bool IsDark(ReleaseRegistration registration) => registration.Target is { } target && targets.Find(target, registration.Environment)?.Capabilities.ExposesByFlag == true;
}
