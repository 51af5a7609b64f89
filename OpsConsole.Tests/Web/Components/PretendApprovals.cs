using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;

namespace OpsConsole.Tests.Web.Components;

/// <summary>What waits as the test says, and what was said on it.</summary>
internal sealed class PretendApprovals : IApprovals
{
    public List<ApprovalRequest> Waiting { get; } = [];

    public List<ApprovalRequest> Decided { get; } = [];

    public List<ApprovalCommand> Said { get; } = [];

    public Func<ApprovalCommand, GateAnswer> Answer { get; set; } = _ => throw new InvalidOperationException("Nothing was to be said.");

    public string? Away { get; set; }

    public Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(Operator reader, CancellationToken cancellationToken) => Away is { } away
        ? Task.FromException<IReadOnlyList<ApprovalRequest>>(new RecordUnavailableException(away))
        : Task.FromResult<IReadOnlyList<ApprovalRequest>>([.. Waiting]);

    public Task<IReadOnlyList<ApprovalRequest>> DecidedAsync(int take, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ApprovalRequest>>([.. Decided]);

    public Task<GateAnswer> SayAsync(ApprovalCommand command, Operator by, CancellationToken cancellationToken)
    {
        Said.Add(command);
        return Task.FromResult(Answer(command));
    }
}
