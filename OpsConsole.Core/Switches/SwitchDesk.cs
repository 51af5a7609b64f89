using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Switches;

/// <summary>A switch to make.</summary>
public sealed record CreateSwitchCommand(string? Key, string? Owner, string? TurnsOff);

/// <summary>Who gets what a switch guards in one environment, from now on.</summary>
/// <param name="Key">The switch.</param>
/// <param name="Environment">Where.</param>
/// <param name="Targeting">The whole of it; what was there before goes.</param>
/// <param name="SeenRevision">Revision of the environment that it was decided on; 0 where nothing was said of it yet.</param>
/// <param name="Reason">Why, for the record.</param>
public sealed record TargetSwitchCommand(string Key, string Environment, Targeting Targeting, int SeenRevision, string? Reason);

/// <summary>Makes, targets and puts away switches, on record. Killing and restoring is the gate's.</summary>
/// <remarks>What is decided is written whether who asked still waits or not: what is on record and not in force would be shown and not served.</remarks>
public sealed class SwitchDesk(
    ISwitchStore switches, IReleaseStore releases, FlagEnvironments environments, FlagDrivers drivers, SwitchBoard flags, ReleaseBoard board, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Longest text of what a switch turns off, in characters.</summary>
    public const int MaxTurnsOffLength = 200;

    /// <summary>Longest targeting that the audit keeps word for word, in characters.</summary>
    private const int MostKept = 2_000;

    private const string NoSwitch = "There is no such switch.";

    /// <summary>Makes a switch that is on for everyone.</summary>
    public Task<RecordAnswer<KillSwitch>> CreateAsync(CreateSwitchCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return OnRecordAsync<KillSwitch>(by, null, async (held, now) =>
        {
            var turnsOff = PlainText.Of(command.TurnsOff).Trim();
            List<Refusal> refusals = [.. Permitted(held), .. TextLengthRefusal.Of("what it turns off", turnsOff, 3, MaxTurnsOffLength)];
            refusals.AddRange(CatalogName.IsValid(command.Key) ? [] : [new CatalogNameRefusal("The key")]);
            refusals.AddRange(CatalogName.IsValid(command.Owner) ? [] : [new CatalogNameRefusal("The owner")]);
            if (refusals.Count > 0)
            {
                return Refused<KillSwitch>(refusals);
            }

            var value = new KillSwitch { Key = command.Key!, Owner = command.Owner!, TurnsOff = turnsOff, ChangedAt = now };
            if (await switches.AddAsync(value, Line(value.Key, null, "switch.create", null, $"Turns off {turnsOff}.", by, held, now), CancellationToken.None).ConfigureAwait(false))
            {
                return Show(value);
            }

            var there = await switches.FindAsync(value.Key, cancellationToken).ConfigureAwait(false);
            return Refused<KillSwitch>([new SwitchThereRefusal(value.Key, there?.ArchivedAt is not null)]);
        }, cancellationToken);
    }

    /// <summary>Says who gets what the switch guards in one environment. A kill stays in force.</summary>
    public Task<RecordAnswer<SwitchEnvironment>> TargetAsync(TargetSwitchCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return OnRecordAsync<SwitchEnvironment>(by, command.Environment, async (held, now) =>
        {
            var faults = TargetingCheck.Faults(command.Targeting);
            var reason = PlainText.Of(command.Reason).Trim();
            List<Refusal> refusals = [.. Permitted(held), .. Reason(reason), .. environments.Against(command.Environment)];
            refusals.AddRange(CatalogName.IsValid(command.Environment) ? [] : [new EnvironmentNameRefusal()]);
            refusals.AddRange(faults.Count == 0 ? [] : [new TargetingFaultyRefusal(faults)]);
            if (refusals.Count > 0)
            {
                return Refused<SwitchEnvironment>(refusals);
            }

            if (await switches.FindAsync(command.Key, cancellationToken).ConfigureAwait(false) is not { } value)
            {
                return new RecordAnswer<SwitchEnvironment>.NotFound(NoSwitch);
            }

            if (value.ArchivedAt is { } archivedAt)
            {
                return Refused<SwitchEnvironment>([new ArchivedSwitchRefusal(value.Key, archivedAt)]);
            }

            var place = await PlaceAsync(value, command.Environment, now, cancellationToken).ConfigureAwait(false);
            if (place.Revision != command.SeenRevision)
            {
                return Refused<SwitchEnvironment>([Changed(place, command.SeenRevision)]);
            }

            var stored = TargetingText.ReadStored(place.TargetingJson);
            var driver = await drivers.FindAsync(value.Key, place.Environment, cancellationToken).ConfigureAwait(false);
            if (driver is not null && FlagBuckets.In(command.Targeting.Percent) is var share && share != FlagBuckets.In(FlagDrivers.ShareOf(driver, stored)))
            {
                return Refused<SwitchEnvironment>([new DrivenByReleaseRefusal(value.Key, place.Environment, FlagDrivers.Title(driver), FlagDrivers.ShareOf(driver, stored))]);
            }

            // What was sent of it counts for nothing: releases alone say how far they drive it.
            var given = command.Targeting with { Drive = driver is null ? null : stored.Drive };
            var before = TargetingWords.Of(stored);
            var json = TargetingText.Write(given);
            place.Target(json, by.Name, now);
            var detail = $"{Capital(TargetingWords.Of(given))}; before: {before}.{(json.Length <= MostKept ? "\n" + json : "")}";
            if (!await switches.SaveTargetingAsync(place, Line(value.Key, place.Environment, "switch.target", reason, detail, by, held, now), CancellationToken.None).ConfigureAwait(false))
            {
                return Refused<SwitchEnvironment>([Changed(await PlaceAsync(value, command.Environment, now, cancellationToken).ConfigureAwait(false), command.SeenRevision)]);
            }

            flags.Set(place);
            return new RecordAnswer<SwitchEnvironment>.Done(place);
        }, cancellationToken);
    }

    /// <summary>Puts a switch away: it is answered to nobody any more. Where a revision is given, it must be that one still.</summary>
    public Task<RecordAnswer<KillSwitch>> ArchiveAsync(string key, int? seenRevision, string? reason, Operator by, CancellationToken cancellationToken) => OnRecordAsync<KillSwitch>(by, null, async (held, now) =>
    {
        var why = PlainText.Of(reason).Trim();
        if (await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } value)
        {
            return new RecordAnswer<KillSwitch>.NotFound(NoSwitch);
        }

        List<Refusal> refusals = [.. Permitted(held), .. Reason(why), .. Unseen(value, seenRevision)];
        refusals.AddRange(value.ArchivedAt is null ? await InUseAsync(value, cancellationToken).ConfigureAwait(false) : [new ArchiveStateRefusal(key, true)]);
        if (refusals.Count > 0)
        {
            return Refused<KillSwitch>(refusals);
        }

        value.Archive(by.Name, now);
        return await switches.SaveArchivedAsync(value, Line(key, null, "switch.archive", why, null, by, held, now), CancellationToken.None).ConfigureAwait(false)
            ? Show(value)
            : Refused<KillSwitch>([new ChangedMeanwhileRefusal($"The switch {key}")]);
    }, cancellationToken);

    /// <summary>Takes a switch out of the archive: it is answered again, as it was.</summary>
    public Task<RecordAnswer<KillSwitch>> UnarchiveAsync(string key, string? reason, Operator by, CancellationToken cancellationToken) => OnRecordAsync<KillSwitch>(by, null, async (held, now) =>
    {
        var why = PlainText.Of(reason).Trim();
        if (await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } value)
        {
            return new RecordAnswer<KillSwitch>.NotFound(NoSwitch);
        }

        List<Refusal> refusals = [.. Permitted(held), .. Reason(why)];
        refusals.AddRange(value.ArchivedAt is null ? [new ArchiveStateRefusal(key, false)] : []);
        if (refusals.Count > 0)
        {
            return Refused<KillSwitch>(refusals);
        }

        value.Archive(null, now);
        return await switches.SaveArchivedAsync(value, Line(key, null, "switch.unarchive", why, null, by, held, now), CancellationToken.None).ConfigureAwait(false)
            ? Show(value, now)
            : Refused<KillSwitch>([new ChangedMeanwhileRefusal($"The switch {key}")]);
    }, cancellationToken);

    private RecordAnswer<KillSwitch> Show(KillSwitch value, DateTimeOffset? at = null)
    {
        flags.Set(value, at);
        board.Show(value.Summary());
        return new RecordAnswer<KillSwitch>.Done(value);
    }

    private async Task<SwitchEnvironment> PlaceAsync(KillSwitch value, string environment, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await switches.EnvironmentsAsync(value.Key, cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Environment == environment)
            ?? new SwitchEnvironment { Key = value.Key, Environment = environment, ChangedAt = now };

    private async Task<IReadOnlyList<Refusal>> InUseAsync(KillSwitch value, CancellationToken cancellationToken)
    {
        List<Refusal> refusals = [];
        var bound = (await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.SwitchKey == value.Key && r.Phase.IsLive()).ToList();
        if (bound.Count > 0)
        {
            refusals.Add(new SwitchInUseRefusal(value.Key, [.. bound.Select(r => $"{r.Service} {r.Version} on {r.Target}, {r.Environment}")]));
        }

        var killed = (await switches.EnvironmentsAsync(value.Key, cancellationToken).ConfigureAwait(false)).Where(p => p.Killed).Select(p => p.Environment).ToList();
        if (value.Killed || flags.Find(value.Key) is { Killed: true } || killed.Count > 0)
        {
            refusals.Add(new KilledNotArchivedRefusal(value.Key, killed.Count > 0 && !value.Killed ? $"in {string.Join(", ", killed)}" : "everywhere"));
        }

        return refusals;
    }

    private static IEnumerable<Refusal> Unseen(KillSwitch value, int? seen) => seen is { } revision && revision != value.Revision
        ? [new ChangedSinceRefusal($"The switch {value.Key}", revision, value.Revision, value.ChangedBy is { } who ? $"{who} {(value.Killed ? "killed" : "restored")} it at {Wording.Clock(value.ChangedAt)}" : "")]
        : [];

    private static ChangedSinceRefusal Changed(SwitchEnvironment place, int seen)
    {
        List<string> changes = [];
        if (place.TargetedAt is { } targetedAt)
        {
            changes.Add($"{place.TargetedBy} changed its targeting at {Wording.Clock(targetedAt)} to {TargetingWords.Of(TargetingText.ReadStored(place.TargetingJson))}");
        }

        if (place.ChangedBy is { } who)
        {
            changes.Add($"{who} {(place.Killed ? "killed" : "restored")} it there at {Wording.Clock(place.ChangedAt)}");
        }

        return new ChangedSinceRefusal($"The switch {place.Key} in {place.Environment}", seen, place.Revision, string.Join("; ", changes));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static IEnumerable<Refusal> Permitted(Operator? held) => MayNotRefusal.Of(held, Permission.SwitchesTarget, "make, target or put away switches");

    private static IEnumerable<Refusal> Reason(string reason) => TextLengthRefusal.Of("the reason", reason, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength);

    private static RecordAnswer<T> Refused<T>(IReadOnlyList<Refusal> refusals) => new RecordAnswer<T>.Refused(refusals);

    private static AuditEntry Line(string key, string? environment, string happened, string? reason, string? detail, Operator by, Operator? held, DateTimeOffset now) => new()
    {
        At = now,
        Actor = by.Name,
        Role = held?.RecordedRole ?? "",
        Event = happened,
        Subject = $"switch:{key}",
        SubjectTitle = $"switch {key}{(environment is null ? "" : $" in {environment}")}",
        Outcome = "done",
        Reason = reason,
        Detail = detail,
    };

    private async Task<RecordAnswer<T>> OnRecordAsync<T>(Operator by, string? environment, Func<Operator?, DateTimeOffset, Task<RecordAnswer<T>>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        try
        {
            return await work(await roles.HeldInAsync(by, environment, cancellationToken).ConfigureAwait(false), time.GetUtcNow()).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<T>.Unavailable("The record cannot be written now, so nothing was changed; try again in a minute.");
        }
    }
}
