using System.Collections.Concurrent;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>The real gate behind a door that a test can keep shut.</summary>
internal sealed class HangingGate(IActionGate gate) : IActionGate
{
    private readonly ConcurrentQueue<ActionVerb> _asked = new();

    /// <summary>What was asked for, in order, also while it was not let in yet.</summary>
    public IReadOnlyList<ActionVerb> Asked => [.. _asked];

    /// <summary>Awaited before a command is let in.</summary>
    public Func<ActionVerb, Task>? Before { get; set; }

    public async Task<GateAnswer> RequestAsync(ActionCommand command, Operator by, CancellationToken cancellationToken)
    {
        _asked.Enqueue(command.Verb);
        if (Before?.Invoke(command.Verb) is { } wait)
        {
            await wait;
        }

        return await gate.RequestAsync(command, by, cancellationToken);
    }

    public IReadOnlyList<Refusal> Preview(ActionVerb verb, ReleaseSnapshot release, Operator by) => gate.Preview(verb, release, by);

    public Task<ActionBriefing?> BriefAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken) => gate.BriefAsync(verb, releaseId, by, cancellationToken);

    public Task<ActionBriefing?> BriefSwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken) =>
        gate.BriefSwitchAsync(verb, switchKey, environment, by, cancellationToken);

    public IReadOnlyList<GateResult> Gates(ReleaseSnapshot release) => gate.Gates(release);
}
