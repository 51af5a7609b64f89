using System.Collections.ObjectModel;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>A registration with what its policy says.</summary>
/// <param name="Registration">With stages, watch time, switch and migration class of the policy where it had none of its own.</param>
/// <param name="Faults">What is wrong with the policy, and where the two contradict each other.</param>
public sealed record RegistrationPolicy(ReleaseRegistration Registration, IReadOnlyList<RegistrationFault> Faults)
{
    /// <summary>The policy as it is kept with the release; null for none.</summary>
    public PolicySnapshot? Snapshot { get; init; }

    /// <summary>Signals that the policy names and the registration does not bring: measured and shown, not required, held to nothing.</summary>
    public IReadOnlyList<SignalDefinition> Watched { get; init; } = [];

    /// <summary>True where the console promotes the release by itself once every gate passes.</summary>
    public bool PromotesByItself { get; init; }

    /// <summary>Who accepted that there is no way back; null where there is one, or no policy that asks for it.</summary>
    public NoWayBack? Accepted { get; init; }
}

/// <summary>Reads the policy of a registration: its own text, the one of the library that it names, or where it says neither, the one that the catalogue names for its service and environment.</summary>
/// <param name="library">Null where the console keeps none.</param>
/// <param name="signals">Null where nothing is known but what a release brings.</param>
/// <param name="targets">Null where nothing is known of what targets can do.</param>
/// <param name="catalog">Null where there is no catalogue.</param>
public sealed class RegistrationPolicies(IPolicyStore? library, ISignalDirectory? signals, ITargetRegistry? targets = null, ServiceDirectory? catalog = null)
{
    private readonly PolicyReader _reader = new();

    /// <summary>What a release goes by and nothing measures where it runs, in plain sentences with what to do; none when all is measured, or when nothing is known of what is.</summary>
    public IReadOnlyList<string> Warnings(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return signals?.Measured(release.Service, release.Target, release.Environment) is { } measured
            ? [.. MeasurementGaps.Of(release, PolicyOf(release), measured)]
            : [];
    }

    /// <exception cref="Audit.RecordUnavailableException">The library or the catalogue cannot be read now.</exception>
    public async Task<RegistrationPolicy> ReadAsync(ReleaseRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var snapshots = Snapshots(registration);
        var read = await ReadTextAsync(registration with { Signals = SnapshotSignals.Newest(registration.Signals, snapshots) }, cancellationToken).ConfigureAwait(false);
        return read with { Faults = [.. read.Faults, .. SnapshotSignals.Faults(registration.Signals, snapshots)] };
    }

    private async Task<RegistrationPolicy> ReadTextAsync(ReleaseRegistration registration, CancellationToken cancellationToken)
    {
        if (registration is { Policy: null, PolicyName: null })
        {
            return registration.PolicyVersion is null
                ? await ByCatalogAsync(registration, cancellationToken).ConfigureAwait(false)
                : new(registration, [new("policyVersion", "Says which version of a policy; give policyName too.")]);
        }

        if (registration is { Policy: not null, PolicyName: not null })
        {
            return new(registration, [new("policy", "Give the text of a policy or the name of one, not both.")]);
        }

        if (registration is { Policy: not null, PolicyVersion: not null })
        {
            return new(registration, [new("policyVersion", "Belongs to policyName; a text of its own has no version.")]);
        }

        if (registration.Policy is { } text)
        {
            return Read(registration, new(null, null, PolicyText.Digest(text), text));
        }

        return await NamedAsync(registration, registration.PolicyName!, "", cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyDictionary<string, string> Snapshots(ReleaseRegistration registration) =>
        signals?.Snapshots(registration.Service ?? "", registration.Target ?? "", registration.Environment ?? "") ?? ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What goes by a policy is not let out without one because nobody named it, nor because the file that does cannot be read.</summary>
    private async Task<RegistrationPolicy> ByCatalogAsync(ReleaseRegistration registration, CancellationToken cancellationToken)
    {
        var reading = catalog is null || registration.Service is not { } service ? null : await catalog.FindAsync(service, cancellationToken).ConfigureAwait(false);
        if (reading is { Service: null, Faults: [var fault, ..] })
        {
            return new(registration, [new("policyName", $"Which policy {registration.Service} goes by cannot be told, because the console cannot read what its catalogue has of it ({fault.Sentence}): name one.")]);
        }

        return reading?.Service?.PolicyIn(registration.Environment ?? "") is { } name
            ? await NamedAsync(registration, name, $", which the catalogue names for {registration.Service} in {registration.Environment}", cancellationToken).ConfigureAwait(false)
            : new(registration, []);
    }

    private async Task<RegistrationPolicy> NamedAsync(ReleaseRegistration registration, string name, string why, CancellationToken cancellationToken) =>
        await (library?.FindAsync(name, registration.PolicyVersion, cancellationToken) ?? Task.FromResult<PolicyVersion?>(null)).ConfigureAwait(false) is { } found
            ? Read(registration, new(found.Name, found.Version, found.Digest, found.Text))
            : new(registration, [new("policyName", $"There is no policy {name}{(registration.PolicyVersion is { } version ? $", version {version}," : "")} in the library{why}.")]);

    private ReleasePolicy? PolicyOf(Release release)
    {
        try
        {
            return release.Policy is { } snapshot ? _reader.Read(snapshot) : null;
        }
        catch (FormatException)
        {
            // A text that an earlier version of the console took; its release is shown with that.
            return null;
        }
    }

    private RegistrationPolicy Read(ReleaseRegistration registration, PolicySnapshot snapshot)
    {
        var own = SignalRules.Faults(registration.Signals, registration.PreviousVersion is not null).Any() ? null : SignalRules.Build(registration.Signals);
        var scope = own is null
            ? null
            : PolicyScope.Of(
                $"{registration.Service} on {registration.Target}, {registration.Environment}", own,
                signals?.Provided(registration.Service ?? "", registration.Target, registration.Environment) ?? [], signals?.HasObjective(registration.Service ?? "", registration.Environment));
        var check = PolicyText.Check(snapshot.Text, scope);
        if (check.Policy is not { } policy)
        {
            return new(registration, [.. check.Errors.Select(e => new RegistrationFault("policy", e.Sentence))]);
        }

        var snapshots = Snapshots(registration);
        IReadOnlyList<SignalDefinition> watched = scope is null ? [] : [.. PolicyAgreement.Watched(policy, own!, scope).Select(s => SnapshotSignals.Alone(s, snapshots))];
        var target = registration.Target is { } name ? targets?.Find(name, registration.Environment)?.Capabilities : null;
        var needed = !PolicyAgreement.HasWayBack(registration, policy, target);
        return new(PolicyAgreement.Merge(registration, policy),
        [
            .. PolicyAgreement.Strategy(registration, policy, target),
            .. PolicyAgreement.Faults(registration, policy, watched.Count + (own?.Count ?? 0)),
            .. PolicyAgreement.Author(registration, policy),
            .. needed ? PolicyAgreement.Acceptance(registration.AcceptNoWayBack) : [],
        ])
        {
            Snapshot = snapshot,
            PromotesByItself = policy.Delivery.Mode == DeliveryMode.Deployment,
            Watched = watched,
            Accepted = needed ? registration.AcceptNoWayBack : null,
        };
    }
}
