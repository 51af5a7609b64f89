using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Rollback;

/// <summary>Give everyone the previous version.</summary>
public sealed record RollbackCommand(Guid ReleaseId, string Reason, long? SeenVersion, string? Confirmation)
    : ReleaseCommand(ReleaseId, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Rollback;
}
