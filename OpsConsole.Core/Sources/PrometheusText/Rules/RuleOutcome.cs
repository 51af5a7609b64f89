using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>What a rule makes of one reading.</summary>
internal readonly record struct RuleOutcome(SampleKind Kind, double Value, long Count, string? Detail)
{
    /// <summary>Largest count that a double holds exactly.</summary>
    private const double MostCounted = 9_007_199_254_740_992;

    /// <summary>Series that the rule's selectors chose; null where it did not come to choosing.</summary>
    public int? Series { get; init; }

    public static RuleOutcome Missing(string detail) => new(SampleKind.Missing, 0, 0, detail);

    public static RuleOutcome Error(string detail) => new(SampleKind.Error, 0, 0, detail);

    /// <summary>A value, or an error when it is too large to be one.</summary>
    public static RuleOutcome Measured(double value, double count) =>
        double.IsFinite(value) && count <= MostCounted
            ? new(SampleKind.Measured, value, (long)Math.Round(count), null)
            : Error("The value is too large to be right.");
}

/// <summary>Computes one signal, reading after reading.</summary>
internal interface IRuleReading
{
    /// <param name="exposition">What was read.</param>
    /// <param name="elapsed">Monotonic time of the reading, for windows and rates.</param>
    RuleOutcome Read(Exposition exposition, TimeSpan elapsed);
}
