using System.Net;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Traffic;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>The adapter against the playground's real gateway, and against servers that misbehave.</summary>
public sealed class GatewayAdapterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private TrafficGateway _gateway = null!;
    private GatewayAdapter _adapter = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = new TrafficGateway(_http, _folder, TimeProvider.System);
        _gateway.Route("shop", "2.14.3", new Uri("http://127.0.0.1:9/"));
        _gateway.Route("shop", "2.15.0", new Uri("http://127.0.0.1:9/"));
        _gateway.Splits.Put("shop", new RolloutChange(Guid.NewGuid(), "2.15.0", "2.14.3", 0, Halted: false));
        await _gateway.StartAsync(TestContext.Current.CancellationToken);
        _adapter = new GatewayAdapter(_http, _gateway.Options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_asked_for_is_read_back()
    {
        var change = Change(25);
        await _adapter.ApplyAsync(change, default);

        var seen = await ObserveAsync("2.15.0");

        Assert.Equal(25, seen.ExposurePercent);
        Assert.False(seen.Halted);
        Assert.Equal(change.ActionId, seen.LastActionId);
        Assert.Equal(75, (await ObserveAsync("2.14.3")).ExposurePercent);
        Assert.Equal(0, (await ObserveAsync("1.0.0")).ExposurePercent);
    }

    [Fact]
    public async Task Asking_twice_is_harmless()
    {
        var first = Change(25);
        await _adapter.ApplyAsync(first, default);
        await _adapter.ApplyAsync(Change(0, halted: true), default);

        await _adapter.ApplyAsync(first, default);

        Assert.Equal(0, (await ObserveAsync("2.15.0")).ExposurePercent);
    }

    [Fact]
    public async Task A_raise_while_halted_is_refused_in_the_gateways_words()
    {
        await _adapter.ApplyAsync(Change(5, halted: true), default);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => _adapter.ApplyAsync(Change(25, halted: true), default));

        Assert.Contains("halted at 5 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(5, (await ObserveAsync("2.15.0")).ExposurePercent);
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_refused() =>
        await Assert.ThrowsAsync<TargetRefusedException>(() => _adapter.ApplyAsync(Change(5) with { Version = "9.9.9" }, default));

    [Fact]
    public async Task An_unknown_service_is_refused_and_cannot_be_read()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => _adapter.ApplyAsync(Change(5) with { Service = "nothing" }, default));
        Assert.True((await Assert.ThrowsAsync<TargetUnreachableException>(() => _adapter.ObserveAsync("nothing", "production", "1", default))).Answered);
    }

    [Fact]
    public async Task What_is_not_found_without_a_word_of_a_service_is_no_answer()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.NotFound, "<html>Not here</html>");

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(() => Adapter(server.Address, TimeProvider.System).ObserveAsync("shop", "production", "2.15.0", default));

        Assert.False(told.Answered);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(101)]
    public async Task A_share_that_is_none_never_takes_effect(double percent)
    {
        await Assert.ThrowsAnyAsync<Exception>(() => _adapter.ApplyAsync(Change(percent), default));

        Assert.Equal(0, (await ObserveAsync("2.15.0")).ExposurePercent);
    }

    [Fact]
    public async Task A_wrong_token_changes_nothing()
    {
        var stranger = new GatewayAdapter(_http, _gateway.Options with { Token = "guess" }, TimeProvider.System);

        await Assert.ThrowsAsync<TargetRefusedException>(() => stranger.ApplyAsync(Change(25), default));
        await Assert.ThrowsAsync<TargetUnreachableException>(() => stranger.ObserveAsync("shop", "production", "2.15.0", default));
        Assert.Equal(0, (await ObserveAsync("2.15.0")).ExposurePercent);
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_unreachable_after_the_limit()
    {
        await using var hanging = await MisbehavingServer.HangsAsync();
        var time = new FakeTime();
        var adapter = Adapter(hanging.Address, time);

        var apply = adapter.ApplyAsync(Change(25), default);
        var observe = adapter.ObserveAsync("shop", "production", "2.15.0", default);
        await Eventually.TrueAsync(() => hanging.Requests == 2);
        Assert.False(apply.IsCompleted || observe.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("5 s", (await Assert.ThrowsAsync<TargetUnreachableException>(() => apply)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TargetUnreachableException>(() => observe);
    }

    [Fact]
    public async Task Giving_up_is_not_the_gateways_fault()
    {
        await using var hanging = await MisbehavingServer.HangsAsync();
        using var cancel = new CancellationTokenSource();
        var apply = Adapter(hanging.Address, TimeProvider.System).ApplyAsync(Change(25), cancel.Token);
        await Eventually.TrueAsync(() => hanging.Requests == 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => apply);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.TooManyRequests, "{}")]
    [InlineData(HttpStatusCode.Found, "")]
    public async Task What_a_broken_gateway_did_is_not_known(HttpStatusCode status, string body)
    {
        await using var server = await MisbehavingServer.AnswersAsync(status, body);
        var adapter = Adapter(server.Address, TimeProvider.System);

        await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ApplyAsync(Change(25), default));
        await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ObserveAsync("shop", "production", "2.15.0", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"exposurePercent\":\"all\"}")]
    [InlineData("{\"version\":\"2.15.0\",\"exposurePercent\":250}")]
    [InlineData("{\"exposurePercent\":5}")]
    public async Task An_answer_that_makes_no_sense_is_not_taken_for_a_state(string body)
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, body);

        await Assert.ThrowsAsync<TargetUnreachableException>(() => Adapter(server.Address, TimeProvider.System).ObserveAsync("shop", "production", "2.15.0", default));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, new string(' ', 1_000_000));

        await Assert.ThrowsAsync<TargetUnreachableException>(() => Adapter(server.Address, TimeProvider.System).ObserveAsync("shop", "production", "2.15.0", default));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_unreachable()
    {
        var gone = await MisbehavingServer.HangsAsync();
        await gone.DisposeAsync();

        await Assert.ThrowsAsync<TargetUnreachableException>(() => Adapter(gone.Address, TimeProvider.System).ApplyAsync(Change(25), default));
    }

    [Fact]
    public void The_token_does_not_show_in_logs() => Assert.DoesNotContain(_gateway.Options.Token, _gateway.Options.ToString(), StringComparison.Ordinal);

    private static TargetChange Change(double percent, bool halted = false) => new(Guid.NewGuid(), "shop", "production", "2.15.0", "2.14.3", percent, halted);

    private GatewayAdapter Adapter(Uri address, TimeProvider time) => new(_http, new GatewayOptions { Address = address, Token = "t" }, time);

    private Task<TargetObservation> ObserveAsync(string version) => _adapter.ObserveAsync("shop", "production", version, default);
}
