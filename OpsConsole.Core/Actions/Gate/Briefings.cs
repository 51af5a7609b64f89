using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What a dialog says before an action. Every number in it is measured, or is said not to be.</summary>
public sealed class Briefings(
    IReleaseStore releases, ISwitchStore switches, IActionStore actions, ReleaseBoard board, SwitchBoard flags, FlagEnvironments environments, ITargetRegistry targets, TimeProvider time,
    IPolicyGates? gates = null)
{
    /// <summary>The context of a preview: what the board shows, and nothing read.</summary>
    internal static ActionContext Preview(ReleaseSnapshot snapshot, Operator by, ITargetRegistry targets, TimeProvider time) => new()
    {
        By = by.In(snapshot.Environment),
        Release = ReleaseState.From(snapshot),
        Snapshot = snapshot,
        Target = targets.Find(snapshot.Target, snapshot.Environment)?.Capabilities,
        InFlight = snapshot.Action is { } action && action.Phase.IsInFlight() ? action : null,
        Switch = snapshot.Switch,
        Policy = snapshot.Policy is { } policy ? new PolicyGateResults(StandingGates.Shown(snapshot, time.GetUtcNow()), "", policy.ApprovalsNeeded) { Migration = policy.Migration, Doubts = policy.Doubts } : PolicyGateResults.None,
        Now = time.GetUtcNow(),
    };

    /// <summary>For an action on a release; null when there is no such release. The kill switch of a release is that of its switch.</summary>
    public async Task<ActionBriefing?> ReleaseAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken)
    {
        var context = board.Find(releaseId) is { } snapshot
            ? Preview(snapshot, by, targets, time)
            : await RecordedAsync(releaseId, by, cancellationToken).ConfigureAwait(false);
        if (context is null)
        {
            return null;
        }

        if (verb is ActionVerb.Kill or ActionVerb.Restore)
        {
            return await SwitchAsync(verb, context.Switch, context, cancellationToken).ConfigureAwait(false);
        }

        context = verb == ActionVerb.Rollback ? await WithMigrationAsync(context, cancellationToken).ConfigureAwait(false) : context;
        var release = context.Release!;
        var words = new ReleaseSentences(context, verb == ActionVerb.Rollback && release.IsUnexposed ? await WasAskedAsync(releaseId, cancellationToken).ConfigureAwait(false) : null);
        var refusals = ActionRules.Judge(verb, context);
        var able = !refusals.Any(r => r is TargetCannotRefusal);
        return new ActionBriefing
        {
            Title = words.Title(verb),
            Environment = release.Environment,
            WhatHappens = able ? words.WhatHappens(verb) : $"Nothing: {context.Target?.Title ?? release.Target} cannot {verb.Phrase()}.",
            WhoFeelsIt = words.WhoFeelsIt(verb),
            HowLong = await HowLongAsync(release.Target, verb, context.Now, cancellationToken).ConfigureAwait(false),
            WhatStays = words.WhatStays(verb) + Killed(verb, context.Switch),
            ToUndo = words.ToUndo(verb),
            TypeToConfirm = !able ? null : verb == ActionVerb.Rollback || (verb == ActionVerb.Promote && release.NextStage?.ExposurePercent >= 100) ? release.Service : null,
            Gates = verb == ActionVerb.Promote ? [.. PromotionGates.Judge(release, context.Snapshot, context.Now), .. context.Policy.Gates] : [],
            ApprovalsNeeded = verb == ActionVerb.Promote ? context.Policy.ApprovalsNeeded : 0,
            Refusals = refusals,
            SeenVersion = context.Snapshot?.SnapshotVersion,
            EvidenceAsOf = context.Snapshot?.AsOf,
        };
    }

    /// <summary>Going on with a killed switch spreads a release whose feature is off; whoever does it is told.</summary>
    private static string Killed(ActionVerb verb, SwitchSummary? bound) => bound is { Killed: true } && !verb.IsStopping()
        ? $" The kill switch {bound.Key} is killed: {bound.TurnsOff} stays off for everyone."
        : "";

    /// <summary>For an action on a switch, everywhere or in one environment; null when there is no such switch. From memory while the record is away, because a kill is taken then.</summary>
    public async Task<ActionBriefing?> SwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken)
    {
        ActionContext context;
        by = by.In(environment);
        try
        {
            var value = await switches.FindAsync(switchKey, cancellationToken).ConfigureAwait(false);
            var places = value is null || environment is null ? [] : await switches.EnvironmentsAsync(switchKey, cancellationToken).ConfigureAwait(false);
            context = new ActionContext { By = by, Switch = value?.Summary(), SwitchIn = value is null ? null : SwitchRequests.In(value, environment, places)?.Summary(value.TurnsOff), Now = time.GetUtcNow() };
        }
        catch (RecordUnavailableException)
        {
            context = new ActionContext { By = by, Switch = flags.Find(switchKey), SwitchIn = environment is null ? null : flags.Only(switchKey, environment), Now = time.GetUtcNow() };
        }

        return context.Switch is null ? null : await SwitchAsync(verb, context.Switch, context, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ActionBriefing> SwitchAsync(ActionVerb verb, SwitchSummary? value, ActionContext context, CancellationToken cancellationToken)
    {
        var kill = verb == ActionVerb.Kill;
        var what = value?.TurnsOff ?? "what it guards";

        // Restoring from a release whose own environment is killed restores that one.
        var place = context.SwitchIn?.Environment ?? (kill ? null : value?.Environment);
        var only = place is null ? "" : $" in {place}";
        return new ActionBriefing
        {
            Title = value is null ? "No kill switch" : $"{(kill ? "Kill" : "Restore")} {value.Key}{only}",
            Environment = place,
            WhatHappens = kill
                ? $"Every evaluation of the flag{only} answers off: {what} is turned off{only}."
                : $"Evaluations of the flag{only} answer as before the kill: {what} is turned on again{only}.",
            WhoFeelsIt = $"Everyone who reaches a service or app that reads the flag{(place is null ? "" : $" of {place}")}, on every version.",
            HowLong = await HowLongAsync(null, verb, context.Now, cancellationToken).ConfigureAwait(false) + "; readers follow when they next ask for the flag.",
            WhatStays = (kill, place) switch
            {
                (true, null) => "Every version stays where it is; only what the flag guards goes. A promotion in flight of a release bound to it is halted.",
                (true, _) => $"Other environments keep it. Every version stays where it is; a promotion in flight in {place} of a release bound to it is halted.",
                (false, null) => "Every version stays where it is, and so does a kill in a single environment.",
                _ => "Every version stays where it is, and other environments as they are.",
            },
            ToUndo = kill ? $"Restore the switch{only}." : "Kill it again.",
            Gates = [],
            Refusals = [.. ActionRules.Judge(verb, context), .. environments.Against(context.SwitchIn?.Environment)],
            SeenVersion = context.Snapshot?.SnapshotVersion,
            EvidenceAsOf = context.Snapshot?.AsOf,
        };
    }

    /// <summary>What the submitted migration showed, where no engine put it on the board: without a policy, and once the release has ended.</summary>
    private async Task<ActionContext> WithMigrationAsync(ActionContext context, CancellationToken cancellationToken)
    {
        if (gates is null || context.Snapshot?.Policy is not null)
        {
            return context;
        }

        try
        {
            return await releases.FindAsync(context.Release!.Id, cancellationToken).ConfigureAwait(false) is { } release
                ? context with { Release = context.Release.With(await gates.MigrationAsync(release, cancellationToken).ConfigureAwait(false)) }
                : context;
        }
        catch (RecordUnavailableException)
        {
            // The gate reads it again before it acts.
            return context;
        }
    }

    /// <summary>Whether a promotion may have brought the version to its target, though none was confirmed; null where nobody can tell now.</summary>
    private async Task<bool?> WasAskedAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        try
        {
            return (await actions.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false)).Any(a => a.MayHaveArrived);
        }
        catch (RecordUnavailableException)
        {
            return null;
        }
    }

    private async Task<ActionContext?> RecordedAsync(Guid releaseId, Operator by, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(releaseId, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return null;
        }

        var value = release.SwitchKey is { } key ? await switches.FindAsync(key, cancellationToken).ConfigureAwait(false) : null;
        var inFlight = await actions.FindInFlightAsync($"release:{releaseId:N}", cancellationToken).ConfigureAwait(false);
        return new ActionContext
        {
            By = by.In(release.Environment),
            Release = ReleaseState.From(release),
            Target = targets.Find(release.Target, release.Environment)?.Capabilities,
            InFlight = inFlight?.Summary(),
            Switch = value?.Summary(),
            Now = time.GetUtcNow(),
        };
    }

    private async Task<string> HowLongAsync(string? target, ActionVerb verb, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await actions.MeasureAsync(target, verb, cancellationToken).ConfigureAwait(false) is { Count: > 0 } m
                ? $"{Wording.Measured(m.Median)} here (p95 {Wording.Measured(m.P95)}, n {m.Count}, last {Wording.Age(now - m.LastAt)} ago)"
                : "not measured here yet";
        }
        catch (RecordUnavailableException)
        {
            return "the measured times cannot be read now";
        }
    }
}
