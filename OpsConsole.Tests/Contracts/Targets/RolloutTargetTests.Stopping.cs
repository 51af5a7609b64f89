using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using static OpsConsole.Tests.Contracts.Targets.RolloutApi;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class RolloutTargetTests
{
    [Fact]
    public async Task A_roll_back_of_a_full_promotion_takes_that_back_with_the_abort()
    {
        await FullyAsync();
        var moving = await SeenAsync();
        Assert.Equal((25d, true), (moving.ExposurePercent, moving.IsComing));
        Assert.NotNull(moving.Underway);

        await ApplyAsync(Change(0));

        Assert.Equal("""{"status":{"abort":true,"promoteFull":false},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        _api.IsStarting = false;
        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task What_was_aborted_is_retried_without_a_full_promotion_that_is_left()
    {
        await ApplyAsync(Change(25));
        _api.Naps = 100;
        (_api.Rollout["status"]!["abort"], _api.Rollout["status"]!["promoteFull"]) = (true, true);
        Assert.True((await SeenAsync()).IsComing);

        await ApplyAsync(Change(25));

        Assert.Equal("""{"status":{"abort":false,"promoteFull":false},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
    }

    [Fact]
    public async Task A_halt_of_a_full_promotion_holds_also_when_its_pods_are_ready()
    {
        await FullyAsync();

        await ApplyAsync(Change(25, halted: true));

        Assert.Equal("""{"status":{"promoteFull":false,"currentStepIndex":1},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^2].Patch));
        _api.IsStarting = false;
        var halted = await SeenAsync();
        Assert.Equal((25d, true), (halted.ExposurePercent, halted.Halted));

        await ApplyAsync(Change(25));
        var resumed = await SeenAsync();
        Assert.Equal((25, false, null), (resumed.ExposurePercent, resumed.Halted, resumed.Underway));
        await ApplyAsync(Change(100));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_halt_past_the_last_step_goes_back_to_it()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(50));
        _api.IsStarting = true;
        await ApplyAsync(Change(100));

        await ApplyAsync(Change(50, halted: true));

        _api.IsStarting = false;
        var halted = await SeenAsync();
        Assert.Equal((50d, true), (halted.ExposurePercent, halted.Halted));
    }

    [Fact]
    public async Task A_halt_of_a_full_promotion_between_two_pauses_raises_nothing()
    {
        Use(Canary(routed: true, Weight(10), AnalysisStep(), Weight(25), Pause()));
        (_api.Analysis, _api.IsStarting) = ("Running", true);
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));

        await ApplyAsync(Change(10, halted: true));

        _api.IsStarting = false;
        var halted = await SeenAsync();
        Assert.Equal((10d, true, 1), (halted.ExposurePercent, halted.Halted, _api.Rollout["status"]!["currentStepIndex"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_somebody_paused_that_they_deployed_since_is_left_alone_by_a_roll_back()
    {
        await ApplyAsync(Change(25));
        _api.Edit("rollouts", RolloutApi.Name, r => (r["spec"]!["template"], r["spec"]!["paused"]) = (KubePods.Template("3.0.0"), true));
        var changes = _api.Changes;

        await ApplyAsync(Change(0));

        Assert.Equal((changes, true), (_api.Changes, _api.Rollout["spec"]!["paused"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_canary_whose_pods_are_kept_in_another_object_is_aborted()
    {
        _api.Elsewhere = KubePods.Template(New);
        _api.Edit("rollouts", RolloutApi.Name, r =>
        {
            ((JsonObject)r["spec"]!).Remove("template");
            r["spec"]!["workloadRef"] = new JsonObject { ["kind"] = "Deployment", ["name"] = "shop" };
        });
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
        Assert.Contains("RolloutAborted", seen.Stuck, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_whose_images_tell_no_version_are_not_taken_for_nobody()
    {
        await ApplyAsync(Change(25));
        _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["template"]!["spec"]!["containers"]![1]!["image"] = "mirror.example.org/shop:2.15.0");

        Assert.Contains("mirror.example.org/shop:2.15.0", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("mirror.example.org/shop:2.15.0", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)))).Message, StringComparison.Ordinal);
    }

    /// <summary>On its way from 25 % to everyone, past the steps, with pods that are not ready yet.</summary>
    private async Task FullyAsync()
    {
        await ApplyAsync(Change(25));
        _api.IsStarting = true;
        await ApplyAsync(Change(100));
    }
}
