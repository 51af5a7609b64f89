using System.Numerics;
using System.Runtime.InteropServices;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>By how much one sample lies above another.</summary>
/// <param name="Lower">Lower end of the confidence interval, in the unit of the values.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Estimate">The Hodges-Lehmann estimate: the shift at which the two samples rank alike.</param>
public readonly record struct ShiftInterval(double Lower, double Upper, double Estimate);

/// <summary>The Mann-Whitney (Wilcoxon rank-sum) comparison of two samples, by the normal approximation with tie and continuity correction.</summary>
/// <remarks>
/// Gives the interval and the estimate that R's <c>wilcox.test(canary, baseline, exact = FALSE, correct = TRUE, conf.int = TRUE)</c> gives.
/// Each step of a search merges two sorted arrays, so a comparison of n points a side takes time in proportion to n, never to n squared.
/// An instance keeps scratch memory of one canary's size and serves one thread at a time.
/// </remarks>
public sealed class RankSum
{
    /// <summary>Width down to which R narrows the ends of the interval, in the unit of the values.</summary>
    public const double RootTolerance = 1e-4;

    private readonly double[] _canary;
    private readonly double[] _baseline;
    private readonly double[] _shifted;

    /// <param name="canary">Ascending, finite, one or more.</param>
    /// <param name="baseline">Ascending, finite, one or more.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public RankSum(double[] canary, double[] baseline)
    {
        ArgumentNullException.ThrowIfNull(canary);
        ArgumentNullException.ThrowIfNull(baseline);
        if (canary.Length == 0 || baseline.Length == 0)
        {
            throw new ArgumentException("Both samples need at least one value.");
        }

        (_canary, _baseline, _shifted) = (canary, baseline, new double[canary.Length]);
        LeastShift = canary[0] - baseline[^1];
        LargestShift = canary[^1] - baseline[0];
    }

    /// <summary>The least difference between a value of the canary and one of the baseline.</summary>
    public double LeastShift { get; }

    /// <summary>The largest such difference.</summary>
    public double LargestShift { get; }

    /// <summary>The probability that a value of the canary is above one of the baseline, ties counting half; 0 to 1.</summary>
    public double CommonLanguageEffect
    {
        get
        {
            var (doubled, _, _) = Rank(0);
            return doubled / (2.0 * _canary.Length * _baseline.Length);
        }
    }

    /// <summary>The share of pairs in which the canary's value is at or above the baseline's, and the share in which it is at or below; 0 to 1 each, ties in both.</summary>
    public (double NotBelow, double NotAbove) Shares
    {
        get
        {
            var (doubled, tied, _) = Rank(0);
            var pairs = (double)_canary.Length * _baseline.Length;
            return ((doubled + tied) / 2.0 / pairs, 1 - ((doubled - tied) / 2.0 / pairs));
        }
    }

    /// <summary>The interval and the estimate.</summary>
    /// <param name="confidence">Level of the interval, above 0 and below 1.</param>
    /// <param name="tolerance">Width that the searches stop at; R's by default.</param>
    public ShiftInterval Interval(double confidence, double tolerance = RootTolerance)
    {
        if (!(LeastShift < LargestShift))
        {
            // Two constants: there is one difference, and R finds no interval.
            return new(LeastShift, LeastShift, LeastShift);
        }

        var alpha = 1 - confidence;
        var quantile = -NormalQuantile.Of(alpha / 2);
        return new(End(quantile, tolerance), End(-quantile, tolerance), Estimate(tolerance));
    }

    /// <summary>The standardised rank sum of the canary, moved down by a shift, less a quantile: above zero where the canary still ranks higher.</summary>
    /// <param name="shift">What is taken from every value of the canary.</param>
    /// <param name="quantile">Quantile of the normal distribution to compare with.</param>
    /// <param name="correct">Whether to take half a rank towards zero, for continuity.</param>
    public double Difference(double shift, double quantile, bool correct = true)
    {
        var (doubled, _, ties) = Rank(shift);
        double n = _canary.Length, m = _baseline.Length;
        var above = (doubled / 2.0) - (n * m / 2);
        var correction = correct ? Math.Sign(above) * 0.5 : 0;
        var deviation = Math.Sqrt(n * m / 12 * (n + m + 1 - (ties / ((n + m) * (n + m - 1)))));

        // Everything tied, which only rounding can bring about between the two ends: neither side ranks higher.
        return (deviation > 0 ? (above - correction) / deviation : 0) - quantile;
    }

    private double End(double quantile, double tolerance)
    {
        var atLeast = Difference(LeastShift, quantile);
        if (atLeast <= 0)
        {
            return LeastShift;
        }

        var atLargest = Difference(LargestShift, quantile);
        return atLargest >= 0
            ? LargestShift
            : RootSearch.Find(LeastShift, atLeast, LargestShift, atLargest, tolerance, shift => Difference(shift, quantile));
    }

    private double Estimate(double tolerance)
    {
        var atLeast = Difference(LeastShift, 0, correct: false);
        var atLargest = Difference(LargestShift, 0, correct: false);
        return atLeast >= 0 && atLargest <= 0
            ? RootSearch.Find(LeastShift, atLeast, LargestShift, atLargest, tolerance, shift => Difference(shift, 0, correct: false))
            : LeastShift + ((LargestShift - LeastShift) / 2); // The whole span lies within rounding of the values.
    }

    /// <summary>Twice the number of pairs in which the moved canary is above the baseline (a tie counts as one), the number of tied pairs, and the sum of t^3 - t over all groups of t equal values.</summary>
    private (long Doubled, long Tied, double Ties) Rank(double shift)
    {
        Shift(shift);
        ReadOnlySpan<double> canary = _shifted, baseline = _baseline;
        long doubled = 0, tied = 0, ties = 0;
        int i = 0, j = 0;
        while (i < canary.Length && j < baseline.Length)
        {
            var value = Math.Min(canary[i], baseline[j]);
            int fromI = i, fromJ = j;
            while (i < canary.Length && canary[i] == value)
            {
                i++;
            }

            while (j < baseline.Length && baseline[j] == value)
            {
                j++;
            }

            doubled += (long)(i - fromI) * (fromJ + j);
            tied += (long)(i - fromI) * (j - fromJ);
            ties += Cube(i - fromI + j - fromJ);
        }

        doubled += 2L * (canary.Length - i) * baseline.Length;
        return (doubled, tied, (double)ties + Runs(canary[i..]) + Runs(baseline[j..]));
    }

    private void Shift(double shift)
    {
        ReadOnlySpan<double> from = _canary;
        Span<double> to = _shifted;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(from);
        var written = MemoryMarshal.Cast<double, Vector<double>>(to);
        var by = new Vector<double>(shift);
        for (var v = 0; v < vectors.Length; v++)
        {
            written[v] = vectors[v] - by;
        }

        for (var i = vectors.Length * Vector<double>.Count; i < from.Length; i++)
        {
            to[i] = from[i] - shift;
        }
    }

    private static long Runs(ReadOnlySpan<double> values)
    {
        long ties = 0;
        for (int i = 0, from = 0; i < values.Length; from = i)
        {
            while (i < values.Length && values[i] == values[from])
            {
                i++;
            }

            ties += Cube(i - from);
        }

        return ties;
    }

    private static long Cube(long count) => count * ((count * count) - 1);
}
