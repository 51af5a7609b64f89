namespace OpsConsole.Core.Slos;

/// <summary>Events of a span of time, and how much of it was measured.</summary>
/// <param name="Good">Good events.</param>
/// <param name="Total">All events.</param>
/// <param name="Covered">Time that measured samples speak for.</param>
/// <param name="Span">Time that was asked about.</param>
public readonly record struct EventCount(double Good, double Total, TimeSpan Covered, TimeSpan Span)
{
    /// <summary>A part of an event that arithmetic leaves behind counts as none.</summary>
    private const double Dust = 1e-6;

    public double Bad => Total - Good is var bad && bad > Dust ? bad : 0;

    /// <summary>Share of the span that was measured, 0 to 1.</summary>
    public double Coverage => Span > TimeSpan.Zero ? Math.Clamp(Covered / Span, 0, 1) : 0;

    /// <summary>How many times faster than allowed the budget burned; null without events.</summary>
    /// <param name="allowedShare">Share of events that may be bad, above 0.</param>
    public decimal? BurnRate(decimal allowedShare) => Total > Dust ? ShareOfBad() / allowedShare : null;

    /// <summary>Share of bad events, 0 to 1, in decimals so that a limit met exactly is not passed by rounding.</summary>
    private decimal ShareOfBad() => decimal.Round((decimal)Bad / (decimal)Total, 12);
}
