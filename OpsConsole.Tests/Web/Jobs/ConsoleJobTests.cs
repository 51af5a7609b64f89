using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>What a job's log lines carry.</summary>
public sealed class ConsoleJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_of_a_job_has_its_name_and_each_run_a_trace_id_of_its_own()
    {
        using var kept = new ScopedLines();
        await using var services = new ServiceCollection()
            .AddLogging(log => log.AddProvider(kept).Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId))
            .AddTransient<SayingJob>().AddQuartz().BuildServiceProvider();
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(Token);
        await scheduler.ScheduleJob(
            JobBuilder.Create<SayingJob>().WithIdentity("saying", "shared").Build(),
            [TriggerBuilder.Create().StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromMilliseconds(50)).WithRepeatCount(1)).Build()],
            ScheduleJobOptions.Replacing, Token);
        await scheduler.Start(Token);
        await Eventually.TrueAsync(() => kept.Lines.Count >= 4);
        await scheduler.Shutdown(waitForJobsToComplete: true, Token);

        Assert.All(kept.Lines, l => Assert.Equal("saying", l.Scope.GetValueOrDefault("Job")));
        var runs = kept.Lines.GroupBy(l => l.Scope.GetValueOrDefault("TraceId")?.ToString() ?? "").ToList();
        Assert.Equal(2, runs.Count);
        Assert.All(runs, r => Assert.Equal((32, 2), (r.Key.Length, r.Count())));
    }

    internal sealed class SayingJob(ILogger<SayingJob> log) : ConsoleJob(log)
    {
        protected override async Task RunAsync(string name, CancellationToken cancellationToken)
        {
            Log.LogInformation("begun");
            await Task.Yield();
            Log.LogInformation("done");
        }
    }

    /// <summary>Keeps what the test's job logged, with the scopes around it.</summary>
    private sealed class ScopedLines : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(string Text, Dictionary<string, object?> Scope)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Kept(this, categoryName.Contains(nameof(SayingJob), StringComparison.Ordinal));

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Kept(ScopedLines all, bool wanted) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => all._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => wanted;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (!wanted)
                {
                    return;
                }

                Dictionary<string, object?> carried = [];
                all._scopes.ForEachScope(
                    static (scope, into) =>
                    {
                        foreach (var (key, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                        {
                            into[key] = value;
                        }
                    },
                    carried);
                all.Lines.Enqueue((formatter(state, exception), carried));
            }
        }
    }
}
