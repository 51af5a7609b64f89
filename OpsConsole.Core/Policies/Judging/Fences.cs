namespace OpsConsole.Core.Policies.Judging;

/// <summary>The bounds outside which a value counts as an outlier. A value on a bound does not.</summary>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct Fences(double Low, double High)
{
    /// <summary>Bounds that nothing is outside of.</summary>
    public static readonly Fences None = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Excludes(double value) => value < Low || value > High;

    /// <summary>A number of inter-quartile ranges below the first and above the third quartile.</summary>
    /// <param name="ascending">Finite values in ascending order; none gives <see cref="None"/>.</param>
    /// <param name="factor">Above 0.</param>
    public static Fences InterQuartile(ReadOnlySpan<double> ascending, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        if (ascending.IsEmpty)
        {
            return None;
        }

        var (first, third) = (Quantile.Of(ascending, 0.25), Quantile.Of(ascending, 0.75));
        return new(first - (factor * (third - first)), third + (factor * (third - first)));
    }

    /// <summary>As <see cref="InterQuartile"/>, but never inside the 1st and the 99th percentile: where most values are alike the range between the quartiles is nothing, and everything else would be an outlier.</summary>
    /// <param name="ascending">Finite values in ascending order; none gives <see cref="None"/>.</param>
    /// <param name="factor">Above 0.</param>
    public static Fences Cautious(ReadOnlySpan<double> ascending, double factor)
    {
        var fences = InterQuartile(ascending, factor);
        return ascending.IsEmpty
            ? fences
            : new(Math.Min(fences.Low, Quantile.Of(ascending, 0.01)), Math.Max(fences.High, Quantile.Of(ascending, 0.99)));
    }

    /// <summary>A number of standard deviations, of the values as a whole population, on either side of the mean.</summary>
    /// <param name="values">Finite values in any order; none gives <see cref="None"/>.</param>
    /// <param name="k">Above 0.</param>
    public static Fences KSigma(ReadOnlySpan<double> values, double k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (values.IsEmpty)
        {
            return None;
        }

        var mean = Quantile.Mean(values);
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        var reach = k * Math.Sqrt(squares / values.Length);
        return new(mean - reach, mean + reach);
    }
}
