using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Approvals;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>What the gates of a policy came to for one release.</summary>
/// <param name="Gates">Every gate as it stands, waived ones included and named as such.</param>
/// <param name="Seal">Seal of what people decide on (<see cref="Approval.Seal"/>): changes when evidence, policy, artifact, waivers or the stage asked for change, and not with every sample.</param>
/// <param name="ApprovalsNeeded">Approvals that the next promotion needs; 0: none.</param>
public sealed record PolicyGateResults(IReadOnlyList<GateResult> Gates, string Seal, int ApprovalsNeeded)
{
    /// <summary>A release without a policy and without anything against it.</summary>
    public static PolicyGateResults None { get; } = new([], "", 0);

    /// <summary>What <see cref="Seal"/> was made over, so that a later reader can say what changed; null where nothing was sealed.</summary>
    public ApprovalBasis? Basis { get; init; }

    /// <summary>The class of the migration that the submitted SQL showed, where that is worse than the declared one; else the declared one.</summary>
    public MigrationClass Migration { get; init; }

    /// <summary>Why the console may not roll back by itself, as far as the submitted migration tells.</summary>
    public RollbackDoubts Doubts { get; init; }

    /// <summary>Who rejected the artifact, while that is in force; null otherwise.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>How long a request for approval waits.</summary>
    public TimeSpan ApprovalsExpire { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Roles whose approval counts, as the policy writes them; empty: release managers and admins.</summary>
    public IReadOnlyList<string> ApproverRoles { get; init; } = [];
}

/// <summary>Judges what a release's policy asks for, beside the gates that always hold.</summary>
public interface IPolicyGates
{
    /// <summary>Reads evidence, waivers, windows, rejected artifacts, objectives and analysis anew, and judges.</summary>
    Task<PolicyGateResults> JudgeAsync(Release release, ReleaseSnapshot? snapshot, CancellationToken cancellationToken);

    /// <summary>What a roll back is held to. Reads the submitted migration alone, so that stopping does not wait for the other gates.</summary>
    Task<MigrationStanding> MigrationAsync(Release release, CancellationToken cancellationToken) => Task.FromResult(new MigrationStanding(release.Migration));
}
