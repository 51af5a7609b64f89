using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Resume;

/// <summary>There is no halt to take back.</summary>
public sealed record NotHaltedRefusal : Refusal
{
    public override string Sentence => "The release is not halted, so there is nothing to resume.";
}
