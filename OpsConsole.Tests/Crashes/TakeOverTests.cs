using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>Two consoles as processes on one database, of which one is killed (SIGKILL): the other goes on with what they share.</summary>
public sealed class TakeOverTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shared_job_and_an_action_of_a_killed_console_are_taken_up_by_the_other_one()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await using var target = await CountedTarget.StartAsync(Token);
        var (oneFolder, otherFolder) = (Directory.CreateTempSubdirectory("opsconsole-one-"), Directory.CreateTempSubdirectory("opsconsole-other-"));
        try
        {
            await using var one = Start(oneFolder);
            Assert.Equal(["held", "up"], new[] { await one.NextAsync(), await one.NextAsync() }.Order());
            await using var other = Start(otherFolder);
            Assert.Equal("up", await other.NextAsync());
            var begun = other.NextAsync();

            target.Arm(KillPlace.PutApplied, one.KillAsync);
            await one.TellAsync("register 2.0.0");
            var release = Guid.Parse((await one.NextAsync())!.Split(' ')[1]);
            await one.TellAsync($"ask {ActionVerb.Promote} {release}");
            Assert.Equal("ready", await one.NextAsync());
            Assert.False(begun.IsCompleted, "Both consoles ran the shared job.");
            await one.TellAsync("go");
            await Eventually.TrueAsync(() => one.HasExited, Limit, () => one.Output);

            Assert.Equal("held", await begun.WaitAsync(Limit, Token));
            await Eventually.TrueAsync(async () => (await ActionAsync(release)).Phase == ActionPhase.Confirmed, Limit, () => other.Output);
            Assert.Equal(1, Assert.Single(target.Asked).Value);
            Assert.Equal(1, Assert.Single(target.Effects).Value);
        }
        finally
        {
            oneFolder.Delete(recursive: true);
            otherFolder.Delete(recursive: true);
        }

        HostProcess Start(DirectoryInfo folder) =>
            CrashHost.Start(database.ConnectionString, target.Address, folder.FullName, settings: (CrashHost.SharedVariable, "1"));

        async Task<ReleaseAction> ActionAsync(Guid release) => Assert.Single(await database.Actions.ForReleaseAsync(release, Token));
    }
}
