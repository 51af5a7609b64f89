using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Targets.Flags;

/// <summary>Changes the percentage of a release's own switch in the release's environment, and reads back what the flag board answers. The rules above the percentage stay as they are.</summary>
public sealed class FlagAdapter(FlagTargetOptions options, ISwitchStore switches, IReleaseStore releases, SwitchBoard flags, TimeProvider time) : IDeliveryTargetAdapter
{
    /// <summary>How often a change is tried anew when others keep changing the same switch.</summary>
    private const int MaxAttempts = 5;

    /// <summary>How many releases of a service are looked through: only the newest can be acted on.</summary>
    private const int MostLookedAt = 50;

    private const string Console = "console";

    public string Target => options.Target;

    public string? Kind => "feature-flag";

    public TargetCapabilities Capabilities => FlagCapabilities.Value;

    /// <inheritdoc/>
    /// <remarks>A halt holds the percentage where it is, whatever share is asked for. Nothing is raised while it is held or killed. Going to 0 is refused only where another release drives the switch.</remarks>
    public Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WithinAsync(
            async token =>
            {
                await ChangeAsync(change, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>While the switch is killed, everywhere or there, nobody is exposed: 0 %, and what the kill shadows is <see cref="TargetObservation.Beneath"/>.</remarks>
    public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken) =>
        WithinAsync(token => ReadAsync(service, environment, version, token), cancellationToken);

    private async Task<TargetObservation> ReadAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var release = await ReleaseAsync(service, environment, version, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetUnreachableException($"No release of {service} {version} with a switch is registered on {Target} in {environment}.") { Answered = true };
        var key = release.SwitchKey!;
        if (await PlaceAsync(key, environment, cancellationToken).ConfigureAwait(false) is { } stored)
        {
            // A write that came after its time is on record and not answered yet; what is known already stays.
            flags.Set(stored);
        }

        if (flags.Find(key, environment) is not { } answered)
        {
            throw new TargetUnreachableException($"The switch {key} is answered to nobody: it was put away, or was not read since the console started.");
        }

        if (ReferenceEquals(answered.Targeting, Targeting.Unreadable))
        {
            throw new TargetUnreachableException(Unreadable(key, environment));
        }

        var (share, drive) = (answered.Targeting.Percent, answered.Targeting.Drive?.Release == release.Id ? answered.Targeting.Drive : null);
        return new TargetObservation(answered.Killed ? 0 : share, drive?.Held == true, drive is { Actions: [.., var last] } ? last : null, time.GetUtcNow())
        {
            Beneath = answered.Killed ? share : null,
            Besides = answered.Killed ? null : Named(key, answered.Targeting),
        };
    }

    /// <summary>The rules above the share are people's own, and no rollout changes them: whom they name has the version whatever the share is.</summary>
    private static string? Named(string key, Targeting targeting)
    {
        var rules = targeting.Rules.Where(r => FlagBuckets.In(r.Percent) > 0).Select(r => r.Name).ToList();
        return rules.Count == 0 ? null : $"Whom the {(rules.Count == 1 ? $"rule '{rules[0]}'" : $"{rules.Count} rules")} of {key} {(rules.Count == 1 ? "names" : "name")} still gets it: kill the switch to take it from them too.";
    }

    private async Task ChangeAsync(TargetChange change, CancellationToken cancellationToken)
    {
        var release = await ReleaseAsync(change.Service, change.Environment, change.Version, cancellationToken).ConfigureAwait(false)
            ?? throw new TargetRefusedException($"No release of {change.Service} {change.Version} with a switch is registered on {Target} in {change.Environment}.");
        var key = release.SwitchKey!;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { ArchivedAt: null } value)
            {
                throw new TargetRefusedException($"The switch {key} is not there or was put away, so it is answered to nobody.");
            }

            var place = await PlaceAsync(key, change.Environment, cancellationToken).ConfigureAwait(false)
                ?? new SwitchEnvironment { Key = key, Environment = change.Environment, ChangedAt = value.ChangedAt };
            var now = TargetingText.ReadStored(place.TargetingJson);
            if (now.Drive?.Release == release.Id && now.Drive.Actions.Contains(change.ActionId))
            {
                return;
            }

            await RefuseOtherDriverAsync(now, release, cancellationToken).ConfigureAwait(false);
            if (await SaveAsync(place, now, Next(now, change, release, IsKilled(value, place)), change, release).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new TargetRefusedException($"The switch {key} was changed by others again and again.");
    }

    /// <summary>The targeting that is asked for.</summary>
    private static Targeting Next(Targeting now, TargetChange change, Release release, bool killed)
    {
        var readable = !ReferenceEquals(now, Targeting.Unreadable);
        var (key, share) = (release.SwitchKey!, change.Halted ? now.Percent : change.ExposurePercent);
        if (TargetingCheck.Faults(new Targeting([], share)) is [var fault, ..])
        {
            throw new TargetRefusedException($"{key} cannot be set to {Wording.Percent(share)}: {fault.Sentence}");
        }

        var mine = now.Drive?.Release == release.Id ? now.Drive : null;
        var drive = new TargetingDrive(release.Id, [.. (mine?.Actions ?? []).Append(change.ActionId).TakeLast(TargetingDrive.MostActions)], change.Halted);
        if (!change.Halted && FlagBuckets.In(share) == 0)
        {
            return new Targeting(readable ? now.Rules : [], 0) { Drive = drive };
        }

        if (!readable)
        {
            throw new TargetRefusedException(Unreadable(key, change.Environment));
        }

        if (FlagBuckets.In(share) > FlagBuckets.In(now.Percent))
        {
            if (mine?.Held == true)
            {
                throw new TargetRefusedException($"{key} is halted at {Wording.Percent(now.Percent)} in {change.Environment}; resume the release first.");
            }

            if (killed)
            {
                throw new TargetRefusedException($"{key} is killed, so nobody would get it; restore the switch first.");
            }
        }

        return now with { Percent = share, Drive = drive };
    }

    /// <summary>Two releases that were registered in the same instant: the first one to move drives it.</summary>
    private async Task RefuseOtherDriverAsync(Targeting now, Release release, CancellationToken cancellationToken)
    {
        if (now.Drive is { } drive && drive.Release != release.Id
            && await releases.FindAsync(drive.Release, cancellationToken).ConfigureAwait(false) is { } other && other.Phase.IsLive()
            && other.SwitchKey == release.SwitchKey && other.Environment == release.Environment)
        {
            throw new TargetRefusedException($"{FlagDrivers.Title(other)} drives the share of {release.SwitchKey} in {release.Environment}; finish it or roll it back first.");
        }
    }

    /// <summary>Once it is being written it is not called off: what is on record is put in force, also when nobody waits for it any more.</summary>
    private async Task<bool> SaveAsync(SwitchEnvironment place, Targeting before, Targeting next, TargetChange change, Release release)
    {
        var (json, at) = (TargetingText.Write(next), time.GetUtcNow());
        if (next.AnswersLike(before))
        {
            place.Note(json);
        }
        else
        {
            place.Target(json, $"{release.Service} {release.Version}", at);
        }

        var words = TargetingWords.Of(next);
        var line = new AuditEntry
        {
            At = at, Actor = Console, Role = Console, Event = "switch.target", Subject = $"switch:{place.Key}", SubjectTitle = $"switch {place.Key} in {place.Environment}", Outcome = "done",
            Detail = $"{char.ToUpperInvariant(words[0])}{words[1..]}{(change.Halted ? ", held" : "")}, for {FlagDrivers.Title(release)}; before: {TargetingWords.Of(before)}.",
        };
        if (!await switches.SaveTargetingAsync(place, line, CancellationToken.None).ConfigureAwait(false))
        {
            return false;
        }

        flags.Set(place);
        return true;
    }

    /// <summary>The newest of that version: one that ended may have been registered again.</summary>
    private async Task<Release?> ReleaseAsync(string service, string environment, string version, CancellationToken cancellationToken) =>
        (await releases.PageAsync(new ReleaseQuery { Service = service, Target = Target, Environment = environment, Take = MostLookedAt }, cancellationToken).ConfigureAwait(false))
            .Items.FirstOrDefault(r => r.Version == version && r.SwitchKey is not null);

    private async Task<SwitchEnvironment?> PlaceAsync(string key, string environment, CancellationToken cancellationToken) =>
        (await switches.EnvironmentsAsync(key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Environment == environment);

    /// <summary>On record, or taken while the record was away.</summary>
    private bool IsKilled(KillSwitch value, SwitchEnvironment place) => value.Killed || place.Killed || flags.Find(value.Key, place.Environment) is { Killed: true };

    private static string Unreadable(string key, string environment) => $"The targeting of {key} in {environment} cannot be read, so the flag has no value there; roll back, which replaces it, or save it anew";

    /// <summary>Bounded also where the record hangs and does not listen.</summary>
    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var task = work(either.Token);
        try
        {
            return await task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetUnreachableException($"The record did not answer within {options.Timeout.TotalSeconds:0.#} s.", e);
        }
        catch (RecordUnavailableException e)
        {
            throw new TargetUnreachableException("The record, which keeps the switch, cannot be reached.", e);
        }
        finally
        {
            _ = task.ContinueWith(static left => _ = left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
