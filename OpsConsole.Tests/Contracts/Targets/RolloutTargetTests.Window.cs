using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using static OpsConsole.Tests.Contracts.Targets.RolloutApi;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>A Rollout with a rollbackWindow, and a release of a version that was there before the one that everyone has.</summary>
public sealed partial class RolloutTargetTests
{
    private const string Newer = "3.0.0";

    [Fact]
    public async Task A_share_of_a_version_within_the_window_is_refused_as_argo_would_give_it_to_everyone()
    {
        WithWindow(1);

        await RefusedAsync();
        Assert.Equal(0, _api.Changes);
        _api.IsStarting = true;
        await ApplyAsync(Older(100));
        await RefusedAsync();
        _api.IsStarting = false;
        Assert.Equal((100d, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Underway));

        async Task RefusedAsync() =>
            Assert.Contains("within its rollbackWindow (1)", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Older(25)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_outside_the_window_goes_from_pause_to_pause_and_is_aborted()
    {
        WithWindow(1, "2.99.0", Newer);

        await ApplyAsync(Older(25));

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        await ApplyAsync(Older(0));
        var seen = await SeenAsync();
        Assert.Equal((0d, false, true), (seen.ExposurePercent, seen.IsComing, _api.Rollout["status"]!["abort"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_new_version_beside_a_window_is_aborted_as_without_one()
    {
        WithWindow(3);
        await ApplyAsync(Older(25) with { Version = "3.1.0" });

        await ApplyAsync(Older(0) with { Version = "3.1.0" });

        Assert.True(_api.Rollout["status"]!["abort"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_roll_back_on_the_way_to_a_version_within_the_window_goes_by_the_template_as_argo_takes_an_abort_back(bool isBlueGreen)
    {
        if (isBlueGreen)
        {
            Use(BlueGreen(goesActiveAlone: true));
        }

        WithWindow(1);
        _api.IsStarting = true;
        await ApplyAsync(Older(100));
        _api.Edit("rollouts", RolloutApi.Name, r => r["status"]!["abort"] = true);
        var moving = await SeenAsync();
        Assert.Equal((0d, true), (moving.ExposurePercent, moving.IsComing));
        Assert.NotNull(moving.Underway);

        await ApplyAsync(Older(0));

        Assert.Equal(Newer, KubePods.VersionOf(_api.Rollout["spec"]!["template"]!));
        _api.IsStarting = false;
        var seen = await SeenAsync();
        Assert.Equal((0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));
    }

    [Fact]
    public async Task An_abort_that_argo_has_not_looked_at_yet_is_no_end_within_the_window()
    {
        WithWindow(1);
        _api.IsStarting = true;
        await ApplyAsync(Older(100));
        _api.Naps = 100;
        _api.Rollout["status"]!["abort"] = true;

        Assert.True((await SeenAsync()).IsComing);
    }

    [Fact]
    public async Task A_halt_on_the_way_to_a_version_within_the_window_is_not_taken_for_one()
    {
        WithWindow(1);
        _api.IsStarting = true;
        await ApplyAsync(Older(100));
        _api.Patches.Clear();

        await ApplyAsync(Older(0, halted: true));

        Assert.True(Assert.Single(_api.Patches).Patch["spec"]!["paused"]!.GetValue<bool>());
        var seen = await SeenAsync();
        Assert.False(seen.Halted);
        Assert.Contains("a roll back takes it back", seen.Underway, StringComparison.Ordinal);

        await ApplyAsync(Older(0));
        _api.IsStarting = false;
        seen = await SeenAsync();
        Assert.Equal((0d, false, false), (seen.ExposurePercent, seen.IsComing, seen.Halted));
    }

    [Fact]
    public async Task A_halt_of_a_full_promotion_of_blue_green_within_the_window_takes_that_back_and_holds()
    {
        Use(BlueGreen(goesActiveAlone: true));
        WithWindow(1);
        _api.IsStarting = true;
        await ApplyAsync(Older(100));
        _api.Rollout["status"]!["promoteFull"] = true;
        _api.Patches.Clear();

        await ApplyAsync(Older(0, halted: true));

        Assert.False(_api.Patches[0].Patch["status"]!["promoteFull"]!.GetValue<bool>());
        _api.IsStarting = false;
        var seen = await SeenAsync();
        Assert.Equal((0d, true), (seen.ExposurePercent, seen.Halted));
    }

    [Fact]
    public async Task A_version_within_the_window_whose_pods_are_kept_in_another_object_is_not_aborted_in_vain()
    {
        WithWindow(1);
        (_api.Elsewhere, _api.IsStarting) = (KubePods.Template(New), true);
        _api.Edit("rollouts", RolloutApi.Name, r =>
        {
            ((JsonObject)r["spec"]!).Remove("template");
            r["spec"]!["workloadRef"] = new JsonObject { ["kind"] = "Deployment", ["name"] = "shop" };
        });

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Older(0)));

        Assert.Contains("deploy the version there", refused.Message, StringComparison.Ordinal);
        Assert.True((await SeenAsync()).IsComing);
    }

    private static TargetChange Older(double percent, bool halted = false) => Change(percent, halted) with { PreviousVersion = Newer };

    /// <summary>Everyone had the release's version before they got what came after it.</summary>
    private void WithWindow(int revisions, params string[] after)
    {
        foreach (var version in (string[])[New, .. after.Length > 0 ? after : [Newer]])
        {
            _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["template"] = KubePods.Template(version));
            _api.Edit("rollouts", RolloutApi.Name, r => r["status"]!["promoteFull"] = true);
        }

        _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["rollbackWindow"] = new JsonObject { ["revisions"] = revisions });
    }
}
