using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.CloudflareAnalytics;
using OpsConsole.Tests.Contracts.Sources;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.CloudflareAnalytics;

public sealed class AnalyticsSourceTests : IAsyncLifetime
{
    private const string Token = "cf-s3cret-0123456789", Narrow = "cf-narrow-s3cret-0123456789";

    private readonly CloudflareGraphApi _api = new(Token, Narrow);
    private readonly FakeTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly Dictionary<string, string> _told = new() { ["Account"] = CloudflareGraphApi.Account, ["Script"] = CloudflareGraphApi.Script, ["Token"] = Token };

    public async ValueTask InitializeAsync() => await _api.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_version_is_measured_by_itself()
    {
        var (before, next) = (_api.AddVersion("2.14.3"), _api.AddVersion("2.15.0"));
        _api.Add(Enumerable.Range(0, 1000).Select(_ => new Invocation(before, Ago(180))));
        _api.Add(Enumerable.Range(1, 101).Select(n => new Invocation(next, Ago(180), n <= 2 ? "scriptThrewException" : n <= 4 ? "clientDisconnected" : "success", CpuTime: 100 * n, WallTime: 1000 * n)));

        var (samples, failure, source) = await ReadAsync("requests", "errors", "error_rate", "cpu_time_p50", "cpu_time_p99", "wall_time_p50", "wall_time_p99");

        Assert.Null(failure);
        Assert.Equal([101, 2, 100 * 2 / 101.0, 5.1, 10, 51, 100], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal((SampleKind.Measured, 101L), (s.Kind, s.Count)));
        Assert.Null(source.Note);
        Assert.Equal(2, _api.Requests.Count);
    }

