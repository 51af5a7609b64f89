using System.Diagnostics.Metrics;
using OpsConsole.Core.Board;
using OpsConsole.Web.Operations;

namespace OpsConsole.Web.Jobs;

/// <summary>What the console measures of its own collecting: reads, failed reads, and what became of samples.</summary>
internal sealed class SignalMetrics
{
    /// <summary>Value of <c>origin</c> for samples that were read from a source.</summary>
    public const string FromSource = "source";

    /// <summary>Value of <c>origin</c> for samples that were pushed.</summary>
    public const string FromPush = "push";

    private static readonly KeyValuePair<string, object?>[] Outcomes =
        [.. Enum.GetNames<RecordOutcome>().Select(static name => KeyValuePair.Create("outcome", (object?)CamelCase(name)))];

    private readonly Counter<long> _reads;
    private readonly Counter<long> _failedReads;
    private readonly Counter<long> _skippedReads;
    private readonly Histogram<double> _readDuration;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refusedSamples;
    private readonly Counter<long> _points;

    public SignalMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsRegistry.MeterName);
        _reads = meter.CreateCounter<long>("opsconsole.source.reads", description: "Reads of sources that were begun.");
        _failedReads = meter.CreateCounter<long>("opsconsole.source.failed_reads", description: "Reads of sources that failed.");
        _skippedReads = meter.CreateCounter<long>("opsconsole.source.skipped_reads", description: "Reads left out because the source failed before and is being given time.");
        _readDuration = meter.CreateHistogram<double>("opsconsole.source.read.duration", unit: "s", description: "Time that reads of sources took.");
        _samples = meter.CreateCounter<long>("opsconsole.signal.samples", description: "Samples by where they came from and what the board did with them.");
        _refusedSamples = meter.CreateCounter<long>("opsconsole.signal.refused_samples", description: "Pushed samples that were refused, or were known already.");
        _points = meter.CreateCounter<long>("opsconsole.otlp.points", description: "Data points that were sent over OTLP, taken or rejected.");
    }

    public void Read(TimeSpan duration, bool failed)
    {
        _reads.Add(1);
        _readDuration.Record(duration.TotalSeconds);
        if (failed)
        {
            _failedReads.Add(1);
        }
    }

    public void Skipped() => _skippedReads.Add(1);

    public void Sample(string origin, RecordOutcome outcome) => _samples.Add(1, new KeyValuePair<string, object?>("origin", origin), Outcomes[(int)outcome]);

    /// <param name="reason"><c>invalid</c> or <c>duplicate</c>.</param>
    /// <param name="count">How many.</param>
    public void Refused(string reason, int count)
    {
        if (count > 0)
        {
            _refusedSamples.Add(count, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    /// <summary>Counts the data points of one export.</summary>
    public void Points(int accepted, int rejected)
    {
        _points.Add(accepted, new KeyValuePair<string, object?>("outcome", "accepted"));
        _points.Add(rejected, new KeyValuePair<string, object?>("outcome", "rejected"));
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
