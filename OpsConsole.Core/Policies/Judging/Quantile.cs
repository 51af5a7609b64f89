namespace OpsConsole.Core.Policies.Judging;

/// <summary>What is read off a sample.</summary>
public static class Quantile
{
    /// <summary>The value below which a share of the sample lies, interpolated between neighbours (R's type 7).</summary>
    /// <param name="ascending">Finite values in ascending order, one or more.</param>
    /// <param name="share">0 to 1.</param>
    public static double Of(ReadOnlySpan<double> ascending, double share)
    {
        var place = share * (ascending.Length - 1);
        var below = (int)Math.Floor(place);
        return below + 1 < ascending.Length
            ? ascending[below] + ((place - below) * (ascending[below + 1] - ascending[below]))
            : ascending[^1];
    }

    /// <summary>The mean; 0 of nothing.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return values.IsEmpty ? 0 : sum / values.Length;
    }
}
