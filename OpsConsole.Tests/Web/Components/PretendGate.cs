using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;

namespace OpsConsole.Tests.Web.Components;

/// <summary>A gate that answers what the test says and remembers what it was asked.</summary>
internal sealed class PretendGate : IActionGate
{
    public List<ActionCommand> Asked { get; } = [];

    public Func<ActionCommand, Task<GateAnswer>> Answer { get; set; } = _ => throw new InvalidOperationException("The gate was not to be asked.");

    public Func<ActionVerb, IReadOnlyList<Refusal>> Rule { get; set; } = _ => [];

    public ActionBriefing? Briefing { get; set; } = Pretend.Briefing();

    public int Briefed { get; private set; }

    public Task<GateAnswer> RequestAsync(ActionCommand command, Operator by, CancellationToken cancellationToken)
    {
        Asked.Add(command);
        return Answer(command).WaitAsync(cancellationToken);
    }

    public IReadOnlyList<Refusal> Preview(ActionVerb verb, ReleaseSnapshot release, Operator by) => Rule(verb);

    public Task<ActionBriefing?> BriefAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken)
    {
        Briefed++;
        return Task.FromResult(Briefing);
    }

    public Task<ActionBriefing?> BriefSwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken) => BriefAsync(verb, Guid.Empty, by, cancellationToken);

    public IReadOnlyList<GateResult> Shown { get; set; } = [new GateResult("fresh data", Verdict.Pass, "All required signals are fresh.", "board", Pretend.Now)];

    public IReadOnlyList<GateResult> Gates(ReleaseSnapshot release) => Shown;
}
