using Microsoft.Extensions.Logging;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Approvals;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Rules;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>Reads the facts that gates are judged on from where they are kept, and lets the one rule judge them.</summary>
/// <remarks>What is not connected is not known, and so never passes: without evidence, policies, analyses, objectives or change sizes the gates that need them say so.</remarks>
public sealed class PolicyGates(
    IWaiverStore waivers,
    IWindowStore windows,
    IRejectedArtifactStore rejected,
    TimeProvider time,
    ILogger<PolicyGates> log,
    IEvidenceStore? evidence = null,
    IPolicyReader? policies = null,
    IAnalysisStore? analyses = null,
    IServiceObjectives? objectives = null,
    IChangeSizes? changes = null) : IPolicyGates
{
    /// <summary>Longest time objectives may take; the other facts have the record's own limit.</summary>
    private static readonly TimeSpan ObjectivesLimit = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<PolicyGateResults> JudgeAsync(Release release, ReleaseSnapshot? snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var facts = await FactsAsync(release, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var basis = ApprovalBasis.Of(facts, release, now);
        var approvals = facts.Policy?.Approvals ?? new ApprovalPolicy();
        return new PolicyGateResults(PolicyGateRule.Judge(facts, release, snapshot, now), EvidenceSeal.Over(basis).Seal, PolicyGateRule.ApprovalsNeeded(facts, release))
        {
            Basis = basis,
            Migration = basis.Migration,
            Doubts = CurrentEvidence.Doubts(facts.Evidence),
            RejectedBy = facts.Rejected?.By,
            ApprovalsExpire = approvals.Expires,
            ApproverRoles = approvals.Roles,
        };
    }

    /// <inheritdoc/>
    public async Task<MigrationStanding> MigrationAsync(Release release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var submitted = await EvidenceAsync(release.Id, cancellationToken).ConfigureAwait(false);
        return new(CurrentEvidence.Migration(release.Migration, submitted), CurrentEvidence.Doubts(submitted));
    }

    private async Task<GateFacts> FactsAsync(Release release, CancellationToken cancellationToken)
    {
        var (policy, fault) = Read(release.Policy);
        var digests = new[] { release.Artifact.Digest, release.PreviousDigest }.OfType<string>().ToList();
        var inForce = await rejected.InForceAsync(digests, cancellationToken).ConfigureAwait(false);
        var conditions = policy?.Canary?.PromoteIf ?? [];
        var (standing, trouble) = conditions.Any(c => c is PromoteCondition.ErrorBudgetHealthy or PromoteCondition.NoCriticalAlerts)
            ? await ObjectivesAsync(release, cancellationToken).ConfigureAwait(false)
            : (null, null);
        return new GateFacts
        {
            Policy = policy,
            PolicyFault = fault,
            Evidence = await EvidenceAsync(release.Id, cancellationToken).ConfigureAwait(false),
            Waivers = await waivers.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false),
            Windows = await windows.ListAsync(cancellationToken).ConfigureAwait(false),
            Rejected = inForce.FirstOrDefault(r => r.Digest == release.Artifact.Digest),
            RejectedPrevious = inForce.FirstOrDefault(r => r.Digest == release.PreviousDigest),
            Analysis = conditions.Contains(PromoteCondition.AnalysisPasses) && analyses is not null
                && await analyses.LatestAsync(release.Id, 1, cancellationToken).ConfigureAwait(false) is [var newest, ..] ? newest : null,
            Objectives = standing,
            ObjectivesFault = trouble,
            ChangedLines = policy?.Evidence.LargeChangeLines is not null && changes is not null
                ? await changes.LinesAsync(release, cancellationToken).ConfigureAwait(false)
                : null,
        };
    }

    private async Task<IReadOnlyList<EvidenceItem>> EvidenceAsync(Guid releaseId, CancellationToken cancellationToken) =>
        evidence is null ? [] : await evidence.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);

    private (ReleasePolicy? Policy, string? Fault) Read(PolicySnapshot? snapshot)
    {
        if (snapshot is null)
        {
            return (null, null);
        }

        try
        {
            return policies is null ? (null, "nothing in this console reads policies") : (policies.Read(snapshot), null);
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>What hangs or breaks here is a gate that cannot be judged, and holds nothing else up.</summary>
    private async Task<(ObjectiveStanding? Standing, string? Trouble)> ObjectivesAsync(Release release, CancellationToken cancellationToken)
    {
        if (objectives is null)
        {
            return (null, null);
        }

        try
        {
            using var limit = new CancellationTokenSource(ObjectivesLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return (await objectives.StandingAsync(release.Service, release.Environment, both.Token).WaitAsync(both.Token).ConfigureAwait(false), null);
        }
#pragma warning disable CA1031 // Objectives may break in any way; the gate then says that they cannot be read.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "The objectives of {Service} cannot be read.", release.Service);
            return (null, e is OperationCanceledException ? $"no answer within {Wording.Duration(ObjectivesLimit)}" : e.Message);
        }
    }
}
