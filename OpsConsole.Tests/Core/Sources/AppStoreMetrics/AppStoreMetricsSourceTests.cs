using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreMetrics;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Tests.Contracts.Sources;
using OpsConsole.Tests.Contracts.Targets;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.AppStoreMetrics;

public sealed class AppStoreMetricsSourceTests : IAsyncLifetime
{
    private const string Secret = "s3cret-credential-0123456789";
    private const string Version = "2.15.0";
    private const string Build = "b215";

    private readonly FakeTime _time = new();
    private readonly ConnectApiServer _api;

    public AppStoreMetricsSourceTests() => _api = new ConnectApiServer(_time);

    public async ValueTask InitializeAsync()
    {
        _api.Add(Version, "READY_FOR_DISTRIBUTION", "ACTIVE", day: 2);
        _api.Build(Version, Build);
        await _api.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Each_measure_is_of_its_metric_percentile_and_device()
    {
        Hangs("percentile.fifty", "3.5");
        Hangs("percentile.ninety", "41.25");
        Hangs("percentile.fifty", "99", device: "all_ipads");
        _api.Measure(Build, "LAUNCH", "launchTime", "milliseconds", "percentile.fifty", $"{Version} (215)", "640");

        var samples = await MeasuredAsync(Source("hang_rate_p90", "launch_time_p50", "hang_rate_p50"));

        Assert.Equal([41.25, 640, 3.5], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal(1, s.Count));
        Assert.Contains(_api.Requests, r => r.StartsWith($"GET /v1/builds/{Build}/perfPowerMetrics?filter%5BmetricType%5D=HANG%2CLAUNCH&filter%5BdeviceType%5D=all_iphones&filter%5Bplatform%5D=IOS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_devices_are_asked_for_where_they_are_set()
    {
        Hangs("percentile.fifty", "3.5");
        Hangs("percentile.fifty", "7.5", device: "all_ipads");

        Assert.Equal(7.5, Assert.Single(await MeasuredAsync(Source(["hang_rate_p50"], ("Device", "all_ipads")))).Value);
    }

    [Fact]
    public async Task What_apple_does_not_renew_keeps_the_time_at_which_it_was_first_seen()
    {
        Hangs("percentile.fifty", "3.5");
        var source = Source("hang_rate_p50");
        var first = Assert.Single(await MeasuredAsync(source));
        Assert.Equal(_time.GetUtcNow(), first.At);

        _time.Advance(TimeSpan.FromHours(30));
        var again = Assert.Single(await MeasuredAsync(source));

        Assert.Equal((first.At, true), (again.At, again.Repeats));

        _api.ForgetMetrics();
        Hangs("percentile.fifty", "3.75");
        var renewed = Assert.Single(await MeasuredAsync(source));
        Assert.Equal((_time.GetUtcNow(), false), (renewed.At, renewed.Repeats));
    }

    [Fact]
    public async Task While_a_new_build_has_no_value_that_of_the_one_before_is_an_error_and_never_stands()
    {
        Hangs("percentile.fifty", "3.5");
        var source = Source("hang_rate_p50");
        await MeasuredAsync(source);

        _api.Build(Version, "b216");
        var none = await ErrorAsync(source);
        Assert.StartsWith("What was shown of 2.15.0 is of an earlier build, and the one that it has now has no value yet: Apple has no hangRate of 2.15.0 ", none.Detail, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromHours(8));
        _api.Measure("b216", "HANG", "hangRate", "seconds", "percentile.fifty", Version, "3.5");
        var own = Assert.Single(await MeasuredAsync(source));
        Assert.Equal((_time.GetUtcNow(), false), (own.At, own.Repeats));
    }

    [Fact]
    public async Task What_was_there_when_reading_began_is_noted_as_perhaps_older_until_apple_renews_it()
    {
        Hangs("percentile.fifty", "3.5");
        var source = Source("hang_rate_p50");
        await MeasuredAsync(source);
        Assert.Contains("may be older", source.Note, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromHours(8));
        _api.ForgetMetrics();
        Hangs("percentile.fifty", "3.75");
        await MeasuredAsync(source);
        Assert.Null(source.Note);
    }

    [Fact]
    public async Task A_version_that_apple_does_not_know_or_that_has_no_build_is_missing()
    {
        _api.Add("2.16.0", "PREPARE_FOR_SUBMISSION");

        Assert.Equal("App Store Connect has no version 9.9.9 of this app for iOS.", (await MissingAsync(Source("9.9.9", ["hang_rate_p50"]))).Detail);
        Assert.Equal("2.16.0 has no build in App Store Connect yet.", (await MissingAsync(Source("2.16.0", ["hang_rate_p50"]))).Detail);
    }

    [Fact]
    public async Task A_build_without_metrics_is_missing_and_no_fault()
    {
        _api.HasNoMetrics = true;

        var (samples, failure) = await ReadAsync(Source("hang_rate_p50", "hang_signatures"));

        Assert.Null(failure);
        Assert.All(samples, s => Assert.Equal(SampleKind.Missing, s.Kind));
        Assert.Equal("Apple has no hangRate of 2.15.0 on all_iphones (percentile.fifty): too few devices share theirs so far, or it takes some days more.", samples[0].Detail);
        Assert.Equal("Apple lists no signatures (HANGS) of 2.15.0: none came up, or too few devices share theirs.", samples[1].Detail);
    }

    [Fact]
    public async Task A_metric_that_is_not_there_is_missing_and_what_is_there_is_told()
    {
        _api.Measure(Build, "TERMINATION", "foreground", "count", "percentile.fifty", Version, "2");

        Assert.Contains("; it has foreground: ", (await MissingAsync(Source("terminations_on_screen_p50"))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_version_is_not_taken_for_this_one()
    {
        Hangs("percentile.fifty", "3.5", "2.14.3");

        Assert.Equal("What Apple has for the build of 2.15.0 is of 2.14.3.", (await MissingAsync(Source("hang_rate_p50"))).Detail);
    }

    [Fact]
    public async Task Several_values_where_one_is_expected_are_an_error()
    {
        Hangs("percentile.fifty", "3.5");
        Hangs("percentile.fifty", "4.5");

        Assert.Equal("Apple states 2 values of hangRate where one is expected.", (await ErrorAsync(Source("hang_rate_p50"))).Detail);
    }

    [Fact]
    public async Task A_launch_time_in_another_unit_is_an_error()
    {
        _api.Measure(Build, "LAUNCH", "launchTime", "seconds", "percentile.fifty", Version, "0.64");

        Assert.Equal("Apple states launchTime in seconds, and milliseconds are expected.", (await ErrorAsync(Source("launch_time_p50"))).Detail);
    }

    [Fact]
    public async Task A_negative_value_is_an_error()
    {
        Hangs("percentile.fifty", "-1");

        Assert.Equal("Apple states a negative hangRate.", (await ErrorAsync(Source("hang_rate_p50"))).Detail);
    }

    [Fact]
    public async Task A_margin_of_error_is_noted()
    {
        _api.Measure(Build, "HANG", "hangRate", "seconds", "percentile.fifty", Version, "3.5", margin: "1.25");
        var source = Source("hang_rate_p50");

        await MeasuredAsync(source);

        Assert.Equal("Apple has few samples: hang_rate_p50 may be wrong by 1.25.", source.Note);
    }

    [Fact]
    public async Task Signatures_are_counted_and_those_that_rise_too()
    {
        _api.Sign(Build, "HANGS", "Shop: -[Cart total] + 23", "UP");
        _api.Sign(Build, "HANGS", "Shop: -[Cart load] + 5", "DOWN");
        _api.Sign(Build, "HANGS", "Shop: -[Login open] + 9");
        _api.Sign(Build, "LAUNCHES", "Shop: main + 1");

        var (samples, failure) = await ReadAsync(Source("hang_signatures", "hang_signatures_rising", "launch_signatures", "launch_signatures_rising"));

        Assert.Null(failure);
        Assert.Equal([3, 1, 1], samples.Take(3).Select(s => s.Value));
        Assert.Equal((SampleKind.Missing, "Apple compares none of the 1 signatures (LAUNCHES) of 2.15.0 with earlier versions."), (samples[3].Kind, samples[3].Detail));
    }

    [Fact]
    public async Task More_signatures_than_are_listed_are_not_counted()
    {
        for (var n = 0; n < 201; n++)
        {
            _api.Sign(Build, "HANGS", $"Shop: f{n}");
        }

        Assert.Equal("Apple lists more than 200 signatures (HANGS) of 2.15.0, which are not counted.", (await ErrorAsync(Source("hang_signatures"))).Detail);
    }

    [Fact]
    public async Task A_key_that_apple_does_not_know_is_told_in_its_words_and_without_the_token()
    {
        var (samples, failure) = await ReadAsync(Source(["hang_rate_p50"], ("Key", ConnectApiServer.ForeignKey)));

        Assert.EndsWith("make sure that it has not expired. (secret) (NOT_AUTHORIZED).", failure, StringComparison.Ordinal);
        Assert.Equal(SampleKind.Error, Assert.Single(samples).Kind);
    }

    [Fact]
    public void What_is_set_wrongly_is_told()
    {
        var binding = Binding(Version, ["hang_rate_p50"], ("Key", "none"), ("VersionString", "2.15"));

        Assert.Equal(
            ["Key is no private key on the curve P-256, as the file AuthKey_….p8 holds it", "VersionString has no $version, so the new version and the previous one would show the same"],
            Catalog().Faults(binding with { Version = SourceBinding.EveryVersion }));
        Assert.Empty(Catalog().Faults(Binding(SourceBinding.EveryVersion, ["hang_signatures"])));
    }

    private void Hangs(string percentile, string value, string version = Version, string device = "all_iphones") => _api.Measure(Build, "HANG", "hangRate", "seconds", percentile, version, value, device: device);

    private SourceCatalog Catalog()
    {
        var rules = OutboundRules.Read(["127.0.0.1"], out _);
        return new SourceCatalog([AppStoreMetricsKind.Kind(new RemoteConnections(new GuardedConnections(() => rules).Handler, _time))]);
    }

    private SourceBinding Binding(string version, string[] measures, params (string Name, string Value)[] told)
    {
        var values = AppStoreMetricsTold.Values(ConnectApiServer.Key, Secret);
        foreach (var (name, value) in told)
        {
            values[name] = value;
        }

        return new SourceBinding
        {
            Key = "pocket", Kind = AppStoreMetricsKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = version, Address = _api.Address,
            Interval = TimeSpan.FromMinutes(30), Timeout = TimeSpan.FromSeconds(30), Settings = new ConnectionSettings(AppStoreMetricsKind.Name, AppStoreMetricsTold.Settings, values),
            Rules = [.. measures.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
        };
    }

    private ISignalSource Source(params string[] measures) => Source(Version, measures);

    private ISignalSource Source(string[] measures, params (string Name, string Value)[] told) => Source(Version, measures, told);

    private ISignalSource Source(string version, string[] measures, params (string Name, string Value)[] told) => Catalog().Create(Binding(version, measures, told));

    private static async Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(ISignalSource source)
    {
        var samples = new List<SignalSample>();
        return (samples, await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
    }

    private static async Task<List<SignalSample>> MeasuredAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        Assert.Null(failure);
        Assert.All(samples, s => Assert.True(s.Kind == SampleKind.Measured, s.Detail));
        return samples;
    }

    private static async Task<SignalSample> MissingAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        Assert.Null(failure);
        var sample = Assert.Single(samples);
        Assert.Equal(SampleKind.Missing, sample.Kind);
        return sample;
    }

    private static async Task<SignalSample> ErrorAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        Assert.Null(failure);
        var sample = Assert.Single(samples);
        Assert.Equal(SampleKind.Error, sample.Kind);
        return sample;
    }
}
