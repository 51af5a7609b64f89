namespace OpsConsole.Core.Signals;

/// <summary>Which values a signal of a unit can have at all: a share of less than nothing, or of more than all, is a mistake in what measures it, and never good.</summary>
public static class SignalRange
{
    /// <summary>What arithmetic leaves behind is no mistake.</summary>
    private const double Dust = 1e-6;

    /// <summary>Why a value cannot be right, a constant sentence; null where it can. A plain number may be any.</summary>
    public static string? Fault(double value, SignalUnit unit) => unit switch
    {
        SignalUnit.Percent when value is < -Dust or > 100 + Dust => "The source gives a share that is not within 0 and 100 %.",
        SignalUnit.Milliseconds when value < -Dust => "The source gives a time below zero.",
        SignalUnit.PerSecond or SignalUnit.Count or SignalUnit.Factor when value < -Dust => "The source gives a number below zero of what can only be counted.",
        _ => null,
    };
}
