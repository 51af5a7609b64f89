using System.Text.Json;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Sentry;
using OpsConsole.Tests.Contracts.Sources;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Sentry;

public sealed class SentrySourceTests : IAsyncLifetime
{
    private const string Token = "sntrys-s3cret-0123456789";
    private const string Release = "pocket@7.4.0";

    private readonly SentryApi _api = new(Token) { NarrowToken = "narrow-s3cret-0123456789" };
    private readonly FakeTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 7, 30, TimeSpan.Zero));
    private readonly Dictionary<string, string> _told = new()
    {
        ["Organization"] = SentryApi.Organization, ["Project"] = SentryApi.Project, ["Release"] = "pocket@$version", ["Token"] = Token,
    };

    public async ValueTask InitializeAsync() => await _api.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Rates_are_as_Sentry_defines_them()
    {
        // 1,000 sessions of 200 users; 9 of them crashed, all of 3 users; 50 errored, which crashes nobody.
        _api.Add(Enumerable.Range(0, 1000).Select(n => Session(n, user: $"user-{n % 200}", crashed: n is < 600 && n % 200 < 3, errored: n is >= 900 and < 950)));

        var (samples, _) = await ReadAsync(Rule("crash_free_sessions"), Rule("crash_free_users"), Rule("sessions"), Rule("users"));

        Assert.Equal([(99.1, 1000L), (98.5, 200L), (1000, 1000L), (200, 200L)], samples.Select(s => (Math.Round(s.Value, 6), s.Count)));
        Assert.Single(_api.Requests);
    }

    [Fact]
    public async Task Cases_of_Sentrys_definitions_come_out_right()
    {
        using var definitions = JsonDocument.Parse(Conformance.Read("sentry/release_health_definitions.json"));
        foreach (var of in definitions.RootElement.GetProperty("derivedCases").EnumerateArray().Where(c => c.TryGetProperty("crashFreeSessionRate", out _)))
        {
            await using var api = new SentryApi(Token);
            await api.StartAsync(TestContext.Current.CancellationToken);
            var crashed = of.GetProperty("crashed").GetInt32();
            api.Add(Enumerable.Range(0, of.GetProperty("total").GetInt32()).Select(n => Session(n, crashed: n < crashed)));

            var sample = Assert.Single((await ReadAsync(Binding([Rule("crash_free_sessions")], api.Address), _time)).Samples);

            var expected = of.GetProperty("crashFreeSessionRate");
            Assert.Equal(expected.ValueKind == JsonValueKind.Null ? SampleKind.Missing : SampleKind.Measured, sample.Kind);
            Assert.True(expected.ValueKind == JsonValueKind.Null || Math.Abs((100 * expected.GetDouble()) - sample.Value) < 1e-9, $"{sample}");
        }
    }

    [Fact]
    public async Task Without_sessions_nothing_is_crash_free()
    {
        _api.Add(Enumerable.Range(0, 500).Select(n => Session(n) with { Release = "pocket@7.3.0" }));

        var (samples, failure) = await ReadAsync(Rule("crash_free_sessions"), Rule("crash_free_users"), Rule("sessions"), Rule("session_adoption"));

        Assert.Null(failure);
        Assert.All(samples, s => Assert.Equal(SampleKind.Missing, s.Kind));
        Assert.Equal("Sentry counted no session of pocket@7.4.0 in production in 1 h 0 m.", samples[0].Detail);
        Assert.Equal("Sentry counted no sessions of pocket@7.4.0 among 500 of the project in 1 d 0 h.", samples[3].Detail);
    }

    [Theory]
    [InlineData(99, 99, "crash_free_sessions", "Sentry counted 99 sessions of pocket@7.4.0 in 1 h 0 m; below 100 there is no value.")]
    [InlineData(99, 99, "crash_free_users", "Sentry counted 99 sessions of pocket@7.4.0 in 1 h 0 m; below 100 there is no value.")]
    [InlineData(500, 49, "crash_free_users", "Sentry counted 49 users of pocket@7.4.0 in 1 h 0 m; below 50 there is no value.")]
    [InlineData(500, 0, "crash_free_users", "Sentry knows no user of pocket@7.4.0: its sessions come without user ids.")]
    [InlineData(99, 99, "session_adoption", "Sentry counted 99 sessions of the project in 1 d 0 h; below 100 there is no value.")]
    public async Task Too_few_are_no_value(int sessions, int users, string measure, string why)
    {
        _api.Add(Enumerable.Range(0, sessions).Select(n => Session(n, user: users == 0 ? null : $"user-{n % users}")));

        var sample = Assert.Single((await ReadAsync(Rule(measure))).Samples);

        Assert.Equal((SampleKind.Missing, why), (sample.Kind, sample.Detail));
    }

    [Fact]
    public async Task How_few_are_enough_is_told_by_settings()
    {
        (_told["LeastSessions"], _told["LeastUsers"]) = ("5", "2");
        _api.Add(Enumerable.Range(0, 5).Select(n => Session(n, user: $"user-{n % 2}")));

        Assert.All((await ReadAsync(Rule("crash_free_sessions"), Rule("crash_free_users"))).Samples, s => Assert.Equal((SampleKind.Measured, 100), (s.Kind, s.Value)));
    }

    [Fact]
    public async Task Adoption_is_the_share_of_the_project_in_its_environment_over_a_day()
    {
        _api.Add(Enumerable.Range(0, 100).Select(n => Session(n, user: $"a-{n}")));
        _api.Add(Enumerable.Range(0, 300).Select(n => Session(n, user: $"b-{n % 100}") with { Release = "pocket@7.3.0", Started = _time.GetUtcNow() - TimeSpan.FromHours(20) }));
        _api.Add(Enumerable.Range(0, 600).Select(n => Session(n) with { Environment = "staging" }));
        _api.Add(Enumerable.Range(0, 600).Select(n => Session(n) with { Started = _time.GetUtcNow() - TimeSpan.FromHours(30) }));

        var (samples, _) = await ReadAsync(Rule("session_adoption"), Rule("user_adoption"));

        Assert.Equal([(25.0, 400L), (50.0, 200L)], samples.Select(s => (s.Value, s.Count)));
        Assert.Equal(2, _api.Requests.Count);
    }

    [Fact]
    public async Task A_sample_is_of_the_last_whole_step_in_which_a_session_was_begun()
    {
        _api.Add(Enumerable.Range(0, 200).Select(n => Session(n) with { Started = At(11, 31).AddSeconds(n) }));
        _api.Add(Session(0) with { Started = At(12, 6) });

        var (samples, _) = await ReadAsync(Rule("crash_free_sessions"));

        Assert.Equal((At(11, 35), 200L), (samples[0].At, samples[0].Count));
        Assert.Contains("start=2026-03-01T11%3A05%3A00&end=2026-03-01T12%3A05%3A00&interval=5m", _api.Requests[0], StringComparison.Ordinal);
        Assert.Contains("environment=production", _api.Requests[0], StringComparison.Ordinal);
        Assert.Contains("query=release%3A%22pocket%407.4.0%22", _api.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_window_is_asked_for_in_steps_that_Sentry_takes()
    {
        _told["StepMinutes"] = "1";
        _api.Add(Enumerable.Range(0, 200).Select(n => Session(n)));

        var (samples, failure) = await ReadAsync(Rule("crash_free_sessions") with { Window = TimeSpan.FromHours(24) });

        Assert.Null(failure);
        Assert.Equal(SampleKind.Measured, samples[0].Kind);
        Assert.Contains("interval=2m", _api.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Sentry_that_takes_whole_hours_says_so_and_is_asked_for_them_when_told()
    {
        _api.LeastStep = 3600;
        _api.Add(Enumerable.Range(0, 200).Select(n => Session(n) with { Started = At(11, 20) }));

        var (refused, failure) = await ReadAsync(Rule("crash_free_sessions"));
        _told["StepMinutes"] = "60";
        var (samples, _) = await ReadAsync(Rule("crash_free_sessions"));

        Assert.Equal(SampleKind.Error, refused[0].Kind);
        Assert.Contains("The interval has to be a multiple of the minimum interval of one hour.", failure, StringComparison.Ordinal);
        Assert.Equal((SampleKind.Measured, At(12, 0)), (samples[0].Kind, samples[0].At));
    }

    [Fact]
    public async Task The_environment_may_be_called_otherwise_in_Sentry()
    {
        _api.Add(Enumerable.Range(0, 200).Select(n => Session(n) with { Environment = "prod" }));
        var (before, _) = await ReadAsync(Rule("sessions"));
        _told["SentryEnvironment"] = "prod";
        var (samples, _) = await ReadAsync(Rule("sessions"));
        _told["SentryEnvironment"] = "prdo";
        var (wrong, failure) = await ReadAsync(Rule("sessions"));

        Assert.Equal(SampleKind.Missing, before[0].Kind);
        Assert.Equal(200, samples[0].Value);
        Assert.Equal((SampleKind.Error, "Sentry does not know it: The requested resource does not exist."), (wrong[0].Kind, failure));
    }

    [Theory]
    [InlineData("7.4.0*")]
    [InlineData("7.4.0\" OR release:\"x")]
    [InlineData("a/b")]
    [InlineData("7\n4")]
    public async Task A_name_that_would_stand_for_others_is_never_asked_for(string version)
    {
        var binding = Binding([Rule("crash_free_sessions")]) with { Version = SourceBinding.EveryVersion };

        var (samples, _) = await ReadAsync(binding.For(version), _time);

        Assert.Equal(SampleKind.Error, samples[0].Kind);
        Assert.Contains("Sentry cannot be asked for a release named", samples[0].Detail, StringComparison.Ordinal);
        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task Newest_is_not_a_release()
    {
        _told["Release"] = "$version";

        var (samples, _) = await ReadAsync((Binding([Rule("sessions")]) with { Version = SourceBinding.EveryVersion }).For("latest"), _time);

        Assert.Equal("Sentry has no release named 'latest'; in a search it would stand for others.", samples[0].Detail);
    }

    [Fact]
    public async Task Requests_that_are_used_up_for_a_moment_are_waited_for()
    {
        _api.Add(Enumerable.Range(0, 200).Select(n => Session(n) with { Started = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(20) }));
        (_api.Left, _api.Renewal) = (0, DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1));

        var (samples, _) = await ReadAsync(Binding([Rule("crash_free_sessions")]), TimeProvider.System);

        Assert.Equal(SampleKind.Measured, samples[0].Kind);
        Assert.InRange(_api.Requests.Count, 2, 3);
    }

    [Fact]
    public async Task Requests_that_are_used_up_for_long_are_told()
    {
        (_api.Left, _api.Renewal) = (0, TimeProvider.System.GetUtcNow().AddHours(1));

        var (samples, failure) = await ReadAsync(Binding([Rule("crash_free_sessions")]), TimeProvider.System);

        Assert.Equal(SampleKind.Error, samples[0].Kind);
        Assert.Matches("^Sentry is asked too often; ask again in 3[56][0-9]{2} s: You are attempting to use this endpoint too frequently. Limit is 40 requests in 1 seconds.$", failure);
        Assert.Single(_api.Requests);
    }

    [Theory]
    [InlineData("another-s3cret-0123456789", "Invalid token Bearer (secret).")]
    [InlineData("narrow-s3cret-0123456789", "You do not have permission to perform this action.")]
    public async Task Why_the_console_is_not_let_in_is_told_in_Sentrys_words(string token, string words)
    {
        _told["Token"] = token;

        var (samples, failure) = await ReadAsync(Rule("crash_free_sessions"));

        Assert.Equal($"Sentry does not accept the console's credential, or it may not read this: {words}", failure);
        Assert.Equal(failure, samples[0].Detail);
    }

    [Theory]
    [InlineData("LeastSessions", "0", "LeastSessions is no whole number from 1 to 1,000,000,000")]
    [InlineData("LeastUsers", "few", "LeastUsers is no whole number from 1 to 1,000,000,000")]
    [InlineData("StepMinutes", "7", "StepMinutes is not a number of minutes from 1 to 1,440 that a day is a multiple of")]
    [InlineData("Token", "", "Token is missing: An auth token of an internal integration with the scope org:read, and nothing else.")]
    [InlineData("Release", "pocket", "Release has no $version, so the new version and the previous one would show the same")]
    public void What_is_told_wrongly_is_named(string setting, string value, string fault)
    {
        _told[setting] = value;

        Assert.Equal([fault], Catalog(_time).Faults(Binding([Rule("crash_free_sessions")]) with { Version = SourceBinding.EveryVersion }));
    }

    [Fact]
    public void A_window_is_whole_steps() => Assert.Equal(
        ["signal 'sessions': the window has to be a multiple of 5 min, or of a longer step that a day is a multiple of"],
        Catalog(_time).Faults(Binding([Rule("sessions") with { Window = TimeSpan.FromMinutes(7) }])));

    [Fact]
    public void Adoption_takes_no_window_but_its_own() => Assert.Equal(
        ["signal 'session_adoption': adoption is over 24 h as Sentry defines it, so it takes no other window"],
        Catalog(_time).Faults(Binding([Rule("session_adoption") with { Window = TimeSpan.FromHours(1) }])));

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 1, hour, minute, 0, TimeSpan.Zero);

    private SentrySession Session(int n, string? user = "", bool crashed = false, bool errored = false) =>
        new(Release, "production", _time.GetUtcNow() - TimeSpan.FromMinutes(20), user == "" ? $"user-{n}" : user, crashed, errored);

    private static SignalRule Rule(string measure) => new() { Signal = new(measure), Kind = SignalRuleKind.Measure, Numerator = measure };

    private SourceBinding Binding(IReadOnlyList<SignalRule> rules, Uri? address = null) => new()
    {
        Key = "pocket", Kind = SentryKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = "7.4.0", Address = address ?? _api.Address,
        Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(20), Rules = rules,
        Settings = new ConnectionSettings(SentryKind.Name, SentryKind.Kind(Connections(_time)).Settings, _told) { Timeout = TimeSpan.FromSeconds(20) },
    };

    private static RemoteConnections Connections(TimeProvider time) => new(() => new SocketsHttpHandler { UseProxy = false }, time);

    private static SourceCatalog Catalog(TimeProvider time) => new([SentryKind.Kind(Connections(time))]);

    private Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(params SignalRule[] rules) => ReadAsync(Binding(rules), _time);

    private static async Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(SourceBinding binding, TimeProvider time)
    {
        var samples = new List<SignalSample>();
        var failure = await Catalog(time).Create(binding).ReadAsync(samples.Add, TestContext.Current.CancellationToken);
        return (samples, failure);
    }
}
