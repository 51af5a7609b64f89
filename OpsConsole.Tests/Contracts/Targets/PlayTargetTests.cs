using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.GooglePlay;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class PlayTargetTests : TargetContract
{
    private PlayApi _api = null!;

    private protected override DeliveryTargetKind Kind => PlayKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = PlayApi.Package };

    [Fact]
    public async Task A_draft_is_rolled_out_and_what_belongs_to_it_stays()
    {
        await ApplyAsync(Change(12.5));

        var release = Live(New);
        Assert.Equal(("inProgress", (double?)0.125, (int?)3), ((string?)release["status"], (double?)release["userFraction"], (int?)release["inAppUpdatePriority"]));
        Assert.Equal("What is new in 2.15.0", (string?)release["releaseNotes"]![0]!["text"]);
        Assert.Equal("completed", (string?)Live(Before)["status"]);
    }

    [Fact]
    public async Task A_completed_release_takes_the_place_of_the_one_before()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(100));

        var release = Assert.Single(_api.Releases);
        Assert.Equal(("completed", null), ((string?)release["status"], (double?)release["userFraction"]));
    }

    [Fact]
    public async Task A_release_that_everyone_was_offered_is_halted_and_resumed()
    {
        await ApplyAsync(Change(100));
        _api.ServedBefore(Before, 214);

        await ApplyAsync(Change(100, halted: true));

        Assert.Equal((100d, true), await StandsAsync());
        Assert.Equal(("halted", "completed"), ((string?)Live(New)["status"], (string?)Live(Before)["status"]));

        await ApplyAsync(Change(100));
        Assert.Equal((100d, false), await StandsAsync());
    }

    [Fact]
    public async Task A_halt_that_google_cannot_fall_back_from_is_told_as_not_known()
    {
        await ApplyAsync(Change(100));

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(Change(100, halted: true)));

        Assert.Contains("Internal error encountered.", told.Message, StringComparison.Ordinal);
        Assert.Equal((100d, false), await StandsAsync());
    }

    [Fact]
    public async Task A_release_that_is_not_rolled_out_has_nothing_to_halt()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0, halted: true)));

        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_share_is_never_lowered()
    {
        await ApplyAsync(Change(50));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));
        Assert.Contains("kill switch", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)))).Message, StringComparison.Ordinal);

        Assert.Equal((50d, false), await StandsAsync());
    }

    [Fact]
    public async Task What_somebody_halted_in_the_play_console_is_not_promoted_over()
    {
        _api.Put(New, 215, "halted", 0.25);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));

        Assert.Contains("halted at 25 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal((25d, true), await StandsAsync());
    }

    [Fact]
    public async Task A_rollout_beside_it_is_not_ended_silently()
    {
        _api.Put("2.14.9", 2149, "inProgress", 0.1);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.Contains("2.14.9 is being rolled out", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrected_build_supersedes_a_release_that_was_halted()
    {
        _api.Put("2.14.9", 2149, "halted", 0.1);

        await ApplyAsync(Change(25));
        await ApplyAsync(Change(25, halted: true));

        Assert.Equal([New, Before], _api.Releases.Select(r => (string?)r["name"]));
        Assert.Equal((25d, true), await StandsAsync());
    }

    [Fact]
    public async Task Other_changes_in_review_stand_in_the_way_of_growing_and_never_of_a_halt()
    {
        await ApplyAsync(Change(25));
        _api.HasChangesInReview = true;

        Assert.Contains("in review", (await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)))).Message, StringComparison.Ordinal);
        await ApplyAsync(Change(25, halted: true));

        Assert.Equal(["ERROR_IF_IN_REVIEW", "CANCEL_IN_REVIEW_AND_SUBMIT"], _api.ReviewBehaviours);
    }

    [Theory]
    [InlineData("IN_REVIEW", "reviews")]
    [InlineData("APPROVED_NOT_PUBLISHED", "to be published")]
    [InlineData("NOT_SENT_FOR_REVIEW", "to be sent to review")]
    public async Task What_google_has_not_let_out_yet_is_neither_done_nor_undone(string state, string words)
    {
        _api.StateOnceCommitted = state;
        await ApplyAsync(Change(25));

        Assert.Contains(words, (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);

        _api.Review(New, "PUBLISHED");
        Assert.Equal((25d, false), await StandsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("214")]
    [InlineData("215")]
    [InlineData("100")]
    public async Task A_build_that_releases_share_does_not_let_the_one_in_review_pass_for_the_other(string? unlisted)
    {
        _api.Put(New, 215, "draft", shared: 100);
        _api.StateOnceCommitted = "IN_REVIEW";
        await ApplyAsync(Change(25));
        _api.Put(Before, 214, "completed", shared: 100);
        if (unlisted is not null)
        {
            _api.Unlisted.Add(unlisted);
        }

        Assert.Contains("reviews", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);

        _api.Review(New, "PUBLISHED");
        Assert.Equal((25d, false), await StandsAsync());
    }

    [Fact]
    public async Task Where_two_listed_releases_may_be_meant_the_one_that_is_not_out_counts()
    {
        _api.Put(New, 215, "inProgress", 0.25);
        _api.Put("215 (2.15.0)", 215, "completed", state: "IN_REVIEW");
        _api.Put("215 again", 215, "completed");

        await Assert.ThrowsAsync<TargetUnreachableException>(() => StandsAsync());
    }

    [Fact]
    public async Task What_google_did_not_approve_nobody_has()
    {
        _api.StateOnceCommitted = "NOT_APPROVED";
        await ApplyAsync(Change(25));

        Assert.Equal((0d, false), await StandsAsync());
    }

    [Fact]
    public async Task A_halt_before_google_let_it_out_is_seen()
    {
        _api.StateOnceCommitted = "IN_REVIEW";
        await ApplyAsync(Change(25));

        await ApplyAsync(Change(25, halted: true));

        Assert.Equal((0d, true), await StandsAsync());
    }

    [Theory]
    [InlineData("215")]
    [InlineData("2.15.0")]
    public async Task A_release_is_found_by_its_version_code_and_by_the_name_that_play_gives_it(string version)
    {
        _api.Put("215 (2.15.0)", 215, "draft");

        await ApplyAsync(Change(25) with { Version = version });

        Assert.Contains(_api.Releases, r => (string?)r["name"] == "215 (2.15.0)" && (string?)r["status"] == "inProgress");
    }

    [Fact]
    public async Task An_access_token_is_used_until_shortly_before_it_ends()
    {
        var time = new FakeTime();
        await using var api = new PlayApi(Secret, time);
        api.Put(New, 215, "inProgress", 0.25);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var adapter = Connect(Told(api.Address, GoogleSignIn.Account), time);

        await SeenAsync(adapter);
        time.Advance(TimeSpan.FromMinutes(57));
        await SeenAsync(adapter);
        Assert.Equal(1, api.SignIns);

        time.Advance(TimeSpan.FromMinutes(2));
        await SeenAsync(adapter);
        Assert.Equal(2, api.SignIns);
    }

    [Fact]
    public async Task An_access_token_that_is_taken_back_is_told_without_it_and_not_used_again()
    {
        await SeenAsync();
        _api.EndTokens();

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);

        Assert.Contains("invalid authentication credentials: (secret)", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, told.Message, StringComparison.Ordinal);
        await SeenAsync();
        Assert.Equal(2, _api.SignIns);
    }

    [Fact]
    public async Task A_key_that_google_does_not_know_is_told_in_its_words()
    {
        var stranger = Connect(WrongSettings(_api.Address), TimeProvider.System);

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => SeenAsync(stranger));

        Assert.Equal("Google gave the console no access token: Invalid JWT Signature. (invalid_grant)", told.Message);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"type":"authorized_user","client_email":"a@b","private_key":"x"}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"x"}""")]
    public void A_key_file_that_is_none_is_told_without_it(string file)
    {
        var fault = Assert.Single(new TargetSettings(Kind, "play", Production, new Dictionary<string, string> { ["ServiceAccount"] = file }).Faults());

        Assert.StartsWith("ServiceAccount is not the JSON", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_track_for_internal_tests_cannot_be_halted_at_full()
    {
        Assert.True(Connect(Settings(_api.Address), TimeProvider.System).Capabilities.HaltsAtFull);
        Assert.False(Connect(new Dictionary<string, string>(Settings(_api.Address)) { ["Track"] = "internal" }, TimeProvider.System).Capabilities.HaltsAtFull);
    }

    private protected override ApiServer Serve()
    {
        _api = new PlayApi(Secret);
        _api.Put(Before, 214, "completed");
        _api.Put(New, 215, "draft");
        return _api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, GoogleSignIn.Account);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, GoogleSignIn.ForeignAccount);

    private static Dictionary<string, string> Told(Uri address, string account) =>
        new() { ["ServiceAccount"] = account, ["Api"] = address.ToString(), ["SignIn"] = new Uri(address, "token").ToString() };

    private static Task<TargetObservation> SeenAsync(IDeliveryTargetAdapter adapter) => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken);

    private async Task<(double Percent, bool Halted)> StandsAsync()
    {
        var seen = await SeenAsync();
        return (seen.ExposurePercent, seen.Halted);
    }

    private JsonObject Live(string name) => _api.Releases.First(r => (string?)r["name"] == name);
}
