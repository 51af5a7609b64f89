using System.Text.Json.Nodes;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Api.Hooks;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>One deployment is one release, whatever is told of it and when; another one is another.</summary>
public sealed class GitHubDeploymentsTests : GitHubDeliveries
{
    [Fact]
    public async Task Every_later_word_of_the_same_deployment_is_known()
    {
        var made = HubEvents.Deployment(Now);
        var first = await TakeAsync("deployment", made);
        foreach (var state in new[] { "queued", "in_progress", "success" })
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            var told = await TakeAsync("deployment_status", HubEvents.Status(made, Now, state));
            Assert.Equal((200, HookOutcome.Known, first.Release), (told.Status, told.Outcome, told.Release));
        }

        Assert.Single(Registered);
    }

    [Fact]
    public async Task What_was_rolled_back_does_not_come_back_by_a_late_word_of_its_deployment()
    {
        var made = HubEvents.Deployment(Now);
        await TakeAsync("deployment", made);
        RollBack(Registered[0]);
        Time.Advance(TimeSpan.FromMinutes(10));
        Hooks = Restarted();

        Assert.Equal(HookOutcome.Known, (await TakeAsync("deployment", made)).Outcome);
        Assert.Equal(HookOutcome.Known, (await TakeAsync("deployment_status", HubEvents.Status(made, Now, "success"))).Outcome);
        Assert.Single(Registered);

        // Another deployment of it is what somebody wants now.
        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment", HubEvents.Deployment(Now, id: 145988747))).Outcome);
    }

    [Fact]
    public async Task A_version_that_was_rolled_back_and_is_deployed_again_at_once_is_another_release()
    {
        var first = HubEvents.Deployment(Now);
        var taken = await TakeAsync("deployment", first);
        RollBack(Registered[0]);
        Time.Advance(TimeSpan.FromSeconds(5));

        var second = HubEvents.Deployment(Now, id: 145988747);
        var again = await TakeAsync("deployment", second);

        Assert.Equal(HookOutcome.Registered, again.Outcome);
        Assert.NotEqual(taken.Release, again.Release);
        Assert.Equal(2, Registered.Count);
        Hooks = Restarted();
        foreach (var (made, release) in new[] { (first, taken.Release), (second, again.Release) })
        {
            var late = await TakeAsync("deployment_status", HubEvents.Status(made, Now, "success"));
            Assert.Equal((HookOutcome.Known, release), (late.Outcome, late.Release));
        }

        Assert.Equal(2, Registered.Count);
    }

    [Fact]
    public async Task What_a_pipeline_registered_for_a_deployment_is_known_by_its_link_or_by_its_time()
    {
        var made = HubEvents.Deployment(Now);
        (string Version, string? Deployment, string Outcome)[] cases =
        [
            ("2.15.0", null, HookOutcome.Known), ("2.15.1", UrlOf(made), HookOutcome.Known), ("2.15.2", UrlOf(HubEvents.Deployment(Now, id: 7)), HookOutcome.Registered),
        ];
        foreach (var (version, deployment, outcome) in cases)
        {
            RollBack(new Release
            {
                Id = Guid.CreateVersion7(Now), Service = "shop", Target = "gateway", Environment = "production", Version = version, Owner = "commerce", Artifact = new($"gitcommit:{HubEvents.Sha}", HubEvents.Sha, null, null),
                Links = ReleaseLinks.None with { Deployment = deployment }, Stages = [new Stage(100, TimeSpan.Zero)], Signals = [], RegisteredAt = Now,
            });
            made["deployment"]!["ref"] = "v" + version;
            Assert.Equal(outcome, (await TakeAsync("deployment", made)).Outcome);
        }
    }

    private static string? UrlOf(JsonObject made) => (string?)made["deployment"]!["url"];

    private void RollBack(Release release)
    {
        release.RollBack(Now);
        Record.Put(release);
    }
}
