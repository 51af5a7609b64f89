using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>What one measure is: a metric of one of the API's sets, over one period.</summary>
/// <param name="Name">As the rule <c>measure</c> names it.</param>
/// <param name="Set">The metric set, as the API writes it.</param>
/// <param name="Period">Over what time.</param>
/// <param name="Metric">The metric, as the API writes it: a share of the users, 0 to 1.</param>
/// <param name="Sentence">What it means, for people.</param>
/// <param name="IsRest">True for the share of the users that the metric does not count.</param>
internal sealed record VitalsMeasure(string Name, string Set, VitalsPeriod Period, string Metric, string Sentence, bool IsRest = false)
{
    /// <summary>The metric that says how many users there were.</summary>
    public const string Users = "distinctUsers";

    private const string Crashes = "crashRateMetricSet", Anrs = "anrRateMetricSet";

    private const string CrashLine = "Google's line of bad behaviour is 1.09 %, over 28 days and all devices.";
    private const string AnrLine = "Google's line of bad behaviour is 0.47 %, over 28 days and all devices.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<VitalsMeasure> All { get; } =
    [
        new("user_perceived_crash_rate", Crashes, VitalsPeriod.Day, "userPerceivedCrashRate", $"Users of the version's last counted day who saw it crash while they used it. {CrashLine}"),
        new("user_perceived_crash_rate_7d", Crashes, VitalsPeriod.Day, "userPerceivedCrashRate7dUserWeighted", $"The same as a mean of 7 days, weighted by each day's users. {CrashLine}"),
        new("user_perceived_crash_rate_28d", Crashes, VitalsPeriod.Day, "userPerceivedCrashRate28dUserWeighted", $"The same as a mean of 28 days, weighted by each day's users. {CrashLine}"),
        new("user_perceived_crash_rate_hourly", Crashes, VitalsPeriod.Hour, "userPerceivedCrashRate", "Users of the version's last counted hour who saw it crash while they used it. Not what Google's lines are held to: those are of days."),
        new("crash_free_users", Crashes, VitalsPeriod.Day, "crashRate", "Users of the version's last counted day whom it did not crash for, in use or in the background.", IsRest: true),
        new("crash_free_users_hourly", Crashes, VitalsPeriod.Hour, "crashRate", "Users of the version's last counted hour whom it did not crash for, in use or in the background.", IsRest: true),
        new("user_perceived_anr_rate", Anrs, VitalsPeriod.Day, "userPerceivedAnrRate", $"Users of the version's last counted day for whom it did not answer to input. {AnrLine}"),
        new("user_perceived_anr_rate_7d", Anrs, VitalsPeriod.Day, "userPerceivedAnrRate7dUserWeighted", $"The same as a mean of 7 days, weighted by each day's users. {AnrLine}"),
        new("user_perceived_anr_rate_28d", Anrs, VitalsPeriod.Day, "userPerceivedAnrRate28dUserWeighted", $"The same as a mean of 28 days, weighted by each day's users. {AnrLine}"),
        new("user_perceived_anr_rate_hourly", Anrs, VitalsPeriod.Hour, "userPerceivedAnrRate", "Users of the version's last counted hour for whom it did not answer to input. Not what Google's lines are held to: those are of days."),
    ];

    /// <summary>For a kind's list.</summary>
    public SourceMeasure Listed => new(Name, SignalUnit.Percent, Sentence);

    /// <summary>The measure of a rule.</summary>
    public static VitalsMeasure Of(SignalRule rule) => All.First(m => m.Name == rule.Numerator);

    /// <summary>The value of a share, as a percentage.</summary>
    public double Percent(double share) => 100 * (IsRest ? 1 - share : share);
}
