using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>Turn off what the switch guards, everywhere, at once.</summary>
public sealed record KillCommand(string SwitchKey, string Reason, long? SeenVersion = null, string? Confirmation = null)
    : SwitchCommand(SwitchKey, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Kill;
}

/// <summary>Turn it on again, as it was.</summary>
public sealed record RestoreCommand(string SwitchKey, string Reason, long? SeenVersion = null, string? Confirmation = null)
    : SwitchCommand(SwitchKey, Reason, SeenVersion, Confirmation)
{
    public override ActionVerb Verb => ActionVerb.Restore;
}
