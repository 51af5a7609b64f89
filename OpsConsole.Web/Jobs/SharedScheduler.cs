using System.Data.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Storage;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>Runs what must run once for all consoles on a database. They agree through its tables, and when one ends the others take its jobs over.</summary>
/// <remarks>What feeds this console's own memory stays on the scheduler of its own, which needs no database.</remarks>
internal sealed class SharedScheduler(
    IEnumerable<SharedJob> jobs,
    SharedSchedulerName name,
    OpsConsoleDbContextFactory database,
    StorageReady storage,
    TimeProvider time,
    IServiceProvider console,
    ILoggerFactory loggers,
    ILogger<SharedScheduler> log) : BackgroundService
{
    /// <summary>How often a console says that it is alive.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(3);

    /// <summary>How long after a missed word the others take over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Time between two looks at what was taken off the schedule.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private IScheduler? _scheduler;
    private IReadOnlyList<SharedJobStanding> _standings = [];
    private int _errors;

    /// <summary>True while it runs.</summary>
    public bool IsRunning => _scheduler?.Status == SchedulerStatus.Running;

    /// <summary>Since when it has run; null until then.</summary>
    public DateTimeOffset? RunningSince { get; private set; }

    /// <summary>How the jobs stood when they were looked at last; empty until then.</summary>
    public IReadOnlyList<SharedJobStanding> Standings => Volatile.Read(ref _standings);

    /// <summary>How often a job was found taken off the schedule by an error.</summary>
    public int Errors => Volatile.Read(ref _errors);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        await using var connections = database.CreateDataSource();
        await using var services = Build(connections);
        try
        {
            while (!IsRunning)
            {
                try
                {
                    await StartAsync(services, stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.LogWarning("The shared jobs cannot be started ({Reason}); trying again in {Seconds} s.", e.GetBaseException().Message, Pause.TotalSeconds);
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }

            await FollowAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
        finally
        {
            if (_scheduler is { } running)
            {
                await running.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
            }
        }
    }

    private async Task StartAsync(ServiceProvider services, CancellationToken stoppingToken)
    {
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(stoppingToken);
        foreach (var job in jobs)
        {
            // One that is there goes on where it is; others may be running it now.
            var there = await scheduler.GetTrigger(job.TriggerKey, stoppingToken);
            if (there is not ISimpleTrigger { } known || known.RepeatInterval != job.Interval)
            {
                await scheduler.ScheduleJob(job.Detail(), [job.Trigger(time)], ScheduleJobOptions.Replacing, stoppingToken);
            }
        }

        await scheduler.Start(stoppingToken);
        RunningSince = time.GetUtcNow();
        _scheduler = scheduler;
        log.LogInformation("Shared jobs: {Count}, as {Name}", jobs.Count(), name.Value);
    }

    /// <summary>Looks how the jobs stand, and puts those back on the schedule that were taken off it because a console could not make them: one of an earlier version, for example, that does not know them.</summary>
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        HashSet<string> told = [];
        while (true)
        {
            var standings = await LookAtEachAsync(jobs, job => LookAsync(_scheduler!, job, stoppingToken), log, stoppingToken);
            Volatile.Write(ref _standings, standings);
            Tell(standings, told);
            await Task.Delay(Look, time, stoppingToken);
        }
    }

    /// <summary>Looks at each job; one that cannot be looked at does not hide the others.</summary>
    internal static async Task<List<SharedJobStanding>> LookAtEachAsync(
        IEnumerable<SharedJob> jobs, Func<SharedJob, Task<SharedJobStanding>> look, ILogger log, CancellationToken stoppingToken)
    {
        List<SharedJobStanding> standings = [];
        foreach (var job in jobs)
        {
            try
            {
                standings.Add(await look(job));
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The shared job {Job} could not be looked at ({Reason}).", job.Name, e.GetBaseException().Message);
                standings.Add(new SharedJobStanding(job.Name, TriggerState.None, null) { IsUnseen = true });
            }
        }

        return standings;
    }

    private async Task<SharedJobStanding> LookAsync(IScheduler scheduler, SharedJob job, CancellationToken stoppingToken)
    {
        var (state, trigger) = (await scheduler.GetTriggerState(job.TriggerKey, stoppingToken), await scheduler.GetTrigger(job.TriggerKey, stoppingToken));
        if (state == TriggerState.Error)
        {
            log.LogWarning("The shared job {Job} was taken off the schedule by an error, and is put back.", job.Name);
            Interlocked.Increment(ref _errors);
            await scheduler.ResetTriggerFromErrorState(job.TriggerKey, stoppingToken);
        }

        return new SharedJobStanding(job.Name, state, trigger?.NextFireTimeUtc);
    }

    /// <summary>Tells of a job once when it gets into trouble.</summary>
    private void Tell(List<SharedJobStanding> standings, HashSet<string> told)
    {
        var now = time.GetUtcNow();
        foreach (var standing in standings.Where(s => s.State != TriggerState.Error && !s.IsUnseen))
        {
            if (standing.Trouble(now) is not { } trouble)
            {
                told.Remove(standing.Name);
            }
            else if (told.Add(standing.Name))
            {
                log.LogWarning("The shared job {Job} is {Trouble}: none of the consoles on this database runs it.", standing.Name, trouble);
            }
        }
    }

    /// <summary>A container of its own, because the database is known only when it is ready.</summary>
    private ServiceProvider Build(DbDataSource connections)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.Add(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(Logger<>)));
        services.AddSingleton(time);
        foreach (var job in jobs)
        {
            services.AddTransient(job.Type, _ => ActivatorUtilities.CreateInstance(console, job.Type));
        }

        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler => (scheduler.InstanceName, scheduler.InstanceId) = ("opsconsole", name.Value));
            quartz.UseDefaultThreadPool(Math.Max(jobs.Count(), 1) + 2);
            foreach (var listener in console.GetServices<IJobListener>())
            {
                quartz.AddJobListener(listener);
            }

            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(kept =>
                {
                    kept.TablePrefix = "qrtz_";
                    kept.StoreJobDataAsStrings = true;
                    kept.CommandTimeout = TimeSpan.FromSeconds(15);
                });
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (Alive, Patience));
                if (database.Provider == DatabaseProvider.SqlServer)
                {
                    store.UseSqlServer(source => source.DataSourceFactory = _ => connections);
                }
                else
                {
                    store.UsePostgres(source => source.DataSourceFactory = _ => connections);
                }
            });
        });
        return services.BuildServiceProvider();
    }
}

/// <summary>This console's name among those that share the jobs. The same after a restart, so that what a crash left behind is its own and goes on at once.</summary>
internal sealed record SharedSchedulerName(string Value);
