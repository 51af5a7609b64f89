using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>The console killed with SIGKILL at every step of every action, on a real database and a target outside of it: nothing that was asked for is lost, and nothing happens twice.</summary>
public sealed class KillLoopTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int SideBySide = 4;

    /// <summary>Enough for every point; when some are left then, a few more are made.</summary>
    private const int Enough = 200;

    /// <summary>As <c>OPSCONSOLE_TEST_KILLS</c> says. Fewer than enough leave points out.</summary>
    private static readonly int Least = int.TryParse(Environment.GetEnvironmentVariable("OPSCONSOLE_TEST_KILLS"), System.Globalization.CultureInfo.InvariantCulture, out var wanted) ? Math.Max(wanted, 30) : Enough;

    private static readonly int Most = Least < Enough ? Least : Least + 100;

    [Fact]
    public async Task However_often_the_console_is_killed_nothing_is_lost_and_nothing_happens_twice()
    {
        var plan = new KillPlan(Least, Most);
        var assembly = await ConsoleImage.TestsAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => RunAsync(plan, assembly, stop)));
        }
        finally
        {
            output.WriteLine($"{plan.Kills} kills.\n{plan.Story}");
        }

        Assert.InRange(plan.Kills, Least, Most);

        // A plan that learns nothing of what the console sends would kill it while it does nothing.
        Assert.Empty(plan.Untouched);
        Assert.InRange(plan.WhileIdle, 0, plan.Kills / 3);
        if (Least >= Enough)
        {
            Assert.Empty(plan.Missing);
        }
    }

    private async Task RunAsync(KillPlan plan, string assembly, CancellationTokenSource stop)
    {
        var folder = Directory.CreateTempSubdirectory("opsconsole-crashes-").FullName;
        try
        {
            await using var database = await postgres.CreateDatabaseAsync(stop.Token);
            await using var target = await CountedTarget.StartAsync(stop.Token);
            await using var relay = new KillingRelay(database.ConnectionString);
            await new KillLane(database, target, relay, plan, folder, () => CrashHost.Start(relay.ConnectionString, target.Address, folder, assembly)).RunAsync(stop.Token);
        }
        catch
        {
            // The others stop after their kill, so that the fault is told soon.
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
