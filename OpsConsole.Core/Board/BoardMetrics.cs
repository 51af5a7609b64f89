using System.Diagnostics.Metrics;

namespace OpsConsole.Core.Board;

/// <summary>What the board counts about itself, on the meter <c>OpsConsole</c>.</summary>
public static class BoardMetrics
{
    /// <summary>Name of the meter that everything of the console counts on.</summary>
    public const string MeterName = "OpsConsole";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("opsconsole.samples", "{sample}", "Samples given to the board, by outcome.");

    private static readonly Counter<long> Snapshots = Meter.CreateCounter<long>("opsconsole.snapshots", "{snapshot}", "Release snapshots built.");

    // Made once: a tag's value is an object, and counting must not make one.
    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        [.. Enum.GetNames<RecordOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", char.ToLowerInvariant(name[0]) + name[1..]))];

    internal static RecordOutcome Count(RecordOutcome outcome)
    {
        Samples.Add(1, OutcomeTags[(int)outcome]);
        return outcome;
    }

    internal static void CountSnapshots(int built) => Snapshots.Add(built);
}
