using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Startup;
using Quartz;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>Several consoles on one database, and jobs that run once for all of them.</summary>
public sealed class SharedSchedulerTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_run_is_made_by_one_console_and_the_others_go_on_when_it_ends()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        using var first = Console(database, "first");
        using var second = Console(database, "second");
        var tally = first.Services.GetRequiredService<Tally>();
        var other = second.Services.GetRequiredService<Tally>();
        await first.StartAsync(Token);
        await Eventually.TrueAsync(() => tally.Runs >= 1, TimeSpan.FromSeconds(30));
        await second.StartAsync(Token);
        await Eventually.TrueAsync(() => second.Services.GetRequiredService<SharedScheduler>().IsRunning, TimeSpan.FromSeconds(30));

        // One trigger, one run at a time, whoever makes it.
        var before = tally.Runs + other.Runs;
        await Eventually.TrueAsync(() => tally.Runs + other.Runs >= before + 3, TimeSpan.FromSeconds(30));
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM qrtz_triggers"));
        Assert.Equal("2", await database.QueryAsync("SELECT count(*) FROM qrtz_scheduler_state"));
        Assert.False(Tally.AtOnce(database.ConnectionString));

        await first.StopAsync(Token);
        var left = other.Runs;
        await Eventually.TrueAsync(() => other.Runs > left, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task After_a_pause_one_run_makes_up_for_all_that_were_missed()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        using (var before = Console(database, "before"))
        {
            await before.StartAsync(Token);
            await Eventually.TrueAsync(() => before.Services.GetRequiredService<Tally>().Runs >= 1, TimeSpan.FromSeconds(30));
            await before.StopAsync(Token);
        }

        // An hour ago, in the scheduler's ticks.
        await database.ExecuteAsync($"UPDATE qrtz_triggers SET next_fire_time = next_fire_time - {TimeSpan.TicksPerHour}, trigger_state = 'WAITING'");
        using var after = Console(database, "after");
        await after.StartAsync(Token);
        var tally = after.Services.GetRequiredService<Tally>();
        await Eventually.TrueAsync(() => tally.Runs >= 1, TimeSpan.FromSeconds(30));

        Assert.InRange(tally.Runs, 1, 4);
    }

    [Fact]
    public async Task A_job_that_an_error_took_off_the_schedule_is_put_back()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        using (var before = Console(database, "only"))
        {
            await before.StartAsync(Token);
            await Eventually.TrueAsync(() => before.Services.GetRequiredService<Tally>().Runs >= 1, TimeSpan.FromSeconds(30));
            await before.StopAsync(Token);
        }

        await database.ExecuteAsync("UPDATE qrtz_triggers SET trigger_state = 'ERROR'");
        using var after = Console(database, "only");
        await after.StartAsync(Token);
        await Eventually.TrueAsync(() => after.Services.GetRequiredService<Tally>().Runs >= 1, TimeSpan.FromSeconds(90));
        Assert.Equal(1, after.Services.GetRequiredService<SharedScheduler>().Errors);
    }

    [Fact]
    public async Task A_job_that_nobody_runs_is_seen_to_be_late()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        using (var before = Console(database, "before"))
        {
            await before.StartAsync(Token);
            await Eventually.TrueAsync(() => before.Services.GetRequiredService<Tally>().Runs >= 1, TimeSpan.FromSeconds(30));
            await before.StopAsync(Token);
        }

        // As if a run of it had hung for an hour: no console may begin another.
        await database.ExecuteAsync($"UPDATE qrtz_triggers SET next_fire_time = next_fire_time - {TimeSpan.TicksPerHour}, trigger_state = 'BLOCKED'");
        using var after = Console(database, "after");
        await after.StartAsync(Token);
        var shared = after.Services.GetRequiredService<SharedScheduler>();
        await Eventually.TrueAsync(() => shared.Standings.Count > 0, TimeSpan.FromSeconds(30));

        Assert.InRange(Assert.Single(shared.Standings).Late(TimeProvider.System.GetUtcNow()), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(70));
        Assert.Equal(0, after.Services.GetRequiredService<Tally>().Runs);
    }

    [Fact]
    public async Task A_console_that_cannot_use_the_tables_is_not_running_and_tries_again()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await database.ExecuteAsync("ALTER TABLE qrtz_locks RENAME TO away");
        using var console = Console(database, "only");
        await console.StartAsync(Token);
        var shared = console.Services.GetRequiredService<SharedScheduler>();

        Assert.False(shared.IsRunning);
        await database.ExecuteAsync("ALTER TABLE away RENAME TO qrtz_locks");
        await Eventually.TrueAsync(() => shared.IsRunning, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_job_that_cannot_be_looked_at_does_not_hide_the_others()
    {
        SharedJob[] jobs = [Job("one"), Job("broken"), Job("three")];

        var standings = await SharedScheduler.LookAtEachAsync(
            jobs,
            job => job.Name == "broken" ? throw new InvalidOperationException("The row cannot be read.") : Task.FromResult(new SharedJobStanding(job.Name, TriggerState.Normal, null)),
            NullLogger.Instance,
            Token);

        Assert.Equal(["one", "broken", "three"], standings.Select(s => s.Name));
        Assert.Equal(["broken"], standings.Where(s => s.IsUnseen).Select(s => s.Name));

        static SharedJob Job(string name) => new(typeof(CountingJob), name, TimeSpan.FromSeconds(1), TimeSpan.Zero);
    }

    private static IHost Console(TestDatabase database, string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var services = builder.Services;
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(database.Contexts);
        services.AddSingleton(database.Ready);
        services.AddSingleton(new Tally(database.ConnectionString));
        services.AddSharedJob<CountingJob>("counting", TimeSpan.FromSeconds(1));
        services.AddSharedScheduler("/data/" + name);
        return builder.Build();
    }

    /// <summary>Counts runs of one console, and notices two at once over all consoles of a database.</summary>
    internal sealed class Tally(string database)
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> Running = new();
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> Overlapped = new();

        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public static bool AtOnce(string database) => Overlapped.ContainsKey(database);

        public void Begin()
        {
            if (Running.AddOrUpdate(database, 1, static (_, n) => n + 1) > 1)
            {
                Overlapped[database] = true;
            }
        }

        public void End()
        {
            Running.AddOrUpdate(database, 0, static (_, n) => n - 1);
            Interlocked.Increment(ref _runs);
        }
    }

    [DisallowConcurrentExecution]
    internal sealed class CountingJob(Tally tally) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            tally.Begin();
            await Task.Yield();
            tally.End();
        }
    }
}
