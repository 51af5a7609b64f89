using System.Security.Cryptography;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.AppStoreConnect;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class AppStoreConnectTargetTests : TargetContract
{
    private ConnectApiServer _api = null!;

    private protected override DeliveryTargetKind Kind => AppStoreConnectKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = ConnectApiServer.Bundle };

    /// <summary>What the first day has.</summary>
    private protected override double FirstShare => 1;

    /// <summary>What can be asked for without waiting for another day.</summary>
    private protected override double NextShare => 100;

    [Fact]
    public async Task Each_day_has_the_share_that_apple_publishes()
    {
        using var limits = System.Text.Json.JsonDocument.Parse(Conformance.Read("delivery_target_limits.json"));
        await ApplyAsync(Change(1));

        foreach (var share in limits.RootElement.GetProperty("appStorePhased").GetProperty("percentByDay").EnumerateArray())
        {
            Assert.Equal(share.GetDouble(), (await SeenAsync()).ExposurePercent);
            _api.Pass(1);
        }
    }

    [Fact]
    public async Task A_stage_is_waited_for_and_reached_on_the_first_day_that_has_as_much()
    {
        await ApplyAsync(Change(1));
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));
        Assert.Equal(
            "The App Store gives 2.15.0 to 1 % now, on day 1 of 7, and goes on by itself, a day at a time: 50 % come on day 6, and nothing between the days can be had. Ask again then, or give it to everyone.",
            refused.Message);
        var changes = _api.Changes;

        _api.Pass(5);
        await ApplyAsync(Change(25));

        Assert.Equal(changes, _api.Changes);
        Assert.True(TargetConversation.Shows(await SeenAsync(), Change(25), ActionVerb.Promote));
        Assert.False(TargetConversation.Shows(await SeenAsync(), Change(100), ActionVerb.Promote));
    }

    [Fact]
    public async Task What_went_to_everyone_by_itself_counts_as_every_stage()
    {
        _api.Add("3.0.0", "READY_FOR_DISTRIBUTION", "COMPLETE", day: 7);

        await ApplyAsync(Change(50) with { Version = "3.0.0" });
        var seen = await SeenAsync("3.0.0");

        Assert.Equal((100d, false), (seen.ExposurePercent, seen.Halted));
        Assert.True(TargetConversation.Shows(seen, Change(50), ActionVerb.Promote));
    }

    [Fact]
    public async Task A_phased_release_begins_with_its_first_day()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(10)));

        Assert.Contains("begins with 1 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_phased_release_is_planned_where_nobody_did_before_the_version_is_let_out()
    {
        _api.Add("3.0.0", "PENDING_DEVELOPER_RELEASE");

        await ApplyAsync(Change(1) with { Version = "3.0.0" });

        Assert.Equal(("READY_FOR_DISTRIBUTION", "ACTIVE"), (_api.StateOf("3.0.0"), _api.PhasedOf("3.0.0")));
        Assert.Equal(2, _api.Changes);
    }

    [Fact]
    public async Task Everyone_at_once_takes_the_plan_of_phases_back()
    {
        await ApplyAsync(Change(100));

        Assert.Equal(("READY_FOR_DISTRIBUTION", null), (_api.StateOf(New), _api.PhasedOf(New)));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_apple_is_still_bringing_to_the_store_is_neither_done_nor_undone()
    {
        _api.TakesItsTime = true;
        await ApplyAsync(Change(1));
        var changes = _api.Changes;

        Assert.Contains("Apple is bringing 2.15.0", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);
        await ApplyAsync(Change(1));
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(1, halted: true)));
        Assert.Equal(changes, _api.Changes);

        _api.Arrive();
        Assert.Equal(1, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_halt_stops_the_days_and_says_what_is_left_of_them()
    {
        await ApplyAsync(Change(1));
        _api.Pass(2);
        await ApplyAsync(Change(5, halted: true));
        _api.Pass(3);

        var seen = await SeenAsync();
        Assert.Equal((5d, true), (seen.ExposurePercent, seen.Halted));
        Assert.Equal("3 of the 30 days that it may stand still are used up.", seen.HaltCost);

        await ApplyAsync(Change(5));
        _api.Pass(1);
        Assert.Equal(10, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_somebody_paused_in_app_store_connect_is_not_promoted_over()
    {
        _api.Add("3.0.0", "READY_FOR_DISTRIBUTION", "PAUSED", day: 3);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = "3.0.0" }));

        Assert.Contains("paused at 5 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal("PAUSED", _api.PhasedOf("3.0.0"));
    }

    [Fact]
    public async Task What_everyone_is_offered_cannot_be_halted()
    {
        await ApplyAsync(Change(1));
        await ApplyAsync(Change(100));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100, halted: true)));

        Assert.Contains("no way back", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)))).Message, StringComparison.Ordinal);
        Assert.Equal("COMPLETE", _api.PhasedOf(New));
    }

    [Fact]
    public async Task A_version_without_phases_is_out_for_everyone_and_takes_no_smaller_share()
    {
        _api.Add("3.0.0", "READY_FOR_DISTRIBUTION");

        await ApplyAsync(Change(100) with { Version = "3.0.0" });
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(1) with { Version = "3.0.0" }));

        var seen = await SeenAsync("3.0.0");
        Assert.Equal((100d, false), (seen.ExposurePercent, seen.GrowsByItself));
    }

    [Theory]
    [InlineData("WAITING_FOR_REVIEW")]
    [InlineData("REJECTED")]
    [InlineData("REPLACED_WITH_NEW_VERSION")]
    public async Task A_version_that_does_not_wait_for_its_release_is_not_let_out(string state)
    {
        _api.Add("3.0.0", state);

        Assert.Contains(state, (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(1) with { Version = "3.0.0" }))).Message, StringComparison.Ordinal);
        Assert.Equal(0, (await SeenAsync("3.0.0")).ExposurePercent);
    }

    [Fact]
    public async Task States_under_their_older_name_are_understood()
    {
        _api.IsOld = true;
        await ApplyAsync(Change(1));

        Assert.Equal(1, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task An_app_is_looked_up_once_and_by_its_whole_bundle_id()
    {
        await SeenAsync();
        await SeenAsync();

        Assert.Single(_api.Requests, r => r.StartsWith("GET /v1/apps?", StringComparison.Ordinal));
        Assert.All(_api.Requests.Skip(1), r => Assert.StartsWith($"GET /v1/apps/{ConnectApiServer.App}/", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_used_until_shortly_before_it_ends()
    {
        var time = new FakeTime();
        await using var api = new ConnectApiServer(time);
        api.Add(New, "READY_FOR_DISTRIBUTION", "ACTIVE", day: 2);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var adapter = Connect(Told(api.Address, ConnectApiServer.Key), time);

        await SeenAsync(adapter);
        time.Advance(TimeSpan.FromMinutes(12));
        await SeenAsync(adapter);
        Assert.Single(api.Tokens);

        time.Advance(TimeSpan.FromMinutes(2));
        await SeenAsync(adapter);
        Assert.Equal(2, api.Tokens.Count);
    }

    [Fact]
    public async Task A_key_that_apple_does_not_know_is_told_in_its_words_and_without_the_token()
    {
        var stranger = Connect(WrongSettings(_api.Address), TimeProvider.System);

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => SeenAsync(stranger));

        Assert.EndsWith("make sure that it has not expired. (secret) (NOT_AUTHORIZED)", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_on_another_curve_and_a_platform_that_is_none_are_told()
    {
        var faults = new TargetSettings(Kind, "app-store", Production, new Dictionary<string, string>
        {
            ["Issuer"] = "i", ["KeyId"] = "k", ["Key"] = ConnectApiServer.NewKey(ECCurve.NamedCurves.nistP384), ["Platform"] = "ANDROID",
        }).Faults();

        Assert.Equal(["Key is no private key on the curve P-256, as the file AuthKey_….p8 holds it.", "Platform is none of IOS, MAC_OS, TV_OS, VISION_OS."], faults);
    }

    [Fact]
    public void A_key_whose_lines_came_through_an_environment_variable_is_a_key() => Assert.Empty(
        new TargetSettings(Kind, "app-store", Production, Told(new Uri("https://example.org"), ConnectApiServer.Key.ReplaceLineEndings("\\n"))).Faults());

    [Fact]
    public void What_it_declares_is_what_apple_publishes()
    {
        using var limits = System.Text.Json.JsonDocument.Parse(Conformance.Read("delivery_target_limits.json"));
        var (published, declared) = (limits.RootElement.GetProperty("appStorePhased"), AppStoreConnectKind.Capabilities);

        Assert.Equal(published.GetProperty("rollback").GetBoolean(), declared.Verbs.Contains(ActionVerb.Rollback));
        Assert.Contains($"{published.GetProperty("pauseTotalDays").GetInt32()} days in all", declared.HaltCosts, StringComparison.Ordinal);
        Assert.False(declared.HaltsAtFull);
    }

    private protected override ApiServer Serve()
    {
        _api = new ConnectApiServer();
        _api.Add(Before, "READY_FOR_DISTRIBUTION", "COMPLETE", day: 7);
        _api.Add(New, "PENDING_DEVELOPER_RELEASE", "INACTIVE");
        return _api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, ConnectApiServer.Key);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, ConnectApiServer.ForeignKey);

    /// <summary>What stands before a key in its file is no part of it.</summary>
    private static Dictionary<string, string> Told(Uri address, string key) =>
        new() { ["Issuer"] = ConnectApiServer.Issuer, ["KeyId"] = ConnectApiServer.KeyId, ["Key"] = $"{Secret}\n{key}", ["Api"] = address.ToString() };

    private static Task<TargetObservation> SeenAsync(IDeliveryTargetAdapter adapter) => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken);

    private Task<TargetObservation> SeenAsync(string version) => Connect(Settings(_api.Address), TimeProvider.System).ObserveAsync(Service, Production, version, TestContext.Current.CancellationToken);
}
