using System.Diagnostics.Metrics;

namespace OpsConsole.Core.Board;

/// <summary>What the boards of this process count about themselves, on the meter <c>OpsConsole</c>.</summary>
/// <remarks>Samples are counted in plain fields that are read when someone asks: a listener that is called for every sample could allocate on the way in.</remarks>
public static class BoardMetrics
{
    /// <summary>Name of the meter that everything of the console counts on.</summary>
    public const string MeterName = "OpsConsole";

    /// <summary>Value of <c>where</c> for a board that was built.</summary>
    public const string Built = "built";

    /// <summary>Value of <c>where</c> for a board that was handed to a client of the hub.</summary>
    public const string Hub = "hub";

    /// <summary>Value of <c>where</c> for a board that a browser has acknowledged.</summary>
    public const string Page = "page";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Latency = Meter.CreateHistogram<double>("opsconsole.board.latency", "s", "Time from receiving a sample to the board that shows it being built, sent to a hub client or acknowledged by a browser.");

    private static readonly long[] Samples = new long[Enum.GetValues<RecordOutcome>().Length];

    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetNames<RecordOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", char.ToLowerInvariant(name[0]) + name[1..]))];

    private static long _snapshots;

    static BoardMetrics()
    {
        Meter.CreateObservableCounter("opsconsole.board.samples", Outcomes, "{sample}", "Samples given to the board, by what became of them.");
        Meter.CreateObservableCounter("opsconsole.board.snapshots", static () => Volatile.Read(ref _snapshots), "{snapshot}", "Release snapshots built.");
    }

    internal static RecordOutcome Count(RecordOutcome outcome)
    {
        Interlocked.Increment(ref Samples[(int)outcome]);
        return outcome;
    }

    internal static void Reached(TimeSpan? after, string where)
    {
        if (after is { } took)
        {
            Latency.Record(Math.Max(0, took.TotalSeconds), new KeyValuePair<string, object?>("where", where));
        }
    }

    internal static void CountSnapshots(int built) => Interlocked.Add(ref _snapshots, built);

    private static IEnumerable<Measurement<long>> Outcomes() =>
        Samples.Select((_, i) => new Measurement<long>(Volatile.Read(ref Samples[i]), OutcomeTags[i]));
}
