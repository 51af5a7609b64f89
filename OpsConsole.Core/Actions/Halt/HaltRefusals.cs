using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Halt;

/// <summary>The release is halted already.</summary>
public sealed record AlreadyHaltedRefusal : Refusal, IAlreadyInForce
{
    public override string Sentence => "The release is halted already; roll it back to take it away from who has it, or resume it.";
}

/// <summary>The target has ended the rollout: everyone is offered the version.</summary>
public sealed record CannotHaltFullRefusal(string Title) : Refusal
{
    public override string Sentence => $"{char.ToUpperInvariant(Title[0])}{Title[1..]} cannot halt a release that is at 100 %. Kill its switch and fix forward.";
}
