using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Webhook;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class WebhookTargetTests : TargetContract
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);

    private WebhookApi _api = null!;

    private protected override DeliveryTargetKind Kind => WebhookKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = "shop-app" };

    [Fact]
    public void It_signs_as_the_specification_does() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            new WebhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task The_actions_id_is_the_key_and_another_one_is_another_change()
    {
        var change = Change(25);
        await ApplyAsync(change);
        await ApplyAsync(change);
        await ApplyAsync(Change(25));

        Assert.Equal(3, _api.Calls.Count);
        Assert.Equal(change.ActionId.ToString("D"), _api.Calls[1].Id);
        Assert.Equal(2, _api.Changes);
    }

    [Fact]
    public async Task Every_reading_has_an_id_of_its_own()
    {
        await SeenAsync();
        await SeenAsync();

        Assert.NotEqual(_api.Calls[0].Id, _api.Calls[1].Id);
    }

    [Fact]
    public async Task A_try_is_signed_at_the_time_that_it_is_sent()
    {
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        var began = time.GetUtcNow().ToUnixTimeSeconds();
        _api.Fail(ApiFault.Busy, times: 1);
        var apply = Connect(Settings(_api.Address), time).ApplyAsync(Change(25), TestContext.Current.CancellationToken);

        // In small steps, so that the pause of a second ends long before the limit.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(_api.Requests.Count == 1 ? 20 : 0));
            return _api.Requests.Count == 2;
        });
        await apply;

        Assert.InRange(long.Parse(Assert.Single(_api.Calls).At, CultureInfo.InvariantCulture), began + 1, began + 5);
    }

    [Fact]
    public async Task What_was_heard_on_the_way_does_nothing_when_it_is_sent_again_elsewhere_or_changed()
    {
        await ApplyAsync(Change(25));
        await SeenAsync();
        var (change, state) = (_api.Calls[0], _api.Calls[1]);
        var other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(change.Body).Replace("25", "99", StringComparison.Ordinal));

        Assert.Equal(202, await SendAsync("hook/change", change.Id, change.At, change.Signature, change.Body));
        Assert.Equal(401, await SendAsync("hook/change", change.Id, change.At, change.Signature, other));
        Assert.Equal(401, await SendAsync("hook/change", Guid.NewGuid().ToString("D"), change.At, change.Signature, change.Body));
        Assert.Equal(400, await SendAsync("hook/change", state.Id, state.At, state.Signature, state.Body));
        Assert.Equal(1, _api.Changes);
    }

    [Fact]
    public async Task A_clock_that_is_far_off_is_refused_and_told()
    {
        var adapter = Connect(Settings(_api.Address), new FakeTime(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1)));

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => adapter.ApplyAsync(Change(25), TestContext.Current.CancellationToken));

        Assert.Contains("too old", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task It_is_asked_for_everything_that_a_change_is()
    {
        var change = Change(12.5, halted: true);
        await ApplyAsync(change);

        using var body = JsonDocument.Parse(_api.Calls[0].Body);
        var data = body.RootElement.GetProperty("data");
        Assert.Equal("rollout.change", body.RootElement.GetProperty("type").GetString());
        Assert.Equal(
            (change.ActionId, "shop-app", Production, New, Before, 12.5, true),
            (data.GetProperty("actionId").GetGuid(), data.GetProperty("service").GetString(), data.GetProperty("environment").GetString(), data.GetProperty("version").GetString(),
                data.GetProperty("previousVersion").GetString(), data.GetProperty("exposurePercent").GetDouble(), data.GetProperty("halted").GetBoolean()));
        Assert.Equal(change.ActionId, (await SeenAsync()).LastActionId);
    }

    [Fact]
    public async Task Who_has_it_besides_is_told_in_one_line()
    {
        _api.Besides = "Whoever\nkept a tab open.";

        Assert.Equal("Whoever kept a tab open.", (await SeenAsync()).Besides);
    }

    [Fact]
    public void What_it_can_do_is_what_its_settings_say()
    {
        var capabilities = Connect(new Dictionary<string, string>(Settings(_api.Address)) { ["Verbs"] = "promote,rollback", ["Strategies"] = "blue-green", ["Instead"] = "Call the night shift." }, TimeProvider.System).Capabilities;

        Assert.Equal([ActionVerb.Promote, ActionVerb.Rollback], capabilities.Verbs.Order());
        Assert.Equal(RolloutStrategy.BlueGreen, Assert.Single(capabilities.Strategies));
        Assert.Equal("Call the night shift.", capabilities.Instead[ActionVerb.Halt]);
    }

    [Theory]
    [InlineData("Secret", "whsec_c2hvcnQ=", "Secret is not")]
    [InlineData("Secret", "a plain word that is long enough", "Secret is not")]
    [InlineData("Verbs", "promote, kill", "Verbs names 'kill'")]
    [InlineData("Strategies", "canary, feature-flag", "Strategies names 'feature-flag'")]
    [InlineData("HaltsAtFull", "perhaps", "HaltsAtFull is neither")]
    public void A_setting_that_is_wrong_is_told(string name, string value, string told)
    {
        var settings = new TargetSettings(Kind, "target", Production, new Dictionary<string, string>(Settings(_api.Address)) { [name] = value });

        Assert.StartsWith(told, Assert.Single(settings.Faults()), StringComparison.Ordinal);
    }

    private protected override ApiServer Serve() => _api = new WebhookApi(Key);

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Key);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, [.. Key, 1]);

    private static Dictionary<string, string> Told(Uri address, byte[] key) => new() { ["Address"] = $"{address}hook", ["Secret"] = $"whsec_{Convert.ToBase64String(key)}" };

    private async Task<int> SendAsync(string path, string id, string at, string signature, byte[] body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at);
        request.Headers.Add("webhook-signature", signature);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
