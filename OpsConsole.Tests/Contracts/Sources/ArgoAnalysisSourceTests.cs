using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.ArgoAnalysis;
using OpsConsole.Tests.Contracts.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Contracts.Sources;

public sealed class ArgoAnalysisSourceTests : HttpSourceContract
{
    private readonly AnalysisApi _api = new(Secret, "2.14.3", Version);
    private string[] _measures = ["value:success-rate"];
    private string _version = Version;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private protected override bool HasOwnTimes => true;

    [Fact]
    public async Task Each_measure_of_a_metric_is_what_argo_counted()
    {
        var at = Now - TimeSpan.FromSeconds(20);
        var result = AnalysisApi.Result(_api.Run(Version, at), count: 7, failed: 2, inconclusive: 1, errors: 3);
        AnalysisApi.Measure(result, "[0.991]", at - TimeSpan.FromMinutes(1));
        AnalysisApi.Measure(result, "[0.97]", at, "Failed");
        AnalysisApi.Measure(result, null, null, "Running");

        var samples = await ReadAsync("value:success-rate", "failed:success-rate", "inconclusive:success-rate", "errors:success-rate", "measurements:success-rate", "phase:success-rate");

        Assert.Equal([0.97, 2, 1, 3, 7, 0], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal(at.ToUnixTimeSeconds(), s.At.ToUnixTimeSeconds()));
        Assert.Equal([1, 10, 10, 10, 10, 7], samples.Select(s => s.Count));
    }

