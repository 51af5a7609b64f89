using System.IO.Compression;
using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreCrashes;
using OpsConsole.Tests.Contracts.Sources;
using OpsConsole.Tests.Contracts.Targets;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.AppStoreCrashes;

public sealed class AppStoreCrashesSourceTests : IAsyncLifetime
{
    private const string Version = "2.15.0";
    private const string Other = "2.14.3";

    private readonly FakeTime _time = new();
    private readonly ConnectApiServer _api;
    private readonly DateOnly _today;

    public AppStoreCrashesSourceTests()
    {
        _api = new ConnectApiServer(_time);
        _today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
    }

    public async ValueTask InitializeAsync() => await _api.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task The_newest_day_that_is_complete_counts_with_all_rows_of_the_version()
    {
        _api.Report(AppleReports.Crashes, _today, AppleReports.CrashLines((_today.AddDays(-1), Version, "99", "90"), (_today.AddDays(-2), Version, "3", "2"), (_today.AddDays(-2), Other, "50", "40"), (_today.AddDays(-3), Version, "8", "8")),
            AppleReports.CrashLines((_today.AddDays(-2), Version, "2", "2")));
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Version, "600", "300"), (_today.AddDays(-2), Version, "400", "150"), (_today.AddDays(-2), Other, "9000", "800")));

        var samples = await MeasuredAsync(Source("crash_free_sessions", "crashes", "crashed_devices", "sessions"));

        Assert.Equal([99.5, 5, 4, 1000], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal((1000L, new DateTimeOffset(_today.AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero)), (s.Count, s.At)));
    }

    [Fact]
    public async Task A_later_report_takes_the_place_of_an_earlier_one_and_is_never_added_to_it()
    {
        Report(_today.AddDays(-1), _today.AddDays(-3), "3", "1000");
        Report(_today, _today.AddDays(-3), "7", "1400");

        Assert.Equal([7, 1400], (await MeasuredAsync(Source("crashes", "sessions"))).Select(s => s.Value));
    }

    [Fact]
    public async Task What_is_read_again_repeats_and_what_apple_corrects_takes_the_place_of_what_it_said()
    {
        Report(_today, _today.AddDays(-2), "3", "1000");
        var source = Source("crashes");
        await MeasuredAsync(source);
        var fetched = _api.Fetched;
        Assert.True(Assert.Single(await MeasuredAsync(source)).Repeats);
        Assert.Equal(fetched, _api.Fetched);

        _time.Advance(TimeSpan.FromDays(1));
        Report(_today.AddDays(1), _today.AddDays(-2), "4", "1000");

        var corrected = Assert.Single(await MeasuredAsync(source));
        Assert.Equal((4.0, (3.0, 1000L)), (corrected.Value, corrected.Corrects));
    }

    [Fact]
    public async Task That_apple_lists_no_crash_of_a_version_is_no_crash_free_day()
    {
        _api.Report(AppleReports.Crashes, _today, AppleReports.CrashLines((_today.AddDays(-2), Other, "50", "40")));
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Version, "600", "300")));

        var (samples, _) = await ReadAsync(Source("crash_free_sessions", "crashes", "sessions"));

        Assert.Equal([SampleKind.Missing, SampleKind.Missing, SampleKind.Measured], samples.Select(s => s.Kind));
        Assert.Equal($"Apple lists no crash of {Version} on {_today.AddDays(-2):yyyy-MM-dd} in 600 sessions: there was none, or on too few devices for Apple to tell.", samples[0].Detail);
    }

    [Fact]
    public async Task A_version_that_nobody_used_has_not_crashed_zero_times()
    {
        Report(_today, _today.AddDays(-2), "3", "1000", Other);

        Assert.Equal($"Apple knows of no session of {Version} on {_today.AddDays(-2):yyyy-MM-dd}.", (await NoneAsync(SampleKind.Missing)).Detail);
    }

    [Fact]
    public async Task Crashes_without_a_session_are_an_error_of_their_share()
    {
        _api.Report(AppleReports.Crashes, _today, AppleReports.CrashLines((_today.AddDays(-2), Version, "5", "4")));
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Other, "600", "300")));

        var (samples, _) = await ReadAsync(Source("crash_free_sessions", "crashes"));

        Assert.Equal([SampleKind.Error, SampleKind.Measured], samples.Select(s => s.Kind));
    }

    [Fact]
    public async Task More_crashes_than_sessions_leave_no_session_free_of_them()
    {
        Report(_today, _today.AddDays(-2), "1200", "1000");

        Assert.Equal(0, Assert.Single(await MeasuredAsync(Source("crash_free_sessions"))).Value);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("5", 5)]
    public async Task How_long_a_day_takes_to_be_complete_is_set(string days, int ago)
    {
        _api.Report(AppleReports.Crashes, _today, AppleReports.CrashLines([.. Enumerable.Range(1, 6).Select(n => (_today.AddDays(-n), Version, $"{n}", "1"))]));
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines([.. Enumerable.Range(1, 6).Select(n => (_today.AddDays(-n), Version, "1000", "1"))]));

        Assert.Equal(ago, Assert.Single(await MeasuredAsync(Source(["crashes"], ("CompleteAfterDays", days)))).Value);
    }

    [Fact]
    public async Task Each_day_is_as_the_newest_report_has_it_that_has_it_and_no_part_is_fetched_twice()
    {
        Report(_today.AddDays(-4), _today.AddDays(-5), "99", "1000");
        Report(_today.AddDays(-2), _today.AddDays(-3), "3", "1000");
        Report(_today.AddDays(-1), _today.AddDays(-5), "5", "1000");
        Report(_today, _today.AddDays(-1), "9", "1000");
        var source = Source("crashes");

        // Reports that reach back one day, and one that corrects an older one alone.
        Assert.Equal(3, Assert.Single(await MeasuredAsync(source)).Value);
        Assert.Equal(8, _api.Fetched);
        await MeasuredAsync(source);
        Assert.Equal(8, _api.Fetched);
    }

    [Fact]
    public async Task Reports_that_nobody_asked_for_are_missing_and_those_that_apple_stopped_an_error()
    {
        Report(_today, _today.AddDays(-2), "3", "1000");
        _api.HasReports = false;
        Assert.StartsWith("Nobody asked Apple for daily reports of the app yet", (await NoneAsync(SampleKind.Missing)).Detail, StringComparison.Ordinal);

        (_api.HasReports, _api.HasStoppedReports) = (true, true);
        Assert.StartsWith("Apple stopped making the app's reports", (await NoneAsync(SampleKind.Error)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_with_too_few_users_is_missing_and_says_which()
    {
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Version, "600", "300")));

        Assert.Contains("report App Crashes yet", (await NoneAsync(SampleKind.Missing)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_part_is_an_error_and_nothing_of_it_counts()
    {
        Report(_today, _today.AddDays(-2), "3", "1000");
        _api.HasBrokenReports = true;

        Assert.Equal("A part of Apple's report is not what its checksum says.", (await NoneAsync(SampleKind.Error)).Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Date\tApp Version\tCrashes\n")]
    [InlineData("Date,App Version,Crashes,Unique Devices\n2026-02-27,2.15.0,3,2\n")]
    [InlineData("Date\tApp Version\tCrashes\tUnique Devices\n2026-02-27\t2.15.0\t-3\t2\n")]
    [InlineData("Date\tApp Version\tCrashes\tUnique Devices\n27.2.2026\t2.15.0\t3\t2\n")]
    [InlineData("Date\tApp Version\tCrashes\tUnique Devices\n2026-02-27\t2.15.0\t3\n")]
    [InlineData("Date\tApp Version\tCrashes\tUnique Devices\n2026-02-27\t2.15.0\t9223372036854775807\t2\n2026-02-27\t2.15.0\t1\t2\n")]
    public async Task A_file_that_is_not_as_apple_describes_it_is_an_error(string lines)
    {
        _api.Report(AppleReports.Crashes, _today, lines);
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Version, "600", "300")));

        Assert.Equal("Apple's report is no file of compressed lines with the fields that it describes.", (await NoneAsync(SampleKind.Error)).Detail);
    }

    [Fact]
    public async Task So_is_one_that_is_not_compressed()
    {
        _api.ReportFiles(AppleReports.Crashes, _today, Encoding.UTF8.GetBytes(AppleReports.CrashLines()));
        _api.Report(AppleReports.Sessions, _today, AppleReports.SessionLines((_today.AddDays(-2), Version, "600", "300")));

        Assert.Contains("no file of compressed lines", (await NoneAsync(SampleKind.Error)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_given_up()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[20_000_000]);
        }

        Assert.Throws<TargetUnreachableException>(() => AnalyticsReport.Add(packed.ToArray(), Version, "Crashes", [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Lines_without_end_are_given_up()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var lines = new byte[1024 * 1024];
            gzip.Write(Encoding.UTF8.GetBytes(AppleReports.CrashLines()));
            Array.Fill(lines, (byte)'\n');
            for (var written = 0; written <= AnalyticsReport.MostUnpacked; written += lines.Length)
            {
                gzip.Write(lines);
            }
        }

        var given = Assert.Throws<TargetUnreachableException>(() => AnalyticsReport.Add(packed.ToArray(), Version, "Crashes", [], TestContext.Current.CancellationToken));
        Assert.Equal("Apple's report is longer than 128 MiB.", given.Message);
    }

    [Fact]
    public void What_is_set_wrongly_is_told()
    {
        var binding = Binding(["crashes"], ("Key", "none"), ("VersionString", "2.15"), ("CompleteAfterDays", "0")) with { Version = SourceBinding.EveryVersion };

        Assert.Equal(
            ["Key is no private key on the curve P-256, as the file AuthKey_….p8 holds it", "CompleteAfterDays is no whole number from 1 to 5", "VersionString has no $version, so the new version and the previous one would show the same"],
            Catalog().Faults(binding));
    }

    private void Report(DateOnly madeOn, DateOnly day, string crashes, string sessions, string version = Version)
    {
        _api.Report(AppleReports.Crashes, madeOn, AppleReports.CrashLines((day, version, crashes, "1")));
        _api.Report(AppleReports.Sessions, madeOn, AppleReports.SessionLines((day, version, sessions, "1")));
    }

    private SourceCatalog Catalog()
    {
        var rules = OutboundRules.Read(["127.0.0.1"], out _);
        return new SourceCatalog([AppStoreCrashesKind.Kind(new RemoteConnections(new GuardedConnections(() => rules).Handler, _time))]);
    }

    private ISignalSource Source(params string[] measures) => Source(measures, []);

    private ISignalSource Source(string[] measures, params (string Name, string Value)[] told) => Catalog().Create(Binding(measures, told));

    private SourceBinding Binding(string[] measures, params (string Name, string Value)[] told)
    {
        var values = AppStoreMetricsTold.Values(ConnectApiServer.Key, "s3cret-credential-0123456789");
        foreach (var (name, value) in told)
        {
            values[name] = value;
        }

        return new SourceBinding
        {
            Key = "pocket", Kind = AppStoreCrashesKind.Name, Service = "pocket", Target = "app-store", Environment = "production", Version = Version, Address = _api.Address,
            Interval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(30), Settings = new ConnectionSettings(AppStoreCrashesKind.Name, Catalog().Kinds.First().Settings, values),
            Rules = [.. measures.Select(m => new SignalRule { Signal = new(m), Kind = SignalRuleKind.Measure, Numerator = m })],
        };
    }

    private async Task<SignalSample> NoneAsync(SampleKind kind)
    {
        var sample = Assert.Single((await ReadAsync(Source("crashes"))).Samples);
        Assert.Equal(kind, sample.Kind);
        return sample;
    }

    private static async Task<List<SignalSample>> MeasuredAsync(ISignalSource source)
    {
        var (samples, failure) = await ReadAsync(source);
        Assert.Null(failure);
        Assert.All(samples, s => Assert.True(s.Kind == SampleKind.Measured, s.Detail));
        return samples;
    }

    private static async Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(ISignalSource source)
    {
        var samples = new List<SignalSample>();
        return (samples, await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
    }
}
