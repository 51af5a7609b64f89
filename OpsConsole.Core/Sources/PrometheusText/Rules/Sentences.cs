namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>Why a rule has no value. Constants: saying it again costs nothing.</summary>
internal static class Sentences
{
    public const string Collecting = "Collecting: an increase needs two readings.";

    public const string Unknown = "The source has no metric of that name, or none with the labels that the selector asks for.";

    public const string LongAgo = "The series state times more than a minute old, so what they rose by is not of now.";

    public const string NothingSelected = "The source has the metric, but no series that the selector chooses.";

    public const string NothingHappened = "Nothing was counted in the window.";

    public const string PartExceedsWhole = "The numerator rose by more than the denominator.";

    public const string NotFinite = "The value is not a finite number.";

    public const string NotAHistogram = "The metric is not a histogram.";

    public const string BadBuckets = "The histogram's buckets are not numbers, negative, not cumulative, or lack +Inf.";

    public const string MixedBuckets = "The selected histograms have different buckets and cannot be added.";

    public const string NoFiniteBucket = "The histogram has no bucket with an upper bound, so there is no quantile.";

    public const string Timeout = "An expression of the selector took too long to match.";
}
