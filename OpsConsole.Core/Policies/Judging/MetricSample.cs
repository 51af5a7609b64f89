namespace OpsConsole.Core.Policies.Judging;

/// <summary>One side of a metric, cleaned for judging.</summary>
public sealed class MetricSample
{
    /// <summary>Inter-quartile ranges beyond the quartiles from which a value is an outlier.</summary>
    public const double OutlierFactor = 3;

    /// <summary>Largest magnitude that is computed with; what is beyond cannot be a measurement.</summary>
    public const double LargestValue = 1e100;

    private MetricSample()
    {
    }

    /// <summary>The values that are compared, ascending: gaps handled and outliers left out. Empty where a value is unsound.</summary>
    public double[] Values { get; private init; } = [];

    /// <summary>The same with the outliers, ascending. What decides ranks these: a rank cannot run away, and a point that is so bad that it is an outlier must not count for less than a bad one.</summary>
    public double[] Ranked { get; private init; } = [];

    /// <summary>Mean of <see cref="Ranked"/> with every outlier brought to the bound that it lies beyond; 0 where there are none.</summary>
    public double BoundedMean { get; private init; }

    /// <summary>Points that had a value.</summary>
    public int Measured { get; private init; }

    /// <summary>Points that count against the minimum: those with a value, and those whose gap was replaced.</summary>
    public int Points { get; private init; }

    /// <summary>Points without a value.</summary>
    public int Gaps { get; private init; }

    /// <summary>Outliers left out.</summary>
    public int Outliers { get; private init; }

    /// <summary>Place, from 0, of the first point that is infinite or beyond <see cref="LargestValue"/>; null when there is none.</summary>
    public int? Unsound { get; private init; }

    /// <summary>Cleans one side.</summary>
    /// <param name="points">The points in any order; not-a-number is a gap.</param>
    /// <param name="nan">What becomes of gaps.</param>
    public static MetricSample Of(ReadOnlySpan<double> points, NanStrategy nan)
    {
        var values = new double[points.Length];
        int kept = 0, gaps = 0;
        for (var i = 0; i < points.Length; i++)
        {
            if (double.IsNaN(points[i]))
            {
                gaps++;
                if (nan == NanStrategy.Replace)
                {
                    values[kept++] = 0;
                }
            }
            else if (Math.Abs(points[i]) <= LargestValue)
            {
                values[kept++] = points[i];
            }
            else
            {
                return new() { Unsound = i, Gaps = gaps };
            }
        }

        var ascending = values.AsSpan(0, kept);
        ascending.Sort();
        var fences = Fences.Cautious(ascending, OutlierFactor);
        var judged = Within(ascending, fences).ToArray();
        var ranked = judged.Length == kept ? judged : ascending.ToArray();
        return new()
        {
            Values = judged,
            Ranked = ranked,
            BoundedMean = kept == 0 ? 0 : Quantile.Mean(judged.Length == kept ? judged : [.. ranked.Select(v => Math.Clamp(v, fences.Low, fences.High))]),
            Measured = points.Length - gaps,
            Points = kept,
            Gaps = gaps,
            Outliers = kept - judged.Length,
        };
    }

    private static Span<double> Within(Span<double> ascending, Fences fences)
    {
        int from = 0, to = ascending.Length;
        while (from < to && fences.Excludes(ascending[from]))
        {
            from++;
        }

        while (to > from && fences.Excludes(ascending[to - 1]))
        {
            to--;
        }

        return ascending[from..to];
    }
}
