using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flagger;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class FlaggerTargetTests : TargetContract
{
    private FlaggerApi _api = null!;

    private protected override DeliveryTargetKind Kind => FlaggerKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = FlaggerApi.Name };

    /// <summary>It holds no share that it is asked for.</summary>
    private protected override double FirstShare => 100;

    private protected override double NextShare => 100;

    /// <summary>A cluster takes any image.</summary>
    private protected override bool KnowsVersions => false;

    [Fact]
    public async Task It_is_under_way_from_weight_to_weight_until_the_primary_has_it()
    {
        _api.Naps = 2;
        _api.Steps = 1;
        await ApplyAsync(Change(100));

        var seen = new List<(double, string?)>();
        do
        {
            var look = await SeenAsync();
            seen.Add((look.ExposurePercent, look.Underway));
        }
        while (seen[^1].Item2 is not null && seen.Count < 20);

        Assert.Contains((0d, "Flagger is Progressing at 0 %: New revision detected, progressing canary analysis."), seen);
        Assert.Contains((25d, "Flagger is Progressing at 25 %: New revision detected, progressing canary analysis."), seen);
        Assert.Contains((50d, "Flagger is Progressing at 50 %: New revision detected, progressing canary analysis."), seen);
        Assert.Equal((100, null), seen[^1]);
        Assert.Equal(seen.Select(s => s.Item1).Order(), seen.Select(s => s.Item1));
    }

    [Fact]
    public async Task A_change_that_flagger_has_not_looked_at_is_under_way()
    {
        _api.Naps = 6;
        await ApplyAsync(Change(100));

        Assert.Equal("Flagger has not looked at the change yet.", (await SeenAsync()).Underway);
    }

    [Fact]
    public async Task What_flagger_fails_is_told_in_its_words_and_not_given_to_it_again()
    {
        _api.Fails = true;
        await ApplyAsync(Change(100));

        var seen = await SeenAsync();
        Assert.Equal((0, null, "Flagger failed it: Canary analysis failed, Deployment scaled to zero."), (seen.ExposurePercent, seen.Underway, seen.Stuck));
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)));
        Assert.Contains("Canary analysis failed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failure_a_corrected_version_is_under_way()
    {
        _api.Fails = true;
        await ApplyAsync(Change(100));
        _api.Naps = 6;

        await ApplyAsync(Change(100) with { Version = "2.15.1" });

        var seen = await Adapter().ObserveAsync(Service, Production, "2.15.1", TestContext.Current.CancellationToken);
        Assert.Equal(("Flagger has not looked at the change yet.", null), (seen.Underway, seen.Stuck));
    }

    [Fact]
    public async Task A_halt_half_way_holds_and_a_resume_exposes_nobody_new_until_it_is_promoted_again()
    {
        await HalfWayAsync();
        var halted = await SeenAsync();
        Assert.Equal((true, null), (halted.Halted, halted.Underway));
        Assert.InRange(halted.ExposurePercent, 25, 50);

        await ApplyAsync(Change(halted.ExposurePercent));
        var resumed = await SeenAsync();
        Assert.Equal((halted.ExposurePercent, false, null), (resumed.ExposurePercent, resumed.Halted, resumed.Underway));

        _api.Steps = 20;
        await ApplyAsync(Change(100));
        Assert.Equal((100, false, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Halted, (await SeenAsync()).Underway));
    }

    [Fact]
    public async Task A_roll_back_from_half_way_gives_the_canary_the_previous_version_and_lets_flagger_go_on()
    {
        await HalfWayAsync();

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.Halted));
        Assert.Equal(Before, KubePods.VersionOf(_api.Deployment["spec"]!["template"]!));
    }

    [Fact]
    public async Task A_share_of_its_own_is_refused_in_words()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.StartsWith("Flagger holds no share, so neither 25 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task What_waited_to_be_let_through_keeps_its_share_on_the_way_to_the_primary()
    {
        _api.Waits = true;
        await ApplyAsync(Change(100));
        Assert.Equal(50, (await SeenAsync()).ExposurePercent);

        (_api.Waits, _api.IsPrimarySlow) = (false, true);

        var seen = await SeenAsync();
        Assert.Equal((50d, "Flagger is Promoting at 50 %: New revision detected, progressing canary analysis."), (seen.ExposurePercent, seen.Underway));
    }

    [Fact]
    public async Task What_goes_by_iterations_shows_none_while_it_waits_to_be_let_through()
    {
        _api.Edit("canaries", FlaggerApi.Name, c => c["spec"]!["analysis"]!["iterations"] = 10);
        _api.Waits = true;
        await ApplyAsync(Change(100));

        var seen = await SeenAsync();

        Assert.Equal((0d, "Flagger is WaitingPromotion at 0 %: New revision detected, progressing canary analysis."), (seen.ExposurePercent, seen.Underway));
        Assert.True(seen.IsComing);
    }

    [Fact]
    public async Task What_the_primary_was_given_is_coming_also_after_a_roll_back()
    {
        _api.IsPrimarySlow = true;
        await ApplyAsync(Change(100));
        await SeenAsync();
        await ApplyAsync(Change(0));
        var seen = await SeenAsync();
        Assert.Equal((0d, true), (seen.ExposurePercent, seen.IsComing));

        _api.IsPrimarySlow = false;

        seen = await SeenAtTheEndAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task What_somebody_suspended_that_they_deployed_since_is_left_alone_by_a_roll_back()
    {
        await ApplyAsync(Change(100));
        _api.Edit("canaries", FlaggerApi.Name, c => c["spec"]!["suspend"] = true);
        _api.Edit("deployments", FlaggerApi.Watched, d => d["spec"]!["template"] = KubePods.Template("3.0.0"));
        var changes = _api.Changes;

        await ApplyAsync(Change(0));

        Assert.Equal((changes, true), (_api.Changes, _api.Canary["spec"]!["suspend"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Pods_whose_images_tell_no_version_are_not_taken_for_nobody()
    {
        _api.Edit("deployments", FlaggerApi.Watched, d => d["spec"]!["template"]!["spec"]!["containers"]![1]!["image"] = "mirror.example.org/shop:2.15.0");

        Assert.Contains("mirror.example.org/shop:2.15.0", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("mirror.example.org/shop:2.15.0", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)))).Message, StringComparison.Ordinal);
    }

    /// <summary>Flagger has not looked at it.</summary>
    private protected override bool HoldBack()
    {
        _api.Steps = 0;
        return true;
    }

    private protected override ApiServer Serve() => _api = new FlaggerApi(Secret, "2.14.2", Before);

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => KubeTold.Of(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => KubeTold.Of(address, Secret + "-of-another");

    private IDeliveryTargetAdapter Adapter() => Connect(Settings(_api.Address), TimeProvider.System);

    private async Task HalfWayAsync()
    {
        _api.Steps = 0;
        await ApplyAsync(Change(100));
        _api.Steps = 1;
        for (var look = 0; look < 20 && (await SeenAsync()).ExposurePercent < 20; look++)
        {
            // Each look is a step.
        }

        _api.Steps = 0;
        await ApplyAsync(Change(100, halted: true));
    }
}
