using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Storage;

/// <summary>The words of people on promotions in the database. They are added with their action (<see cref="ActionStore"/>).</summary>
public sealed class ApprovalStore(RecordDatabase database) : IApprovalStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Approval>> ForActionsAsync(IReadOnlyCollection<Guid> actions, CancellationToken cancellationToken) => actions.Count == 0
        ? Task.FromResult<IReadOnlyList<Approval>>([])
        : database.ReadAsync<IReadOnlyList<Approval>>(
            RecordDatabase.Live,
            async (context, token) => await Words(context, actions).ToListAsync(token),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReleaseAction>> DecidedAsync(int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReleaseAction>>(
        RecordDatabase.Browsing,
        async (context, token) => await Decided(context, take).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<Approval> Words(OpsConsoleDbContext context, IReadOnlyCollection<Guid> actions)
    {
        var ids = actions.Distinct().ToList();
        return context.Approvals.AsNoTracking().Where(a => ids.Contains(a.ActionId)).OrderBy(a => a.At).ThenBy(a => a.Id);
    }

    internal static IQueryable<ReleaseAction> Decided(OpsConsoleDbContext context, int take) => context.Actions.AsNoTracking()
        .Where(a => a.ApprovalsNeeded > 0 && a.Phase != ActionPhase.Requested && a.Phase != ActionPhase.AwaitingApproval && a.Phase != ActionPhase.Approved)
        .OrderByDescending(a => a.RequestedAt).ThenByDescending(a => a.Id).Take(Math.Clamp(take, 1, 200));
}
