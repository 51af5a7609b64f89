using System.Diagnostics.Metrics;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Operations;

/// <summary>How the jobs stand that run once for all consoles on a database, as this one sees them.</summary>
internal sealed class SharedJobMetrics : IDisposable
{
    private readonly Meter _meter = new(MetricsRegistry.MeterName);

    public SharedJobMetrics(SharedScheduler shared, TimeProvider time)
    {
        _meter.CreateObservableGauge("opsconsole.shared_jobs.running", () => shared.IsRunning ? 1 : 0, "1", "1 while this console takes part in the jobs that run once for all consoles.");
        _meter.CreateObservableGauge("opsconsole.shared_job.late", () => shared.Standings.Select(j => new Measurement<double>(j.Late(time.GetUtcNow()).TotalSeconds, Name(j))), "s", "How long a run of a shared job has been due.");
        _meter.CreateObservableGauge("opsconsole.shared_job.trouble", () => shared.Standings.Select(j => new Measurement<int>(j.Trouble(time.GetUtcNow()) is null ? 0 : 1, Name(j))), "1", "1 for a shared job that no console runs: overdue, or off the schedule.");
        _meter.CreateObservableCounter("opsconsole.shared_job.errors", () => shared.Errors, "{error}", "How often this console found a shared job taken off the schedule by an error.");
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Name(SharedJobStanding job) => new("name", job.Name);
}
