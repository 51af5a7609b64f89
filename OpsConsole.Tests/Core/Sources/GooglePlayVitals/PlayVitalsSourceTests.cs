using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.GooglePlayVitals;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Tests.Contracts;
using OpsConsole.Tests.Contracts.Sources;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.GooglePlayVitals;

public sealed class PlayVitalsSourceTests : IAsyncLifetime
{
    private const string Secret = "s3cret-credential-0123456789";
    private const string Crashes = "crashRateMetricSet";

    /// <summary>Four in the morning in Los Angeles, on the first of March.</summary>
    private readonly FakeTime _time = new();
    private readonly PlayVitalsApi _api;

    public PlayVitalsSourceTests() => _api = new PlayVitalsApi(Secret, _time) { CountedDays = new DateTime(2026, 2, 27), CountedHours = new DateTime(2026, 3, 1, 6, 0, 0) };

    public async ValueTask InitializeAsync()
    {
        _api.Serve("215 (2.15.0)", "215");
        await _api.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_share_is_a_percentage_of_the_day_that_google_counted_last()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 25), "215", 9_000, ("userPerceivedCrashRate", "0.02"), ("crashRate", "0.03"));
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 12_000, ("userPerceivedCrashRate", "0.0109"), ("crashRate", "0.0125"));

        var samples = await MeasuredAsync(Source("user_perceived_crash_rate", "crash_free_users"));

        Assert.Equal(1.09, samples[0].Value, 9);
        Assert.Equal(12_000, samples[0].Count);
        Assert.Equal(98.75, samples[1].Value, 9);
        Assert.All(samples, s => Assert.Equal(new DateTimeOffset(2026, 2, 27, 8, 0, 0, TimeSpan.Zero), s.At));
    }

    [Fact]
    public async Task A_day_ends_at_midnight_in_los_angeles_also_when_its_clocks_have_changed()
    {
        _time.Advance(TimeSpan.FromDays(10));
        _api.CountedDays = new DateTime(2026, 3, 9);
        _api.Count(Crashes, hourly: false, new DateTime(2026, 3, 8), "215", 1_000, ("userPerceivedCrashRate", "0"));

        var sample = Assert.Single(await MeasuredAsync(Source("user_perceived_crash_rate")));

        Assert.Equal(new DateTimeOffset(2026, 3, 9, 7, 0, 0, TimeSpan.Zero), sample.At);
        Assert.Equal(0, sample.Value);
    }

    [Fact]
    public async Task Hours_are_of_utc_and_of_a_query_of_their_own()
    {
        _api.Count(Crashes, hourly: true, new DateTime(2026, 3, 1, 5, 0, 0), "215", 700, ("userPerceivedCrashRate", "0.01"));
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 12_000, ("userPerceivedCrashRate28dUserWeighted", "0.004"));

        var samples = await MeasuredAsync(Source("user_perceived_crash_rate_hourly", "user_perceived_crash_rate_28d"));

        Assert.Equal((1d, 700L, new DateTimeOffset(2026, 3, 1, 6, 0, 0, TimeSpan.Zero)), (samples[0].Value, samples[0].Count, samples[0].At));
        Assert.Equal(0.4, samples[1].Value, 9);
        Assert.Equal(["HOURLY", "DAILY"], _api.Queries.Select(q => (string?)q["timelineSpec"]!["aggregationPeriod"]));
    }

    [Fact]
    public async Task All_version_codes_of_a_release_are_counted_together_by_google()
    {
        _api.Serve("2.16.0", "216", "217");
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "216", 3_000, ("userPerceivedCrashRate", "0.01"));
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "217", 1_000, ("userPerceivedCrashRate", "0.05"));
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 9_000, ("userPerceivedCrashRate", "0.9"));

        var sample = Assert.Single(await MeasuredAsync(Source("2.16.0", ["user_perceived_crash_rate"])));

        Assert.Equal(2, sample.Value, 9);
        Assert.Equal(4_000, sample.Count);
        Assert.Equal("versionCode = 216 OR versionCode = 217", (string?)Assert.Single(_api.Queries)["filter"]);
    }

    [Fact]
    public async Task Version_codes_that_are_set_are_not_looked_up()
    {
        _api.ServeNothing();
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "300", 1_000, ("userPerceivedCrashRate", "0.01"));

        await MeasuredAsync(Source("2.15.0", ["user_perceived_crash_rate"], ("Release", "300, 301")));

        Assert.DoesNotContain(_api.Requests, r => r.Contains("fetchReleaseFilterOptions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_that_is_not_served_any_more_is_still_read()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 1_000, ("userPerceivedCrashRate", "0.01"));
        var source = Source("user_perceived_crash_rate");
        await MeasuredAsync(source);
        _api.ServeNothing();

        Assert.True(Assert.Single(await MeasuredAsync(source)).Repeats);
    }

    [Fact]
    public async Task A_release_that_is_nowhere_served_is_missing()
    {
        var (sample, failure) = await OneAsync(Source("9.9.9", ["user_perceived_crash_rate"]));

        Assert.Equal((SampleKind.Missing, "Google Play serves no release called 9.9.9 on any track, so its version codes are not known.", null), (sample.Kind, sample.Detail, failure));
    }

    [Fact]
    public async Task What_google_does_not_tell_of_is_missing_and_never_zero()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 40, ("userPerceivedCrashRate", "0"));

        var (sample, failure) = await OneAsync(Source("user_perceived_crash_rate"));

        Assert.Equal((SampleKind.Missing, null), (sample.Kind, failure));
        Assert.Equal("Google Play tells no userPerceivedCrashRate of 2.15.0 (version code 215) in the last 7 days that it counted: nobody used it, or too few did.", sample.Detail);
    }

    [Fact]
    public async Task Too_few_users_are_missing()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 90, ("userPerceivedCrashRate", "0.023"));

        var (sample, _) = await OneAsync(Source("user_perceived_crash_rate"));

        Assert.Equal((SampleKind.Missing, "90 users in that day, and 100 are needed."), (sample.Kind, sample.Detail));
    }

    [Fact]
    public async Task What_is_not_counted_by_the_hour_is_missing_and_the_rest_is_not()
    {
        _api.CountedHours = null;
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 1_000, ("userPerceivedCrashRate", "0.01"));

        var (samples, _) = await ReadAsync(Source("user_perceived_crash_rate_hourly", "user_perceived_crash_rate"));

        Assert.Equal([SampleKind.Missing, SampleKind.Measured], samples.Select(s => s.Kind));
        Assert.Equal("Google Play counts nothing of this app by the hour.", samples[0].Detail);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("-0.1")]
    public async Task A_share_that_cannot_be_right_is_an_error(string share)
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 1_000, ("userPerceivedCrashRate", share));

        var (sample, _) = await OneAsync(Source("user_perceived_crash_rate"));

        Assert.Equal((SampleKind.Error, $"Google Play tells a share of {share} of the users, which cannot be right."), (sample.Kind, sample.Detail));
    }

    [Fact]
    public async Task What_google_has_not_counted_for_long_is_noted()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 1_000, ("userPerceivedCrashRate", "0.01"));
        var source = Source("user_perceived_crash_rate");
        await MeasuredAsync(source);
        Assert.Null(source.Note);

        _time.Advance(TimeSpan.FromDays(3));

        await MeasuredAsync(source);
        Assert.Contains("which is later than usual", source.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_good_any_more_is_told_without_itself_and_given_anew()
    {
        _api.Count(Crashes, hourly: false, new DateTime(2026, 2, 26), "215", 1_000, ("userPerceivedCrashRate", "0.01"));
        var source = Source("user_perceived_crash_rate");
        await MeasuredAsync(source);
        _api.SignIn.EndTokens();

        var (sample, failure) = await OneAsync(source);

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.EndsWith("Request had invalid authentication credentials: (secret).", failure, StringComparison.Ordinal);
        await MeasuredAsync(source);
        Assert.Equal(2, _api.SignIn.SignIns);
    }

    [Fact]
    public async Task An_account_that_google_does_not_know_is_told_in_its_words()
    {
        var (_, failure) = await OneAsync(Source("2.15.0", ["user_perceived_crash_rate"], ("ServiceAccount", GoogleSignIn.ForeignAccount)));

        Assert.Equal("Google gave the console no access token: Invalid JWT Signature. (invalid_grant).", failure);
    }

    [Fact]
    public async Task What_was_signed_is_told_to_nobody_where_google_repeats_it()
    {
        _api.SignIn.RepeatsAssertions = true;

        var (_, failure) = await OneAsync(Source("2.15.0", ["user_perceived_crash_rate"], ("ServiceAccount", GoogleSignIn.ForeignAccount)));

        Assert.Equal("Google gave the console no access token: Invalid JWT Signature. (secret) (invalid_grant).", failure);
    }

    [Fact]
    public void What_is_set_wrongly_is_told()
    {
        var binding = Binding("2.15.0", ["user_perceived_crash_rate"], ("ServiceAccount", "{}"), ("Package", "shop"), ("LeastUsers", "some"), ("Release", "latest"));

        Assert.Equal(
            [
                "ServiceAccount is not the JSON of a service account's key: it needs type, client_email and a private_key that can sign",
                "Package is no package name of an Android app",
                "Release has no $version, so the new version and the previous one would show the same",
                "LeastUsers is not a whole number from 0",
            ],
            Catalog().Faults(binding with { Version = SourceBinding.EveryVersion }));
        Assert.Empty(Catalog().Faults(Binding(SourceBinding.EveryVersion, ["crash_free_users"])));
    }

    [Fact]
    public void The_lines_of_bad_behaviour_are_those_that_google_publishes()
    {
        using var limits = JsonDocument.Parse(Conformance.Read("delivery_target_limits.json"));
        var vitals = limits.RootElement.GetProperty("googlePlay").GetProperty("vitals");
        string Line(string name) => string.Create(CultureInfo.InvariantCulture, $"{100 * vitals.GetProperty(name).GetProperty("overall").GetDouble():0.##} %");
        string Of(string measure) => VitalsMeasure.All.Single(m => m.Name == measure).Sentence;

        Assert.Contains(Line("userPerceivedCrashRate"), Of("user_perceived_crash_rate_28d"), StringComparison.Ordinal);
        Assert.Contains(Line("userPerceivedAnrRate"), Of("user_perceived_anr_rate_28d"), StringComparison.Ordinal);
    }

    private SourceCatalog Catalog()
    {
        var rules = OutboundRules.Read(["127.0.0.1"], out _);
        return new SourceCatalog([PlayVitalsKind.Kind(new RemoteConnections(new GuardedConnections(() => rules).Handler, _time))]);
    }

    private SourceBinding Binding(string version, string[] measures, params (string Name, string Value)[] told)
    {
        var values = PlayVitalsTold.Values(_api.Address, GoogleSignIn.Account);
        foreach (var (name, value) in told)
        {
            values[name] = value;
        }

        return new SourceBinding
        {
            Key = "pocket", Kind = PlayVitalsKind.Name, Service = "pocket", Target = "play", Environment = "production", Version = version, Address = _api.Address,
            Interval = TimeSpan.FromMinutes(15), Timeout = TimeSpan.FromSeconds(30), Settings = new ConnectionSettings(PlayVitalsKind.Name, PlayVitalsTold.Settings, values),
            Rules = [.. measures.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
        };
    }

    private ISignalSource Source(params string[] measures) => Source("2.15.0", measures);

    private ISignalSource Source(string version, string[] measures, params (string Name, string Value)[] told) => Catalog().Create(Binding(version, measures, told));

    private static async Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(ISignalSource source)
    {
        var samples = new List<SignalSample>();
        return (samples, await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
    }

    private static async Task<(SignalSample Sample, string? Failure)> OneAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        return (Assert.Single(samples), failure);
    }

    private static async Task<List<SignalSample>> MeasuredAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        Assert.Null(failure);
        Assert.All(samples, s => Assert.True(s.Kind == SampleKind.Measured, s.Detail));
        return samples;
    }
}
