using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Components.Actions;

/// <summary>What someone is about to ask for: the verb and the release or switch it is about.</summary>
/// <param name="Verb">What is asked.</param>
/// <param name="ReleaseId">The release, or null for a switch.</param>
/// <param name="SwitchKey">The switch, or null for a release.</param>
/// <param name="SeenVersion">Snapshot version of the release that was on the screen.</param>
public sealed record ActionAsk(ActionVerb Verb, Guid? ReleaseId, string? SwitchKey, long? SeenVersion)
{
    /// <summary>The one environment that a switch is killed or restored in; null: everywhere.</summary>
    public string? Environment { get; init; }

    /// <summary>Environments that the dialog offers to limit a kill to.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Names what is asked and what about, and nothing that changes while the dialog is open: a reason that was typed for it is none for another. A kill that can be narrowed down stays the same one.</summary>
    public string Subject => (ReleaseId, Places.Count, Environment) switch
    {
        ({ } release, _, _) => $"{Verb} release {release:N}",
        (null, 0, { } place) => $"{Verb} switch {SwitchKey} in {place}",
        _ => $"{Verb} switch {SwitchKey}",
    };

    /// <summary>Asks for a verb on a release as it is shown; kill and restore go to its switch.</summary>
    public static ActionAsk About(ActionVerb verb, ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return verb is ActionVerb.Kill or ActionVerb.Restore
            ? new ActionAsk(verb, null, release.Switch?.Key, null)
            {
                // What is killed here alone is restored here alone; a kill is everywhere unless the person narrows it down.
                Environment = verb == ActionVerb.Restore ? release.Switch?.Environment : null,
                Places = verb == ActionVerb.Kill ? [release.Environment] : [],
            }
            : new ActionAsk(verb, release.Id, null, release.SnapshotVersion);
    }

    /// <summary>The command for the gate.</summary>
    public ActionCommand ToCommand(string reason, string? confirmation) => (Verb, ReleaseId, SwitchKey) switch
    {
        (ActionVerb.Promote, { } id, _) => new PromoteCommand(id, reason, SeenVersion, confirmation),
        (ActionVerb.Halt, { } id, _) => new HaltCommand(id, reason, SeenVersion, confirmation),
        (ActionVerb.Resume, { } id, _) => new ResumeCommand(id, reason, SeenVersion, confirmation),
        (ActionVerb.Rollback, { } id, _) => new RollbackCommand(id, reason, SeenVersion, confirmation),
        (ActionVerb.Kill, _, { } key) => new KillCommand(key, reason, SeenVersion, confirmation) { Environment = Environment },
        (ActionVerb.Restore, _, { } key) => new RestoreCommand(key, reason, SeenVersion, confirmation) { Environment = Environment },
        _ => throw new InvalidOperationException($"{Verb} names neither a release nor a switch."),
    };
}

/// <summary>Where the buttons of a circuit hand in what they were pressed for; the one dialog listens.</summary>
public sealed class ActionDesk
{
    /// <summary>Raised on the circuit's own thread of work when a dialog is wanted.</summary>
    public event Action<ActionAsk>? Asked;

    /// <summary>Raised when an action that was followed has ended: its release or switch should be read anew.</summary>
    public event Action<ReleaseAction>? Ended;

    /// <summary>Opens the dialog. Nothing is done before it is confirmed there.</summary>
    public void Ask(ActionAsk ask) => Asked?.Invoke(ask);

    /// <summary>Tells that an action has ended.</summary>
    public void Report(ReleaseAction action) => Ended?.Invoke(action);
}
