using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.CloudflareWorkers;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class WorkersTargetTests : TargetContract
{
    private WorkersApi _api = null!;
    private string _new = null!;
    private string _before = null!;

    private protected override DeliveryTargetKind Kind => WorkersKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = WorkersApi.Script };

    [Fact]
    public async Task Everything_that_is_deployed_says_which_action_it_came_from()
    {
        var change = Change(25);
        await ApplyAsync(change);

        Assert.Equal(change.ActionId, (await SeenAsync()).LastActionId);
        Assert.Equal([_new, _before], _api.Deployments[0]["versions"]!.AsArray().Select(v => (string)v!["version_id"]!));
    }

    [Fact]
    public async Task Percentages_have_two_decimals_and_add_up()
    {
        await ApplyAsync(Change(100.0 / 3));

        Assert.Equal(33.33, (await SeenAsync()).ExposurePercent, 3);
    }

    [Fact]
    public async Task Whoever_deploys_past_the_console_is_seen()
    {
        await ApplyAsync(Change(25, halted: false));
        await ApplyAsync(Change(25, halted: true));
        _api.Deploy((_new, 60), (_before, 40));

        var seen = await SeenAsync();

        Assert.Equal((60, false, null), (seen.ExposurePercent, seen.Halted, seen.LastActionId));
    }

    [Fact]
    public async Task A_version_that_a_migration_shuts_out_is_refused_before_anything_is_asked()
    {
        _api.AddVersion("3.0.0", deployable: false);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25) with { Version = "3.0.0" }));

        Assert.Contains("Durable Object migration", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_api.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_previous_version_that_is_gone_makes_a_roll_back_a_refusal()
    {
        await ApplyAsync(Change(100));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0) with { PreviousVersion = "1.0.0" }));

        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_serves_is_seen_and_halted_however_many_were_uploaded_since()
    {
        await ApplyAsync(Change(25));
        _api.AddHundred();
        var seen = await SeenAsync();
        Assert.Equal((25, false), (seen.ExposurePercent, seen.Halted));

        await ApplyAsync(Change(25, halted: true));

        seen = await SeenAsync();
        Assert.Equal((25, true), (seen.ExposurePercent, seen.Halted));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(100)]
    public async Task A_roll_back_needs_the_version_before_and_no_other(double share)
    {
        await ApplyAsync(Change(share));
        _api.AddHundred();
        var again = share < 100 ? _before : _api.AddVersion(Before);

        await ApplyAsync(Change(0));

        Assert.Equal([again], _api.Deployments[0]["versions"]!.AsArray().Select(v => (string)v!["version_id"]!));
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task All_that_serves_under_a_tag_counts_together()
    {
        _api.Deploy((_new, 60), (_before, 40));
        var again = _api.AddVersion(New);
        Assert.Equal(60, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(60, halted: true));
        Assert.True((await SeenAsync()).Halted);

        _api.Deploy((_new, 60), (again, 40));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_serves_and_cannot_be_looked_up_is_not_taken_for_nobody()
    {
        await ApplyAsync(Change(25));
        _api.AddHundred();
        _api.Lost.Add(_new);

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);

        Assert.StartsWith($"Which version {_new} is, that this Worker serves, could not be read.", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_can_be_named_by_its_id()
    {
        await ApplyAsync(Change(25) with { Version = _new });

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_change_that_is_shown_late_is_seen_when_it_is_shown()
    {
        _api.IsSlowToShow = true;
        await ApplyAsync(Change(25));

        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        Assert.Equal(1, _api.Changes);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_given_up_once_and_told_as_that()
    {
        _api.Fail(ApiFault.Endless);

        Assert.Equal("Cloudflare answered with more than the console reads.", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message);
        Assert.Single(_api.Requests);
    }

    [Fact]
    public async Task Why_it_is_refused_is_told_in_cloudflares_words()
    {
        var stranger = Connect(WrongSettings(_api.Address), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<TargetUnreachableException>(() => stranger.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));

        Assert.Contains("Authentication error", refused.Message, StringComparison.Ordinal);
        Assert.Contains("code 10000", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_is_none_is_told() =>
        Assert.Equal(["Account is not an id of 32 hexadecimal digits."], new TargetSettings(Kind, "workers", Production, new Dictionary<string, string> { ["Account"] = "acme", ["Token"] = "t" }).Faults());

    private protected override ApiServer Serve()
    {
        _api = new WorkersApi(Secret);
        (_before, _new) = (_api.AddVersion(Before), _api.AddVersion(New));
        _api.Deploy((_before, 100));
        return _api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private static Dictionary<string, string> Told(Uri address, string token) => new() { ["Account"] = WorkersApi.Account, ["Token"] = token, ["Api"] = address.ToString() };
}
