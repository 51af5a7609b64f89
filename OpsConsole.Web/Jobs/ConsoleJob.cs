using OpsConsole.Core.Tracing;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>A job of the console. Each run is a span, and every log line of it has the job's name and the run's trace id.</summary>
internal abstract class ConsoleJob(ILogger log) : IJob
{
    /// <summary>Where the job logs to.</summary>
    protected ILogger Log { get; } = log;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = context.JobDetail.Key.Name;
        using var run = ConsoleTrace.BeginRun($"job {Kind(name)}");
        run.SetTag("opsconsole.job", name);
        using var scope = Log.BeginScope(new LogScope("Job", name));
        try
        {
            await RunAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            run.Fail(e.GetType().Name, e.Message);
            throw;
        }
    }

    /// <summary>What spans of the job are called: one name for all that do the same.</summary>
    protected virtual string Kind(string name) => name;

    /// <summary>Does what the job is for.</summary>
    /// <param name="name">The job's name on the schedule.</param>
    /// <param name="cancellationToken">The console stops.</param>
    protected abstract Task RunAsync(string name, CancellationToken cancellationToken);
}
