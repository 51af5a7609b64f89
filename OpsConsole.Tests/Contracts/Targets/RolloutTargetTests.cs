using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.ArgoRollouts;
using static OpsConsole.Tests.Contracts.Targets.RolloutApi;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class RolloutTargetTests : TargetContract
{
    private RolloutApi _api = null!;

    private protected override DeliveryTargetKind Kind => RolloutKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = RolloutApi.Name };

    /// <summary>A cluster takes any image.</summary>
    private protected override bool KnowsVersions => false;

    [Fact]
    public async Task A_pause_is_taken_off_and_the_next_one_is_where_it_stays()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(50));

        Assert.EndsWith("/status", _api.Patches[^1].Path, StringComparison.Ordinal);
        Assert.Equal("""{"status":{"pauseConditions":null},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        var seen = await SeenAsync();
        Assert.Equal((50, null, null), (seen.ExposurePercent, seen.Underway, seen.Stuck));
    }

    [Fact]
    public async Task Everyone_at_once_is_a_full_promotion_past_the_steps_that_are_left()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));

        Assert.Equal("""{"status":{"promoteFull":true},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
    }

    [Fact]
    public async Task From_the_last_pause_on_everyone_gets_it_by_a_plain_promotion()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(50));
        await ApplyAsync(Change(100));

        Assert.Equal("""{"status":{"pauseConditions":null},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_promotion_that_was_taken_and_not_answered_is_not_made_again()
    {
        await ApplyAsync(Change(25));
        _api.Naps = 100;
        var change = Change(50);
        await ApplyAsync(change);
        var changes = _api.Changes;
        Assert.Equal("Step 2 of 4 is Paused: CanaryPauseStep.", (await SeenAsync()).Underway);

        await ApplyAsync(change);

        Assert.Equal(changes, _api.Changes);
    }

    [Theory]
    [InlineData(10.0)]
    [InlineData(50.0)]
    [InlineData(100.0)]
    public async Task A_new_version_goes_to_the_first_pause_and_nowhere_else(double share)
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(share)));

        Assert.Contains("its steps hold 25 %, 50 % and then go to 100 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_share_that_no_pause_holds_is_refused_in_words()
    {
        await ApplyAsync(Change(25));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(40)));
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(10)));
    }

    [Fact]
    public async Task What_everyone_has_is_not_taken_back_to_a_share()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));
    }

    [Fact]
    public async Task A_roll_back_of_a_canary_is_an_abort_that_leaves_the_specification_alone()
    {
        await ApplyAsync(Change(25));
        var spec = _api.Rollout["spec"]!.ToJsonString();

        await ApplyAsync(Change(0));

        Assert.Equal("""{"status":{"abort":true},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        Assert.Equal(spec, _api.Rollout["spec"]!.ToJsonString());
        var seen = await SeenAsync();
        Assert.Equal((0, null), (seen.ExposurePercent, seen.Underway));
        Assert.Contains("RolloutAborted", seen.Stuck, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_back_from_a_halt_aborts_first_and_takes_the_pause_off_then()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(25, halted: true));

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.Halted));
        Assert.EndsWith("/status", _api.Patches[^2].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_aborted_is_retried_from_the_first_pause()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(0));
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));

        await ApplyAsync(Change(25));

        Assert.Equal("""{"status":{"abort":false},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_from_everyone_is_an_undo_past_every_step_once_the_controller_has_seen_it()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));
        _api.Patches.Clear();
        _api.Naps = 4;

        await ApplyAsync(Change(0));

        Assert.Equal(2, _api.Patches.Count);
        Assert.Equal(Before, KubePods.VersionOf(_api.Rollout["spec"]!["template"]!));
        Assert.Equal("""{"status":{"promoteFull":true},"metadata":{"resourceVersion":"x"}}""", Plain(_api.Patches[^1].Patch));
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_that_broke_off_half_way_goes_on_where_it_was()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));
        _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["template"] = KubePods.Template(Before));
        Assert.Equal(75, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_controller_that_does_not_wake_leaves_a_roll_back_unknown()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));
        _api.Naps = 1000;

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(Change(0)));

        Assert.Contains("not taken up", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_between_two_pauses_holds_and_a_resume_exposes_nobody_new()
    {
        Use(Canary(routed: true, Weight(10), AnalysisStep(), Weight(25), Pause()));
        _api.Analysis = "Running";
        await ApplyAsync(Change(25));
        var moving = await SeenAsync();
        Assert.Equal((10d, "Step 2 of 4 is Progressing: more replicas need to be updated; analysis shop-web-7d3-2 is Running."), (moving.ExposurePercent, moving.Underway));

        await ApplyAsync(Change(10, halted: true));
        Assert.True((await SeenAsync()).Halted);
        await ApplyAsync(Change(10));
        _api.Analysis = "Successful";
        var held = await SeenAsync();
        Assert.Equal((10, false, null), (held.ExposurePercent, held.Halted, held.Underway));

        await ApplyAsync(Change(25));
        Assert.Equal((25, false, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Halted, (await SeenAsync()).Underway));
    }

    [Fact]
    public async Task An_analysis_without_a_judgement_is_no_reason_to_go_on()
    {
        Use(Canary(routed: true, Weight(25), Pause(), AnalysisStep(), Weight(50), Pause()));
        _api.Analysis = "Inconclusive";
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(50));
        var seen = await SeenAsync();
        Assert.Equal((25, null), (seen.ExposurePercent, seen.Underway));
        Assert.Contains("is Inconclusive", seen.Stuck, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));

        Assert.Contains("no judgement", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_that_ends_by_itself_holds_no_share()
    {
        Use(Canary(routed: true, Weight(10), Pause("5m"), Weight(25), Pause()));
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(10)));

        await ApplyAsync(Change(25));

        var seen = await SeenAsync();
        Assert.Equal((10d, "Step 2 of 4 is Paused: CanaryPauseStep."), (seen.ExposurePercent, seen.Underway));
    }

    [Fact]
    public async Task Without_a_router_the_share_is_that_of_the_pods_and_broken_pods_are_refused()
    {
        Use(Canary(routed: false, Weight(25), Pause(), Weight(60), Pause()));

        await ApplyAsync(Change(25));

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(60)));
        Assert.Equal("4 pods cannot be split to 60 %, and this Rollout has no traffic routing.", refused.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Blue_green_gives_everything_or_nothing(bool goesActiveAlone)
    {
        Use(BlueGreen(goesActiveAlone));
        if (!goesActiveAlone)
        {
            Assert.Contains("autoPromotionEnabled is false", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)))).Message, StringComparison.Ordinal);
            _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["template"] = KubePods.Template(New));
            Assert.Equal(0, (await SeenAsync()).ExposurePercent);
        }

        Assert.Contains("blue-green", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)))).Message, StringComparison.Ordinal);
        await ApplyAsync(Change(100));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
        await ApplyAsync(Change(0));
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Pods_that_are_kept_in_another_object_are_not_changed_from_here()
    {
        _api.Edit("rollouts", RolloutApi.Name, r => r["spec"]!["workloadRef"] = new JsonObject { ["kind"] = "Deployment", ["name"] = "shop" });

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.Contains("workloadRef", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The controller has not taken it up at the first look after it.</summary>
    private protected override bool HoldBack()
    {
        _api.Naps = 3;
        return true;
    }

    private protected override ApiServer Serve() => _api = new RolloutApi(Secret, Canary(), "2.14.2", Before);

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => KubeTold.Of(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => KubeTold.Of(address, Secret + "-of-another");

    /// <summary>Gives the Rollout another way to go.</summary>
    private void Use(JsonObject strategy) => _api.Edit("rollouts", RolloutApi.Name, r =>
    {
        r["spec"]!["strategy"] = strategy;
        ((JsonObject)r["status"]!).Remove("canary");
        r["status"]!["promoteFull"] = true;
    });

    private static string Plain(JsonObject patch)
    {
        patch["metadata"]!["resourceVersion"] = "x";
        return patch.ToJsonString();
    }
}
