using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Actions.Promote;

/// <summary>A gate does not pass.</summary>
public abstract record GateRefusal(GateResult Gate) : Refusal
{
    public override string Sentence => Gate.Detail;

    /// <summary>True when waiting alone makes it pass: hold time, samples still coming in, a window that opens. It does not stand against asking for approval.</summary>
    public bool PassesByWaiting => Gate.Verdict == Verdict.Running;
}

/// <summary>The release is in its last stage.</summary>
public sealed record NoNextStageRefusal : Refusal
{
    public override string Sentence => "The release is in its last stage, so there is nowhere to promote it to; it is done when its watch time is over in good health.";
}

/// <summary>A required signal has no data that is fresh enough.</summary>
public sealed record DataNotFreshRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>A verdict is worse than pass.</summary>
public sealed record VerdictNotPassRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>The release has not been in its stage for as long as the stage asks.</summary>
public sealed record StageHoldNotOverRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>A required signal has too few observations.</summary>
public sealed record TooFewSamplesRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>The release is halted.</summary>
public sealed record HaltInForceRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>The release's switch was killed since it was registered.</summary>
public sealed record SwitchKilledRefusal(GateResult Gate) : GateRefusal(Gate);

/// <summary>A gate of policy, evidence or place does not pass.</summary>
public sealed record PolicyGateRefusal(GateResult Gate) : GateRefusal(Gate)
{
    public override string Sentence => $"{char.ToUpperInvariant(Gate.Name[0])}{Gate.Name[1..]}: {Gate.Detail}";
}
