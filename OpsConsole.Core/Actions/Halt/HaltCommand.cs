using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Halt;

/// <summary>Stop the release from reaching anyone else.</summary>
public sealed record HaltCommand(Guid ReleaseId, string Reason, long? SeenVersion, string? Confirmation)
    : ReleaseCommand(ReleaseId, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Halt;
}
