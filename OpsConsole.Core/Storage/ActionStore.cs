using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>Actions in the database.</summary>
public sealed class ActionStore(RecordDatabase database) : IActionStore
{
    /// <summary>How many confirmed actions a measured time is taken from.</summary>
    private const int Measured = 200;

    private static readonly object Done = new();

    /// <inheritdoc/>
    public async Task<ActionSave> SaveAsync(ActionChange change, CancellationToken cancellationToken)
    {
        var save = new Save(change);
        try
        {
            await database.WriteAsync(
                RecordDatabase.Live,
                async (context, token) =>
                {
                    await save.WriteAsync(context, token);
                    return Done;
                },
                async (context, token) => await save.IsWrittenAsync(context, token) ? Done : null,
                cancellationToken);
            save.Note();
            return ActionSave.Saved;
        }
        catch (DbUpdateConcurrencyException)
        {
            return ActionSave.Conflict;
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e, ReleaseActionMapping.OneInFlight))
        {
            return ActionSave.AlreadyInFlight;
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            return ActionSave.Conflict;
        }
    }

    /// <inheritdoc/>
    public Task<ReleaseAction?> FindAsync(Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.Actions.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ReleaseAction?> FindInFlightAsync(string subjectKey, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => context.Actions.AsNoTracking().SingleOrDefaultAsync(a => a.InFlightKey == subjectKey, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseAction>> ListInFlightAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseAction>>(
        RecordDatabase.Live,
        async (context, token) => await InFlight(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseAction>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseAction>>(
        RecordDatabase.Live,
        async (context, token) => await OfRelease(context, releaseId).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseAction>> ForSwitchAsync(string switchKey, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseAction>>(
        RecordDatabase.Live,
        async (context, token) => await OfSwitch(context, switchKey).Take(take).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, ReleaseAction>> LatestAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<Guid, ReleaseAction>>(
            RecordDatabase.Live,
            async (context, token) => await Latest(context, releases).ToDictionaryAsync(a => a.ReleaseId!.Value, token),
            cancellationToken);

    /// <inheritdoc/>
    public Task<MeasuredTime?> MeasureAsync(string? target, ActionVerb verb, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        async (context, token) => MeasuredTimes.Of(await Confirmed(context, target, verb).ToListAsync(token)),
        cancellationToken);

    internal static IQueryable<ReleaseAction> InFlight(OpsConsoleDbContext context) => context.Actions.AsNoTracking()
        .Where(a => a.InFlightKey != null).OrderBy(a => a.RequestedAt).ThenBy(a => a.Id);

    internal static IQueryable<ReleaseAction> OfRelease(OpsConsoleDbContext context, Guid releaseId) => context.Actions.AsNoTracking()
        .Where(a => a.ReleaseId == releaseId).OrderByDescending(a => a.RequestedAt).ThenByDescending(a => a.Id);

    internal static IQueryable<ReleaseAction> OfSwitch(OpsConsoleDbContext context, string switchKey) => context.Actions.AsNoTracking()
        .Where(a => a.ReleaseId == null && a.SwitchKey == switchKey).OrderByDescending(a => a.RequestedAt).ThenByDescending(a => a.Id);

    internal static IQueryable<ReleaseAction> Latest(OpsConsoleDbContext context, IReadOnlyCollection<Guid> releases)
    {
        var ids = releases.Distinct().Select(id => (Guid?)id).ToList();
        return context.Actions.AsNoTracking().Where(a => ids.Contains(a.ReleaseId)).GroupBy(a => a.ReleaseId)
            .Select(ofOne => ofOne.OrderByDescending(a => a.RequestedAt).ThenByDescending(a => a.Id).First());
    }

    internal static IQueryable<ConfirmedAction> Confirmed(OpsConsoleDbContext context, string? target, ActionVerb verb) => context.Actions.AsNoTracking()
        .Where(a => a.Phase == ActionPhase.Confirmed && a.Verb == verb && a.Target == target && a.FinishedAt != null)
        // A release that nobody had ends in the record: that tells nothing of how long its target takes.
        .Where(a => verb != ActionVerb.Rollback || a.FromExposure > 0)
        .OrderByDescending(a => a.FinishedAt).Take(Measured)
        .Select(a => new ConfirmedAction(a.ExecutingAt ?? a.RequestedAt, a.FinishedAt!.Value));

    /// <summary>One save with the keys that make it recognisable, however often it is tried.</summary>
    private sealed class Save(ActionChange change)
    {
        private readonly Guid _key = Guid.CreateVersion7();
        private readonly List<Rows.Appended<Audit.AuditEntry>> _audit = [.. change.Audit.Select(Rows.WithKey)];
        private readonly List<Rows.Appended<Releases.ReleaseEvent>> _events = [.. change.Events.Select(Rows.WithKey)];

        public async Task WriteAsync(OpsConsoleDbContext context, CancellationToken cancellationToken)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (_audit.Count > 0)
            {
                await context.HoldAsync(cancellationToken);
            }

            if (change.PreEmpted is { } preEmpted)
            {
                // First, so that the place in flight is free when the next row asks for it.
                Change(context, preEmpted);
                await context.SaveChangesAsync(cancellationToken);
            }

            if (change.IsNew)
            {
                StorableText.In(context.Entry(change.Action));
                context.Entry(change.Action).State = EntityState.Added;
                context.Entry(change.Action).Property(ReleaseActionMapping.SaveKey).CurrentValue = _key;
            }
            else
            {
                Change(context, change.Action);
            }

            if (change.Release is { } release)
            {
                context.Change(release);
            }

            if (change.Switch is { } value)
            {
                context.Change(value, nameof(KillSwitch.Killed), nameof(KillSwitch.ChangedAt), nameof(KillSwitch.ChangedBy), nameof(KillSwitch.Reason));
            }

            if (change.SwitchIn is { } place)
            {
                Write(context, place);
            }

            foreach (var added in change.Approvals.Concat<object?>([change.Rejected]).OfType<object>())
            {
                StorableText.In(context.Entry(added));
                context.Entry(added).State = EntityState.Added;
            }

            _audit.ForEach(context.Append);
            _events.ForEach(context.Append);
            await context.SaveChangesAsync(cancellationToken);

            // Last, when the action holds the release: no other action can change it between this look and the commit.
            if (change.JudgedOn is { } judged && !await context.Releases.AnyAsync(r => r.Id == judged.Id && r.Revision == judged.Revision, cancellationToken))
            {
                throw new DbUpdateConcurrencyException("The release has changed since the action was judged on it.");
            }

            await transaction.CommitAsync(cancellationToken);
        }

        public Task<bool> IsWrittenAsync(OpsConsoleDbContext context, CancellationToken cancellationToken) => context.Actions
            .AnyAsync(a => a.Id == change.Action.Id && EF.Property<Guid>(a, ReleaseActionMapping.SaveKey) == _key, cancellationToken);

        public void Note()
        {
            foreach (var saved in new object?[] { change.Action, change.PreEmpted, change.Release, change.Switch, change.SwitchIn })
            {
                if (saved is not null)
                {
                    ReadRevisions.Note(saved);
                }
            }
        }

        private static void Write(OpsConsoleDbContext context, SwitchEnvironment place)
        {
            if (ReadRevisions.Knows(place))
            {
                context.Change(place, nameof(SwitchEnvironment.Killed), nameof(SwitchEnvironment.ChangedAt), nameof(SwitchEnvironment.ChangedBy), nameof(SwitchEnvironment.Reason));
            }
            else
            {
                StorableText.In(context.Entry(place));
                context.Entry(place).State = EntityState.Added;
            }
        }

        private void Change(OpsConsoleDbContext context, ReleaseAction action)
        {
            context.Change(
                action,
                nameof(ReleaseAction.Phase),
                nameof(ReleaseAction.ExecutingAt),
                nameof(ReleaseAction.FinishedAt),
                nameof(ReleaseAction.Outcome),
                nameof(ReleaseAction.EvidenceJson),
                nameof(ReleaseAction.EvidenceSeal),
                nameof(ReleaseAction.InFlightKey));
            context.Entry(action).Property(ReleaseActionMapping.SaveKey).CurrentValue = _key;
        }
    }
}
