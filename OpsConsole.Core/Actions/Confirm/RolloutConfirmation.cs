using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Confirm;

/// <summary>Reads what <see cref="ConfirmRule"/> answers from: the record, the board and the gates, each time anew.</summary>
public sealed class RolloutConfirmation(IReleaseStore releases, IActionStore actions, ReleaseBoard board, ITargetRegistry targets, IPolicyGates gates, TimeProvider time)
{
    /// <summary>How many releases of a service are looked through for one of a version.</summary>
    private const int MostLookedAt = 50;

    /// <summary>Answers a target.</summary>
    /// <param name="question">What it asks.</param>
    /// <param name="service">The service that it leads up.</param>
    /// <param name="target">Its name.</param>
    /// <param name="environment">Where.</param>
    /// <param name="version">The version that it was seen to lead up; null where it does not tell.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be read, so there is no answer.</exception>
    public async Task<ConfirmAnswer> AskAsync(ConfirmQuestion question, string service, string target, string environment, string? version, CancellationToken cancellationToken)
    {
        var there = await releases.PageAsync(new ReleaseQuery { Service = service, Target = target, Environment = environment, Take = MostLookedAt }, cancellationToken).ConfigureAwait(false);
        var newest = await WithActionAsync(there.Items.Count > 0 ? there.Items[0] : null, cancellationToken).ConfigureAwait(false);
        var release = there.Items.FirstOrDefault(r => r.Version == version);
        var asked = release?.Id == newest?.Release.Id ? newest : await WithActionAsync(release, cancellationToken).ConfigureAwait(false);
        return ConfirmRule.Judge(question, new ConfirmFacts(version, asked, newest)
        {
            Standing = question == ConfirmQuestion.GoOn && asked is not null ? await StandingAsync(asked.Release, cancellationToken).ConfigureAwait(false) : null,
        });
    }

    /// <summary>With the newest action that was not given up before its target was asked, nor had its place taken by another.</summary>
    private async Task<ConfirmedRelease?> WithActionAsync(Release? release, CancellationToken cancellationToken) => release is null
        ? null
        : new(
            release,
            (await actions.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(a => a.Phase is not (ActionPhase.Refused or ActionPhase.Rejected or ActionPhase.Expired or ActionPhase.Withdrawn or ActionPhase.PreEmpted)));

    /// <summary>What the gate would hold against a promotion now, were none under way. For what everybody has, only what is bad about it: there is no next stage that anything could stand in the way of.</summary>
    private async Task<IReadOnlyList<Refusal>> StandingAsync(Release release, CancellationToken cancellationToken)
    {
        var snapshot = board.Find(release.Id);
        if (release.NextStage is null)
        {
            var now = time.GetUtcNow();
            return release.Phase == ReleasePhase.Done && snapshot is null ? [] : snapshot is null ? [new NotOnBoardRefusal()]
                : [.. PromotionGates.Judge(ReleaseState.From(release), snapshot, now).Where(g => g is { Name: PromotionGates.VerdictPass, Verdict: Verdict.Fail or Verdict.Error }).Select(g => new VerdictNotPassRefusal(g))];
        }

        var policy = await gates.JudgeAsync(release, snapshot, cancellationToken).ConfigureAwait(false);
        return PromoteRule.Judge(new ActionContext
        {
            By = new Operator(ActionRecord.Console, Role.Admin, IsService: false) { IsConsole = true },
            Release = ReleaseState.From(release),
            Snapshot = snapshot,
            Target = targets.Find(release.Target, release.Environment)?.Capabilities,
            Policy = policy,
            IsApproved = true,
            Now = time.GetUtcNow(),
        });
    }
}
