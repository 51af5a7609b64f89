using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Halt;

/// <summary>The release is halted already.</summary>
public sealed record AlreadyHaltedRefusal : Refusal, IAlreadyInForce
{
    public override string Sentence => "The release is halted already; roll it back to take it away from who has it, or resume it.";
}
