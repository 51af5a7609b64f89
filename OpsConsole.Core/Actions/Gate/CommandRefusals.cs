namespace OpsConsole.Core.Actions.Gate;

/// <summary>No reason was given, or one too short to tell anything.</summary>
public sealed record ReasonTooShortRefusal(int Length) : Refusal
{
    public override string Sentence => Length == 0
        ? $"A reason is missing; say why in {ActionCommand.MinReasonLength} to {ActionCommand.MaxReasonLength} characters, it goes to the record."
        : $"The reason has {Length} characters and {ActionCommand.MinReasonLength} are needed; say why, it goes to the record.";
}

/// <summary>The reason is longer than the record keeps.</summary>
public sealed record ReasonTooLongRefusal(int Length) : Refusal
{
    public override string Sentence => $"The reason has {Length} characters, {Length - ActionCommand.MaxReasonLength} too many; shorten it to {ActionCommand.MaxReasonLength}.";
}

/// <summary>What was typed to confirm is missing or not the service's name.</summary>
public sealed record WrongConfirmationRefusal(string Expected, string? Typed) : Refusal
{
    public override string Sentence => string.IsNullOrEmpty(Typed)
        ? $"This needs a typed confirmation; type {Expected} exactly."
        : $"What was typed to confirm is not the service's name; type {Expected} exactly.";
}

/// <summary>The command does not say on which snapshot it was decided.</summary>
public sealed record MissingSeenVersionRefusal : Refusal
{
    public override string Sentence => "The command does not say which snapshot it was decided on; send seenVersion with the release's snapshotVersion as the board shows it.";
}

/// <summary>Phase, stage, verdict or action changed after what the command was decided on.</summary>
public sealed record StaleSeenVersionRefusal(long Seen, long Decision) : Refusal
{
    public override string Sentence => $"The release changed after you looked: you saw snapshot {Seen}, and it changed at {Decision}; look at it again, then decide.";
}

/// <summary>The command names a snapshot that does not exist.</summary>
public sealed record UnknownSeenVersionRefusal(long Seen, long Current) : Refusal
{
    public override string Sentence => $"Snapshot {Seen} does not exist, the newest is {Current}; send the snapshotVersion that the board shows.";
}
