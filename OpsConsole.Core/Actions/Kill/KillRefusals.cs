using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>The release has no switch.</summary>
public sealed record NoSwitchRefusal : Refusal
{
    public override string Sentence => "This release has no kill switch; halt it, or roll it back where its target can.";
}

/// <summary>The switch is killed already.</summary>
public sealed record AlreadyKilledRefusal(string Key, DateTimeOffset Since) : Refusal, IAlreadyInForce
{
    public override string Sentence => $"The switch {Key} is killed already, since {Wording.Clock(Since)}; restore it to turn it on again.";
}

/// <summary>The switch is on, so there is nothing to restore.</summary>
public sealed record NotKilledRefusal(string Key) : Refusal
{
    public override string Sentence => $"The switch {Key} is not killed, so there is nothing to restore.";
}
