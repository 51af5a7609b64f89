using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Resume;

/// <summary>Let a halted release go on from the stage it was halted in.</summary>
public sealed record ResumeCommand(Guid ReleaseId, string Reason, long? SeenVersion, string? Confirmation)
    : ReleaseCommand(ReleaseId, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Resume;
}
