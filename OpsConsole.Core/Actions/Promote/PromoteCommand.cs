using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Promote;

/// <summary>Take the release to its next stage.</summary>
public sealed record PromoteCommand(Guid ReleaseId, string Reason, long? SeenVersion, string? Confirmation)
    : ReleaseCommand(ReleaseId, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Promote;
}
