using System.Diagnostics.Metrics;
using Quartz;

namespace OpsConsole.Web.Operations;

/// <summary>Counts what the scheduler runs, and gives the log lines of a job its name.</summary>
internal sealed class JobMetrics : IJobListener
{
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _durations;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsRegistry.MeterName);
        _runs = meter.CreateCounter<long>("opsconsole.job.runs", "{run}", "Runs of the console's jobs, by job and whether they failed.");
        _durations = meter.CreateHistogram<double>("opsconsole.job.duration", "s", "Time that runs of the console's jobs took.");
    }

    public string Name => nameof(JobMetrics);

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        KeyValuePair<string, object?> job = new("name", context.JobInstance.GetType().Name);
        _runs.Add(1, job, new("outcome", jobException is null ? "done" : "failed"));
        _durations.Record(context.JobRunTime.TotalSeconds, job);
        return ValueTask.CompletedTask;
    }
}