    [Fact]
    public async Task The_newest_minutes_are_left_out_and_a_sample_is_of_the_newest_invocation()
    {
        var version = _api.AddVersion("2.15.0");
        _api.Add(new Invocation(version, Ago(60)), new Invocation(version, Ago(150)), new Invocation(version, Ago(200)), new Invocation(version, Ago(500)));

        var (samples, _, _) = await ReadAsync("requests");

        Assert.Equal((2, Ago(150).ToUnixTimeSeconds()), (samples[0].Value, samples[0].At.ToUnixTimeSeconds()));
        var variables = _api.Asked!["variables"]!;
        Assert.Equal(Ago(120), DateTimeOffset.Parse((string)variables["to"]!, null), TimeSpan.FromMilliseconds(1));
        Assert.Equal(Ago(420), DateTimeOffset.Parse((string)variables["from"]!, null), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Without_invocations_nothing_is_measured()
    {
        _api.AddVersion("2.15.0");

        var (samples, failure, source) = await ReadAsync("error_rate", "requests");

        Assert.Null(failure);
        Assert.All(samples, s => Assert.Equal((SampleKind.Missing, "Cloudflare counted no invocation of shop-worker 2.15.0 in 5 m 0 s."), (s.Kind, s.Detail)));
        Assert.All(source.Findings, f => Assert.Equal(0, f.Series));
    }

    [Fact]
    public async Task A_sample_is_told_and_counts_as_what_was_looked_at()
    {
        var version = _api.AddVersion("2.15.0");
        _api.Add(Enumerable.Range(0, 40).Select(n => new Invocation(version, Ago(180), n == 0 ? "exceededResources" : "success", StandsFor: 10)));

        var (samples, _, source) = await ReadAsync("requests", "error_rate");

        Assert.Equal([(400.0, 40L), (2.5, 40L)], samples.Select(s => (s.Value, s.Count)));
        Assert.Equal("Cloudflare estimates from a sample of one in 10 invocations.", source.Note);
    }

    [Fact]
    public async Task A_version_that_is_named_by_its_id_needs_no_list()
    {
        var version = _api.AddVersion(null);
        (_told["Release"], _told["Token"]) = (version, Narrow);
        _api.Add(new Invocation(version, Ago(180)));

        var (samples, _, _) = await ReadAsync("requests");

        Assert.Equal(1, samples[0].Value);
        Assert.Single(_api.Requests);
    }

    [Fact]
    public async Task A_version_that_is_named_by_its_tag_needs_a_token_that_may_list()
    {
        _api.AddVersion("2.15.0");
        _told["Token"] = Narrow;

        var (samples, failure, _) = await ReadAsync("requests");

        Assert.Equal("Cloudflare does not accept the console's credential, or it may not read this: Authentication error (code 10000).", failure);
        Assert.Equal(SampleKind.Error, samples[0].Kind);
    }

    [Fact]
    public async Task A_version_that_Cloudflare_does_not_know_is_missing()
    {
        _api.AddVersion("2.14.3");

        var (samples, _, _) = await ReadAsync("requests");

        Assert.Equal(SampleKind.Missing, samples[0].Kind);
        Assert.Contains("Cloudflare has no version 2.15.0 of this Worker", samples[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_of_a_tag_is_looked_for_again_after_a_while()
    {
        var first = _api.AddVersion("2.15.0");
        _api.Add(new Invocation(first, Ago(180)));
        var source = Catalog().Create(Binding("requests"));
        await ReadAsync(source);
        var second = _api.AddVersion("2.15.0");
        await ReadAsync(source);
        Assert.Equal(first, (string?)_api.Asked!["variables"]!["version"]);

        _time.Advance(TimeSpan.FromMinutes(10));
        await ReadAsync(source);

        Assert.Equal(second, (string?)_api.Asked!["variables"]!["version"]);
    }

    [Theory]
    [InlineData(200, "unable to execute query, please try again later", "Cloudflare refused the query: unable to execute query, please try again later.")]
    [InlineData(400, "cannot request data older than 2678400s", "Cloudflare answered HTTP 400 when it was read: cannot request data older than 2678400s.")]
    [InlineData(403, "not authorized for that account", "Cloudflare does not accept the console's credential, or it may not read this: not authorized for that account.")]
    [InlineData(429, "rate limiter budget depleted, try again after 5 minutes", "Cloudflare is asked too often: rate limiter budget depleted, try again after 5 minutes.")]
    public async Task What_Cloudflare_says_of_an_error_is_told_whatever_the_status(int status, string message, string told)
    {
        _api.AddVersion("2.15.0");
        _api.Error = (status, message);

        var (samples, failure, _) = await ReadAsync(Catalog(TimeProvider.System).Create(Binding("requests")));

        Assert.Equal((SampleKind.Error, told), (samples[0].Kind, failure));
    }

    [Fact]
    public async Task An_account_of_others_is_refused_in_Cloudflares_words()
    {
        (_told["Account"], _told["Release"]) = ("fedcba9876543210fedcba9876543210", Guid.NewGuid().ToString("D"));

        var (_, failure, _) = await ReadAsync("requests");

        Assert.Equal("Cloudflare does not accept the console's credential, or it may not read this: not authorized for that account.", failure);
    }

    [Theory]
    [InlineData("Account", "acme", "Account is not an id of 32 hexadecimal digits")]
    [InlineData("DelaySeconds", "-1", "DelaySeconds is no whole number from 0 to 3,600")]
    [InlineData("Release", "2.15.0", "Release has no $version, so the new version and the previous one would show the same")]
    [InlineData("Script", "", "Script is missing: The Worker's name.")]
    public void What_is_told_wrongly_is_named(string setting, string value, string fault)
    {
        _told[setting] = value;

        Assert.Equal([fault], Catalog().Faults(Binding("requests") with { Version = SourceBinding.EveryVersion }));
    }

    [Fact]
    public void A_window_below_a_minute_is_too_short() => Assert.Equal(
        ["signal 'requests': the window has to be from 1 min to 7 days"],
        Catalog().Faults(Binding("requests") is var binding ? binding with { Rules = [binding.Rules[0] with { Window = TimeSpan.FromSeconds(30) }] } : binding));

    private DateTimeOffset Ago(int seconds) => _time.GetUtcNow().AddSeconds(-seconds);

    private SourceBinding Binding(params string[] measures) => new()
    {
        Key = "shop", Kind = AnalyticsKind.Name, Service = "shop", Target = "workers", Environment = "production", Version = "2.15.0", Address = _api.Address,
        Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(20),
        Settings = new ConnectionSettings(AnalyticsKind.Name, AnalyticsKind.Kind(Connections(_time)).Settings, _told) { Timeout = TimeSpan.FromSeconds(20) },
        Rules = [.. measures.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
    };

    private static RemoteConnections Connections(TimeProvider time) => new(() => new SocketsHttpHandler { UseProxy = false }, time);

    private SourceCatalog Catalog(TimeProvider? time = null) => new([AnalyticsKind.Kind(Connections(time ?? _time))]);

    private Task<(List<SignalSample> Samples, string? Failure, ISignalSource Source)> ReadAsync(params string[] measures) => ReadAsync(Catalog().Create(Binding(measures)));

    private static async Task<(List<SignalSample> Samples, string? Failure, ISignalSource Source)> ReadAsync(ISignalSource source)
    {
        var samples = new List<SignalSample>();
        var failure = await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken);
        return (samples, failure, source);
    }
}
