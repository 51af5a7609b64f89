using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Releases;

/// <summary>Takes a release in: checks it, saves it, puts it on the board and on the record. Nobody is exposed by it; that is what the first promotion does.</summary>
public sealed class RegisterRelease(
    IReleaseStore releases,
    ISwitchStore switches,
    IAuditStore audit,
    IRejectedArtifactStore rejected,
    ReleaseBoard board,
    SwitchBoard flags,
    TimeProvider time,
    ILogger<RegisterRelease> log,
    RegistrationPolicies? policies = null,
    DarkReleaseRule? dark = null)
{
    private const string Happened = "release.register";

    private readonly RegistrationPolicies _policies = policies ?? new(null, null);
    private readonly RecordPace _pace = new();

    /// <summary>Registers a release, or says everything that stands against it.</summary>
    public async Task<RegisterAnswer> RegisterAsync(ReleaseRegistration registration, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentNullException.ThrowIfNull(by);
        var everywhere = by.In(null);
        by = by.In(registration.Environment);
        if (by.WhyNot(Permission.ReleasesRegister, "register releases") is { } why)
        {
            return new RegisterAnswer.NotPermitted(why);
        }

        var now = time.GetUtcNow();
        try
        {
            var policy = await _policies.ReadAsync(registration, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<RegistrationFault> faults = [.. RegistrationRules.Faults(registration, now), .. policy.Faults, .. dark?.Faults(policy.Registration) ?? []];
            registration = policy.Registration;
            return faults.Count > 0 ? new RegisterAnswer.Invalid(faults)
                : await BeyondAsync(policy, by, everywhere, cancellationToken).ConfigureAwait(false) is { } beyond ? new RegisterAnswer.NotPermitted(beyond)
                : await SaveAsync(policy, by, now, cancellationToken).ConfigureAwait(false);
        }
        catch (DuplicateReleaseException e)
        {
            await HealSwitchAsync(e.Existing, registration, by, now).ConfigureAwait(false);
            return await RefuseAsync(registration, by, new(e.Existing, e.Message), now).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RegisterAnswer.Unavailable("The record cannot be written now, so nothing was registered; send the same registration again in a minute.");
        }
    }

    /// <summary>Why who registers may not do what comes with it; null where nothing does, or they may.</summary>
    private async Task<string?> BeyondAsync(RegistrationPolicy policy, Operator by, Operator everywhere, CancellationToken cancellationToken) =>
        RegistrationRights.WhyNotPromoting(policy, by)
        ?? (policy.Registration.SwitchKey is { } key && await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is null ? RegistrationRights.WhyNotBringing(key, everywhere) : null);

    private async Task<RegisterAnswer> SaveAsync(RegistrationPolicy policy, Operator by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var registration = policy.Registration;
        var bad = registration.Fixes is { } fixes ? await releases.FindAsync(fixes, cancellationToken).ConfigureAwait(false) : null;
        if (await AgainstAsync(registration, bad, cancellationToken).ConfigureAwait(false) is { } against)
        {
            return await RefuseAsync(registration, by, against, now).ConfigureAwait(false);
        }

        var release = RegistrationRules.Build(registration, now, policy.Snapshot, policy.Watched);
        var warnings = _policies.Warnings(release);
        if (policy.Accepted is { } accepted)
        {
            // On record before the release is: one that starts without a way back is never there without the name of who accepted it.
            await audit.AppendAsync(AcceptanceLine(release, accepted, by), cancellationToken).ConfigureAwait(false);
        }

        
        // Whether who asked still waits or not: what is on record has to be on the board.
        var superseded = await releases.AddAsync(release, by.Name, CancellationToken.None).ConfigureAwait(false);
        var value = await TrySwitchAsync(registration, by, now).ConfigureAwait(false);
        Show(release, superseded, bad, value);
        await TryTellAsync(release, policy.Accepted).ConfigureAwait(false);
        await TryAuditAsync(registration, by, "done", Described(release, superseded), $"release:{release.Id:N}", now).ConfigureAwait(false);
        return new RegisterAnswer.Registered(release) { Warnings = warnings };
    }

    /// <summary>What is on record against a registration without faults; null when nothing is.</summary>
    private async Task<RegisterAnswer.Conflict?> AgainstAsync(ReleaseRegistration registration, Release? bad, CancellationToken cancellationToken)
    {
        // The same artifact is promoted forward, never rebuilt: one version is one digest in every environment of a target.
        var known = await releases.FindDigestAsync(registration.Service, registration.Target, registration.Version, cancellationToken).ConfigureAwait(false);
        if (known is not null && !string.Equals(known, registration.Artifact.Digest, StringComparison.Ordinal))
        {
            return new(
                null,
                $"{registration.Service} {registration.Version} is registered elsewhere with the digest {known}, and this one has {registration.Artifact.Digest}: "
                + "promote the same artifact forward, or give the rebuilt one a version of its own.");
        }

        if (await rejected.InForceAsync([registration.Artifact.Digest], cancellationToken).ConfigureAwait(false) is [var refused, ..])
        {
            return new(null, $"The artifact {refused.Digest} was rejected by {refused.By} ({refused.Reason.TrimEnd('.')}) and is refused on every target until an admin lifts that; build a corrected one.");
        }

        if (registration.Fixes is { } fixes && FixForward.WhyNot(bad, registration) is { } notAFix)
        {
            return new(fixes, notAFix);
        }

        if (registration.SwitchKey is { } key && await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is { ArchivedAt: { } archivedAt })
        {
            return new(null, $"The switch {key} was put away at {Wording.Moment(archivedAt)} and is served to nobody; take it out of the archive first, or name another.");
        }

        return dark is not null && await dark.WhyNotAsync(registration, cancellationToken).ConfigureAwait(false) is { } against ? new(against.Existing, against.Sentence) : null;
    }

    /// <summary>Puts a refusal on record, the same one once in <see cref="RecordPace.Pause"/>: a pipeline that asks again and again does not flood it.</summary>
    private async Task<RegisterAnswer> RefuseAsync(ReleaseRegistration registration, Operator by, RegisterAnswer.Conflict against, DateTimeOffset now)
    {
        await _pace.TellAsync(
            by,
            $"{Happened} {Title(registration)}",
            RecordPace.Part(against.Sentence),
            now,
            leftOut => TryAuditAsync(registration, by, "refused", against.Sentence + leftOut, $"service:{registration.Service}", now)).ConfigureAwait(false);
        return against;
    }

    /// <summary>After the release, so that one that is refused leaves no switch behind. The release stands whether its switch could be written or not: the same registration sent again adds it.</summary>
    private async Task<KillSwitch?> TrySwitchAsync(ReleaseRegistration registration, Operator by, DateTimeOffset now)
    {
        try
        {
            return await SwitchAsync(registration, by, now, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RecordUnavailableException e)
        {
            log.LogError(e, "The switch {Switch} of {Service} {Version} could not be written; send the same registration again to add it.", registration.SwitchKey, registration.Service, registration.Version);
            return null;
        }
    }

    /// <summary>A crash or an outage right after a release was saved leaves it without its switch; sending the same registration again adds it.</summary>
    private async Task HealSwitchAsync(Guid existing, ReleaseRegistration registration, Operator by, DateTimeOffset now)
    {
        try
        {
            var there = await releases.FindAsync(existing, CancellationToken.None).ConfigureAwait(false);
            if (there?.Version == registration.Version && there.SwitchKey == registration.SwitchKey
                && await SwitchAsync(registration, by, now, CancellationToken.None).ConfigureAwait(false) is { } value)
            {
                Show(value);
            }
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "Whether the switch {Switch} is there could not be read.", registration.SwitchKey);
        }
    }

    /// <summary>A release brings its switch with it; one that is there already stays as it is.</summary>
    private async Task<KillSwitch?> SwitchAsync(ReleaseRegistration registration, Operator by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (registration.SwitchKey is not { } key)
        {
            return null;
        }

        var value = await switches.FindAsync(key, cancellationToken).ConfigureAwait(false);
        if (value is null)
        {
            await switches.AddAsync(
                new KillSwitch { Key = key, Owner = registration.Owner, TurnsOff = $"what {registration.Service} guards with {key}", ChangedAt = now },
                new AuditEntry
                {
                    At = now, Actor = by.Name, Role = by.Role.ToString(), Event = "switch.add", Subject = $"switch:{key}", SubjectTitle = $"switch {key}", Outcome = "done",
                    Detail = $"Came with {registration.Service} {registration.Version}.",
                },
                cancellationToken).ConfigureAwait(false);
            value = await switches.FindAsync(key, cancellationToken).ConfigureAwait(false);
        }

        return value;
    }

    /// <summary>The board shows one release for each service, target and environment: what was there before goes.</summary>
    private void Show(Release release, IReadOnlyList<Release> superseded, Release? bad, KillSwitch? value)
    {
        board.Replace(release, bad is null ? superseded : [.. superseded, bad]);
        if (value is not null)
        {
            Show(value);
        }
    }

    private void Show(KillSwitch value)
    {
        flags.Set(value);
        board.Show(value.Summary());
    }

    private static AuditEntry AcceptanceLine(Release release, NoWayBack accepted, Operator by) => new()
    {
        At = release.RegisteredAt, Actor = by.Name, Role = by.Role.ToString(), Event = "release.accept-no-way-back", Subject = $"release:{release.Id:N}",
        SubjectTitle = $"{release.Service} {release.Version} on {release.Target}, {release.Environment}", Outcome = "done",
        Reason = accepted.Reason, Detail = $"{accepted.By} accepts that it has no executable way back.",
    };

    private async Task TryTellAsync(Release release, NoWayBack? accepted)
    {
        if (accepted is null)
        {
            return;
        }

        try
        {
            await releases.AppendEventAsync(
                new()
                {
                    ReleaseId = release.Id, Kind = ReleaseEventKind.Waiver, At = release.RegisteredAt, Actor = accepted.By, Reason = accepted.Reason,
                    Text = "Starts without an executable way back, which was accepted.",
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "That {Service} {Version} starts without a way back is in the audit, and could not be put in its timeline.", release.Service, release.Version);
        }
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Described(Release release, IReadOnlyList<Release> superseded) =>
        $"Artifact {release.Artifact.Digest}, {Counted(release.Stages.Count, "stage")}, {Counted(release.Signals.Count, "signal")}"
        + (release.Policy is { } policy ? $", policy {policy.Title}" : "")
        + (release.FixesReleaseId is { } bad ? $", fixes forward release {bad}" : "")
        + (superseded.Count == 0 ? "." : $"; supersedes {string.Join(", ", superseded.Select(r => r.Version))}.");

    /// <summary>What is decided stands, whether its line can be written or not (false); the release's own timeline tells of its registration in any case.</summary>
    private async Task<bool> TryAuditAsync(ReleaseRegistration registration, Operator by, string outcome, string detail, string subject, DateTimeOffset now)
    {
        var entry = new AuditEntry
        {
            At = now, Actor = by.Name, Role = by.Role.ToString(), Event = Happened, Subject = subject, SubjectTitle = Title(registration),
            Outcome = outcome, Detail = detail,
        };
        try
        {
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "The registration of {Title} ({Outcome}) could not be put on the record.", entry.SubjectTitle, outcome);
            return false;
        }
    }

    private static string Title(ReleaseRegistration registration) => $"{registration.Service} {registration.Version} on {registration.Target}, {registration.Environment}";
}