    [Theory]
    [InlineData("Successful", 0)]
    [InlineData("Inconclusive", 1)]
    [InlineData("Failed", 2)]
    [InlineData("Error", 3)]
    public async Task A_good_judgement_ages_and_a_bad_one_stands(string phase, double value)
    {
        var at = Now - TimeSpan.FromMinutes(30);
        AnalysisApi.Measure(AnalysisApi.Result(_api.Run(Version, at, phase), phase: phase, count: 1), "1", at);

        var samples = await ReadAsync("phase:success-rate", "run_phase");

        Assert.All(samples, s => Assert.Equal((SampleKind.Measured, value), (s.Kind, s.Value)));
        Assert.All(samples, s => Assert.Equal(value > 0, Now - s.At < TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_retry_is_not_judged_by_the_runs_before_it()
    {
        var old = _api.Run(Version, Now - TimeSpan.FromHours(1), "Failed", current: false);
        AnalysisApi.Measure(AnalysisApi.Result(old, phase: "Failed", count: 3, failed: 3), "[0.2]", Now - TimeSpan.FromHours(1), "Failed");
        var retry = _api.Run(Version, Now - TimeSpan.FromMinutes(1));

        Assert.Equal([SampleKind.Missing, SampleKind.Missing], (await ReadAsync("failed:success-rate", "run_phase")).Select(s => s.Kind));
        AnalysisApi.Measure(AnalysisApi.Result(retry, count: 1), "[0.99]", Now);

        Assert.Equal([0d, 0d], (await ReadAsync("failed:success-rate", "run_phase")).Select(s => s.Value));
    }

    [Fact]
    public async Task Another_version_and_another_rollout_are_told_apart()
    {
        AnalysisApi.Measure(AnalysisApi.Result(_api.Run("2.14.3", Now), count: 1), "[0.5]", Now);
        var foreign = _api.Run(Version, Now, current: false);
        foreign["metadata"]!["ownerReferences"]![0]!["uid"] = "uid-of-another";
        AnalysisApi.Measure(AnalysisApi.Result(foreign, count: 1), "[0.4]", Now);

        Assert.Equal("Argo has begun no analysis of 2.15.0 on the Rollout shop-web.", Assert.Single(await ReadAsync("value:success-rate")).Detail);
        _version = "2.14.3";
        Assert.Equal(0.5, Assert.Single(await ReadAsync("value:success-rate")).Value);
        _version = "3.0.0";
        Assert.Equal("The Rollout shop-web knows no pods of 3.0.0, so nothing was analysed of it.", Assert.Single(await ReadAsync("value:success-rate")).Detail);
    }

    [Fact]
    public async Task What_could_not_be_measured_is_an_error_in_argos_words_and_a_job_has_no_value()
    {
        var run = _api.Run(Version, Now);
        AnalysisApi.Measure(AnalysisApi.Result(run, errors: 1), null, Now, "Error", "Post \"http://prometheus:9090\": dial tcp: no such host");
        AnalysisApi.Measure(AnalysisApi.Result(run, "smoke", count: 1), null, Now);
        AnalysisApi.Result(run, "later", message: "initial delay");

        var samples = await ReadAsync("value:success-rate", "value:smoke", "value:later", "value:other");

        Assert.Equal([SampleKind.Error, SampleKind.Missing, SampleKind.Missing, SampleKind.Missing], samples.Select(s => s.Kind));
        Assert.Equal(
            [
                "Argo could not measure success-rate: Post \"http://prometheus:9090\": dial tcp: no such host.",
                "Of smoke, it gives no value.",
                "Argo has not measured later yet: initial delay.",
                "No analysis of the version has a metric other; there are later, smoke, success-rate.",
            ],
            samples.Select(s => s.Detail));
    }

    [Fact]
    public async Task A_measurement_that_could_not_be_made_lets_nothing_look_good()
    {
        var at = Now - TimeSpan.FromSeconds(40);
        var result = AnalysisApi.Result(_api.Run(Version, at), count: 3, errors: 1);
        AnalysisApi.Measure(result, "[0.99]", at);
        AnalysisApi.Measure(result, null, Now, "Error", "dial tcp: no such host");

        var samples = await ReadAsync("value:success-rate", "failed:success-rate", "inconclusive:success-rate", "phase:success-rate", "run_phase", "errors:success-rate");

        Assert.All(samples.Take(5), s => Assert.Equal((SampleKind.Error, "Argo could not measure success-rate: dial tcp: no such host."), (s.Kind, s.Detail)));
        Assert.Equal((SampleKind.Measured, 1), (samples[5].Kind, samples[5].Value));

        AnalysisApi.Measure(result, "[0.98]", Now + TimeSpan.FromSeconds(1));
        samples = await ReadAsync("value:success-rate", "failed:success-rate", "inconclusive:success-rate", "phase:success-rate", "run_phase");
        Assert.Equal([0.98, 0, 0, 0, 0], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal(SampleKind.Measured, s.Kind));
    }

    [Theory]
    [InlineData("Failed", "failed", 2)]
    [InlineData("Error", "errors", 3)]
    public async Task A_metric_that_argo_gave_up_on_is_bad_until_argo_says_otherwise(string phase, string counted, double standing)
    {
        var at = Now - TimeSpan.FromMinutes(30);
        var result = AnalysisApi.Result(_api.Run(Version, at, phase), phase: phase, count: 4, failed: phase == "Failed" ? 4 : 0, errors: phase == "Error" ? 4 : 0, message: "it went wrong");
        AnalysisApi.Measure(result, phase == "Failed" ? "[0.2]" : null, at, phase, "it went wrong");

        var samples = await ReadAsync("phase:success-rate", "run_phase", $"{counted}:success-rate", "value:success-rate");

        Assert.Equal([standing, standing, 4], samples.Take(3).Select(s => s.Value));
        Assert.All(samples.Take(2), s => Assert.True(Now - s.At < TimeSpan.FromMinutes(1)));
        Assert.Equal(phase == "Failed" ? (SampleKind.Measured, 0.2) : (SampleKind.Error, 0), (samples[3].Kind, samples[3].Value));
    }

    [Theory]
    [InlineData("0.25", 0.25)]
    [InlineData("[0.25]", 0.25)]
    [InlineData("[ 1e-3 ]", 0.001)]
    [InlineData("-3", -3)]
    public void A_value_is_a_number_or_a_list_with_one(string text, double value) => Assert.Equal((value, null, false), MeasuredValue.Read(text));

    [Theory]
    [InlineData("[]", true)]
    [InlineData("", true)]
    [InlineData("[1,2]", false)]
    [InlineData("{\"ok\":true}", false)]
    public void Anything_else_is_none(string text, bool isNothing)
    {
        var (number, why, nothing) = MeasuredValue.Read(text);
        Assert.Equal((null, isNothing), (number, nothing));
        Assert.NotNull(why);
    }

    [Fact]
    public void A_measure_names_its_metric()
    {
        var kind = ArgoAnalysisKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System));

        Assert.NotNull(kind.Measure("value:success-rate"));
        Assert.NotNull(kind.Measure("run_phase"));
        Assert.Null(kind.Measure("value"));
        Assert.Null(kind.Measure("value:"));
        Assert.Null(kind.Measure("run_phase:x"));
        Assert.Contains("value:<metric>", Assert.Single(new SourceCatalog([kind]).Faults(Binding(new Uri("http://127.0.0.1:1/"), TimeSpan.FromSeconds(1)) with
        {
            Rules = [new SignalRule { Signal = new("x"), Kind = SignalRuleKind.Measure, Numerator = "value" }],
        })), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_configured_as_its_readme_says()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "OpsConsole.Core", "Sources", "ArgoAnalysis", "README.md"));
        var example = readme[(readme.IndexOf("```json", StringComparison.Ordinal) + 7)..].Split("```")[0].Replace("\"CaFile\": \"/etc/opsconsole/production-ca.crt\", ", "", StringComparison.Ordinal);
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes("{ \"OpsConsole\": { \"Sources\": {" + example + "} } }"));
        var configuration = new ConfigurationBuilder().AddJsonStream(text).Build();
        var options = new SourceOptions();

