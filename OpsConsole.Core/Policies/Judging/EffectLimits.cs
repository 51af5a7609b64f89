namespace OpsConsole.Core.Policies.Judging;

/// <summary>How the size of a difference is measured.</summary>
public enum EffectMeasure
{
    /// <summary>Mean of the canary over mean of the baseline; 1 is no difference.</summary>
    MeanRatio,

    /// <summary>Common language effect size: the probability that a value of the canary is above one of the baseline; 0.5 is no difference.</summary>
    Cles,
}

/// <summary>How large a difference has to be, beside being a real one, to count, and to count as critical.</summary>
/// <param name="Measure">The measure that the four limits are in.</param>
/// <param name="AllowedIncrease">An increase below this is let pass.</param>
/// <param name="AllowedDecrease">A decrease above this is let pass.</param>
/// <param name="CriticalIncrease">An increase from here on is critical, for a critical metric.</param>
/// <param name="CriticalDecrease">A decrease down to here is critical, for a critical metric.</param>
public sealed record EffectLimits(
    EffectMeasure Measure, double AllowedIncrease, double AllowedDecrease, double CriticalIncrease, double CriticalDecrease)
{
    /// <summary>Every real difference counts, by the mean ratio.</summary>
    public static readonly EffectLimits MeanRatio = None(EffectMeasure.MeanRatio);

    /// <summary>True when a critical size was given for the direction of a label.</summary>
    public bool HasCriticalSize(MetricLabel label)
    {
        var none = None(Measure);
        return label switch
        {
            MetricLabel.High => CriticalIncrease > none.CriticalIncrease,
            MetricLabel.Low => CriticalDecrease < none.CriticalDecrease,
            _ => false,
        };
    }

    /// <summary>Limits at the point of no difference.</summary>
    public static EffectLimits None(EffectMeasure measure)
    {
        var same = measure == EffectMeasure.Cles ? 0.5 : 1;
        return new(measure, same, same, same, same);
    }
}
