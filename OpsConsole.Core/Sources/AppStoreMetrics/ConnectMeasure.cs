using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>What one measure is.</summary>
/// <param name="Name">As the rule <c>measure</c> names it.</param>
/// <param name="Unit">The unit of its value.</param>
/// <param name="Sentence">What it means, for people.</param>
internal abstract record ConnectMeasure(string Name, SignalUnit Unit, string Sentence)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ConnectMeasure> All { get; } =
    [
        .. Pair("hang_rate", SignalUnit.None, "HANG", "hangRate", null, "Seconds of an hour of use in which the app did not answer"),
        .. Pair("launch_time", SignalUnit.Milliseconds, "LAUNCH", "launchTime", "milliseconds", "Time until the app draws its first frame"),
        .. Pair("terminations_on_screen", SignalUnit.None, "TERMINATION", "onScreen", null, "How often the system ended the app while it was on screen, in Apple's unit"),
        .. Pair("terminations_background", SignalUnit.None, "TERMINATION", "background", null, "How often the system ended the app in the background, in Apple's unit"),
        new SignatureMeasure("hang_signatures", "Different call stacks in which the version hangs, as far as Apple lists them.", "HANGS", OnlyRising: false),
        new SignatureMeasure("hang_signatures_rising", "Those of them that weigh more than in earlier versions, as Apple compares them.", "HANGS", OnlyRising: true),
        new SignatureMeasure("launch_signatures", "Different call stacks in which the version is slow to launch, as far as Apple lists them.", "LAUNCHES", OnlyRising: false),
        new SignatureMeasure("launch_signatures_rising", "Those of them that weigh more than in earlier versions, as Apple compares them.", "LAUNCHES", OnlyRising: true),
    ];

    /// <summary>For a kind's list.</summary>
    public SourceMeasure Listed => new(Name, Unit, Sentence);

    /// <summary>The measure of a rule.</summary>
    public static ConnectMeasure Of(SignalRule rule) => All.First(m => m.Name == rule.Numerator);

    private static IEnumerable<ConnectMeasure> Pair(string name, SignalUnit unit, string category, string metric, string? unitThere, string sentence) =>
    [
        new MetricMeasure($"{name}_p50", unit, $"{sentence}: what is typical for its users.", category, metric, "percentile.fifty", unitThere),
        new MetricMeasure($"{name}_p90", unit, $"{sentence}: what one user in ten has it worse than.", category, metric, "percentile.ninety", unitThere),
    ];
}

/// <summary>A power or performance metric.</summary>
/// <param name="Name">As the rule <c>measure</c> names it.</param>
/// <param name="Unit">The unit of its value.</param>
/// <param name="Sentence">What it means, for people.</param>
/// <param name="Category">Its category, as the API writes it.</param>
/// <param name="Metric">The metric, as the API writes it.</param>
/// <param name="Percentile">The percentile of the users, as the API writes it.</param>
/// <param name="UnitThere">The unit that the API has to state; null where Apple does not write down how it is called.</param>
internal sealed record MetricMeasure(string Name, SignalUnit Unit, string Sentence, string Category, string Metric, string Percentile, string? UnitThere) : ConnectMeasure(Name, Unit, Sentence);

/// <summary>A count of diagnostic signatures.</summary>
/// <param name="Name">As the rule <c>measure</c> names it.</param>
/// <param name="Sentence">What it means, for people.</param>
/// <param name="Diagnostic">The kind of diagnostic, as the API writes it.</param>
/// <param name="OnlyRising">Whether only those count that weigh more than in earlier versions.</param>
internal sealed record SignatureMeasure(string Name, string Sentence, string Diagnostic, bool OnlyRising) : ConnectMeasure(Name, SignalUnit.Count, Sentence);