        new SourceSection(configuration.GetSection(SourceOptions.Section), new SourceCatalog([ArgoAnalysisKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System))])).Read(options);

        Assert.Empty(options.Faults);
        var binding = Assert.Single(options.Bindings);
        Assert.Equal((true, "shop-web", "shop-production", 3), (binding.FollowsReleases, binding.Settings["Rollout"], binding.Settings["Namespace"], binding.Rules.Count));
        Assert.DoesNotContain(binding.Settings.Shown, s => s.Setting.Name == "Token");
    }

    private protected override SourceKind Kind(RemoteConnections connections, Func<HttpClient> client) => ArgoAnalysisKind.Kind(connections);

    private protected override ApiServer Serve() => _api;

    private protected override string? Says(Saying saying)
    {
        _api.Forget();
        _api.Forbids = saying == Saying.Refused;
        _api.BeforeRuns = null;
        if (saying == Saying.Reset)
        {
            return "What Argo counts of a run is stated whole, and not added up here.";
        }

        if (saying is Saying.Nothing or Saying.Refused)
        {
            return null;
        }

        var at = saying == Saying.Late ? Now - Age : Now;
        var result = AnalysisApi.Result(_api.Run(Version, at), count: 1);
        void Measure() => AnalysisApi.Measure(result, saying switch
        {
            Saying.NotANumber => "[NaN]",
            Saying.Infinite => "[+Inf]",
            Saying.ManySeries => $"[{string.Join(',', Enumerable.Range(0, 500))}]",
            _ => "[0.99]",
        }, saying == Saying.Late ? at : Now);
        if (saying == Saying.Late)
        {
            Measure();
        }
        else
        {
            _api.BeforeRuns = Measure;
        }

        return null;
    }

    private protected override SourceBinding Binding(Uri address, TimeSpan timeout) => new()
    {
        Key = "shop", Kind = ArgoAnalysisKind.Name, Service = "shop", Target = "cluster", Environment = "production", Version = _version, Address = address, Timeout = timeout, Interval = TimeSpan.FromSeconds(15),
        Settings = new ConnectionSettings(ArgoAnalysisKind.Name, ArgoAnalysisKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings, new Dictionary<string, string>
        {
            ["Token"] = Secret, ["Namespace"] = KubeApi.Namespace, ["Image"] = KubePods.Repository + ":{version}", ["Rollout"] = AnalysisApi.Rollout,
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
