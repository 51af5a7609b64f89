using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Promote;

/// <summary>The release is in its last stage.</summary>
public sealed record NoNextStageRefusal : Refusal
{
    public override string Sentence => "The release is in its last stage, so there is nowhere to promote it to; it is done when its watch time is over in good health.";
}

/// <summary>A required signal has no data that is fresh enough.</summary>
public sealed record DataNotFreshRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;
}

/// <summary>A verdict is worse than pass.</summary>
public sealed record VerdictNotPassRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;
}

/// <summary>The release has not been in its stage for as long as the stage asks.</summary>
public sealed record StageHoldNotOverRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;
}

/// <summary>A required signal has too few observations.</summary>
public sealed record TooFewSamplesRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;
}

/// <summary>The release is halted.</summary>
public sealed record HaltInForceRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;
}
