using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies;

/// <summary>What a trigger holds against its threshold.</summary>
public enum TriggerMeasure
{
    /// <summary>The value of the new version.</summary>
    Value,

    /// <summary>The new version against the baseline: percentage points where the signal is a percentage, else relative percent. Worse or better is not looked at, only the sign.</summary>
    Delta,

    /// <summary>The burn rate of the service's error budget over the last hour, the worst of its objectives.</summary>
    BurnRate,
}

/// <summary>How the measure is compared with the threshold.</summary>
public enum TriggerComparison
{
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// <summary>A condition that says when a release must not go on, for example <c>http_5xx_rate &gt; 1% for 5m</c>. Immutable; where it stands is kept elsewhere.</summary>
public sealed record Trigger
{
    /// <summary>As written, with single spaces: the name of the trigger everywhere.</summary>
    public required string Text { get; init; }

    /// <summary>The signal as written, without <c>_delta</c>. Not read for <see cref="TriggerMeasure.BurnRate"/>.</summary>
    public required string Signal { get; init; }

    public required TriggerMeasure Measure { get; init; }

    public required TriggerComparison Comparison { get; init; }

    /// <summary>In <see cref="Unit"/>; for a delta percentage points or relative percent with its sign, so that "drops &gt; 3%" is below -3.</summary>
    public required double Threshold { get; init; }

    /// <summary>Percent, Milliseconds (seconds are turned into them), Factor for <c>x</c>, or None.</summary>
    public required SignalUnit Unit { get; init; }

    /// <summary>How long it must have been breached, with data present, before it fires. Zero: at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long it must have been inside again, with data present, before a fired trigger counts as recovered. Zero: at once.</summary>
    public TimeSpan RecoverFor { get; init; }

    /// <summary>Shown and recorded, and never acted on.</summary>
    public bool DryRun { get; init; }

    /// <summary>True when the value lies on the wrong side of the threshold.</summary>
    public bool IsBreachedBy(double value) => Comparison switch
    {
        TriggerComparison.Above => value > Threshold,
        TriggerComparison.AtLeast => value >= Threshold,
        TriggerComparison.Below => value < Threshold,
        _ => value <= Threshold,
    };

    public override string ToString() => Text;
}
