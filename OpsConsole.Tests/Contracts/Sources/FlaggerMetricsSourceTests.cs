using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.FlaggerMetrics;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class FlaggerMetricsSourceTests : HttpSourceContract
{
    private readonly CanaryApi _api = new(Secret, Version);
    private string[] _measures = ["metric:" + CanaryApi.Metric];
    private string _version = Version;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private protected override bool HasOwnTimes => true;

    [Fact]
    public async Task The_status_of_an_analysis_is_told()
    {
        var at = Now - TimeSpan.FromSeconds(40);
        _api.Write("Progressing", 20, at, failedChecks: 3, iterations: 0);

        var samples = await ReadAsync("failed_checks", "failed", "weight", "iterations");

        Assert.Equal([3, 0, 20, 0], samples.Select(s => s.Value));
        Assert.Equal([true, true, false, true], samples.Select(s => s.At.ToUnixTimeSeconds() == at.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task A_failure_stands_and_a_success_ages()
    {
        _api.Write("Failed", 0, Now - TimeSpan.FromHours(1));
        var failed = Assert.Single(await ReadAsync("failed"));
        Assert.Equal(1, failed.Value);
        Assert.True(Now - failed.At < TimeSpan.FromMinutes(1));

        _api.Write("Succeeded", 0, Now - TimeSpan.FromHours(1));
        var succeeded = Assert.Single(await ReadAsync("failed"));
        Assert.Equal(0, succeeded.Value);
        Assert.True(Now - succeeded.At > TimeSpan.FromMinutes(59));
    }

    [Theory]
    [InlineData("Succeeded", 0)]
    [InlineData("Failed", 0)]
    [InlineData("Waiting", 0)]
    [InlineData("Initialized", 0)]
    [InlineData("Progressing", 0)]
    public async Task What_flagger_measured_before_is_not_of_now(string phase, int weight)
    {
        _api.Show((CanaryApi.Metric, "100"));
        _api.Write(phase, weight, Now);

        Assert.All(await ReadAsync("metric:" + CanaryApi.Metric, "failed_checks"), s => Assert.Equal((SampleKind.Missing, $"Flagger checks nothing now: the Canary is {phase}."), (s.Kind, s.Detail)));
    }

    [Fact]
    public async Task At_the_first_share_a_value_counts_once_it_has_changed()
    {
        _api.Show((CanaryApi.Metric, "100"), ("errors", "0.4"));
        _api.Write("Progressing", 0, Now);
        _measures = ["metric:" + CanaryApi.Metric, "metric:errors"];
        var source = Source();
        await ReadAsync(source);
        _api.Write("Progressing", 10, Now);

        Assert.All((await ReadAsync(source)).Samples, s => Assert.Equal(SampleKind.Missing, s.Kind));
        _api.Show((CanaryApi.Metric, "92.5"), ("errors", "0.4"));
        _api.Write("Progressing", 10, Now, failedChecks: 1);
        var changed = (await ReadAsync(source)).Samples;
        Assert.Equal([SampleKind.Measured, SampleKind.Missing], changed.Select(s => s.Kind));
        Assert.Equal(92.5, changed[0].Value);

        _api.Show((CanaryApi.Metric, "99.5"), ("errors", "0.4"));
        _api.Write("Progressing", 20, Now, failedChecks: 1);
        Assert.Equal([99.5, 0.4], (await ReadAsync(source)).Samples.Select(s => s.Value));
    }

    [Fact]
    public async Task A_console_that_begins_in_the_middle_does_not_take_a_value_of_before()
    {
        _api.Show((CanaryApi.Metric, "100"));
        _api.Write("Progressing", 10, Now);
        var source = Source();

        Assert.Equal(SampleKind.Missing, Assert.Single((await ReadAsync(source)).Samples).Kind);
        _api.Write("Progressing", 10, Now, applied: "9f00");
        Assert.Equal(SampleKind.Missing, Assert.Single((await ReadAsync(source)).Samples).Kind);
        _api.Write("Progressing", 20, Now, applied: "9f00");
        Assert.Equal(SampleKind.Measured, Assert.Single((await ReadAsync(source)).Samples).Kind);
    }

    [Fact]
    public async Task What_a_failed_check_did_not_come_to_keeps_its_time()
    {
        var passed = Now - TimeSpan.FromMinutes(3);
        _api.Show((CanaryApi.Metric, "99"), ("errors", "0.4"));
        _api.Write("Progressing", 20, passed);
        _measures = ["metric:" + CanaryApi.Metric, "metric:errors"];
        var source = Source();
        await ReadAsync(source);
        _api.Show((CanaryApi.Metric, "80"), ("errors", "0.4"));
        _api.Write("Progressing", 20, Now, failedChecks: 1);

        foreach (var _ in new[] { 1, 2 })
        {
            var samples = (await ReadAsync(source)).Samples;
            Assert.True(samples[0].At > passed + TimeSpan.FromMinutes(2));
            Assert.Equal(passed.ToUnixTimeSeconds(), samples[1].At.ToUnixTimeSeconds());
        }
    }

    [Fact]
    public async Task Another_version_than_the_one_that_is_led_up_is_not_measured()
    {
        _api.Show((CanaryApi.Metric, "100"));
        _api.Write("Progressing", 30, Now);
        _version = "2.14.3";

        Assert.Equal("Flagger measures only the version that it leads up, and that is 2.15.0.", Assert.Single(await ReadAsync("failed_checks")).Detail);
    }

    [Fact]
    public async Task What_flagger_has_not_looked_at_is_not_judged_by_what_was_before()
    {
        _api.Write("Failed", 0, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        _api.Object("deployments", CanaryApi.Watched)["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["opsconsole/began-after"] = "2026-03-01T12:00:00Z" };

        Assert.Equal("Flagger has not looked at the change yet.", Assert.Single(await ReadAsync("failed")).Detail);
    }

    [Fact]
    public async Task A_metric_that_flagger_does_not_show_is_missing_with_those_that_it_does()
    {
        _api.Show(("errors", "0.4"));
        _api.Write("Progressing", 20, Now);

        Assert.Equal("Flagger shows no metric request-success-rate of shop-web; there are errors.", Assert.Single(await ReadAsync("metric:" + CanaryApi.Metric)).Detail);
    }

    [Fact]
    public void A_metric_needs_flaggers_own_server()
    {
        var kind = Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System), () => new HttpClient());
        var binding = Binding(new Uri("http://127.0.0.1:1/"), TimeSpan.FromSeconds(1));
        var without = binding with { Settings = new ConnectionSettings(kind.Name, kind.Settings, new Dictionary<string, string> { ["Token"] = Secret, ["Namespace"] = KubeApi.Namespace, ["Image"] = "shop:{version}" }) };

        Assert.Empty(new SourceCatalog([kind]).Faults(binding));
        Assert.Contains("needs Metrics", Assert.Single(new SourceCatalog([kind]).Faults(without)), StringComparison.Ordinal);
    }

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => FlaggerMetricsKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Forbids = saying == Saying.Refused;
        _api.Write("Progressing", 30, saying == Saying.Late ? Now - Age : Now);
        _api.BeforeCanary = saying == Saying.Late ? null : () => _api.Write("Progressing", 30, Now);
        _api.Show([.. saying == Saying.Nothing ? [] : new[] { (CanaryApi.Metric, saying switch { Saying.NotANumber => "NaN", Saying.Infinite => "+Inf", _ => "99.5" }) }]);
        if (saying == Saying.ManySeries)
        {
            _api.Metrics = string.Concat(Enumerable.Range(0, 500).Select(n => $"flagger_canary_metric_analysis{{metric=\"{CanaryApi.Metric}\",name=\"{CanaryApi.Watched}\",namespace=\"{KubeApi.Namespace}\",pod=\"{n}\"}} 1\n"));
        }

        return saying == Saying.Reset ? "Flagger's values are gauges, and its count of failed checks begins anew with each analysis." : null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "shop", Kind = FlaggerMetricsKind.Name, Service = "shop", Target = "cluster", Environment = "production", Version = _version, Address = address, Timeout = timeout, Interval = TimeSpan.FromSeconds(15),
        Settings = new ConnectionSettings(FlaggerMetricsKind.Name, FlaggerMetricsKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings, new Dictionary<string, string>
        {
            ["Token"] = Secret, ["Namespace"] = KubeApi.Namespace, ["Image"] = KubePods.Repository + ":{version}", ["Metrics"] = address.ToString(),
        })
        { Timeout = timeout },
        Rules = [.. _measures.Select((m, i) => new SignalRule { Signal = new("s" + i), Kind = SignalRuleKind.Measure, Numerator = m })],
    };

    private async Task<List<SignalSample>> ReadAsync(params string[] measures)
    {
        _measures = measures;
        return (await ReadAsync(Source())).Samples;
    }
}
