using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

/// <summary>The files that whoever runs the console takes over: what they name exists.</summary>
public sealed partial class OperationsFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "operations");

    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("dashboard.json")]
    public void Every_metric_that_is_named_exists(string file)
    {
        var exist = Exposed();

        var named = Metric().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(m => m.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(exist));
    }

    [Fact]
    public void The_dashboard_is_one()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));

        Assert.All(dashboard.RootElement.GetProperty("panels").EnumerateArray(), p => Assert.NotEmpty(p.GetProperty("targets").EnumerateArray()));
    }

    [Fact]
    public async Task Prometheus_takes_the_alert_rules_and_the_metrics()
    {
        var rules = await PromtoolAsync(["check", "rules", Path.Combine(Folder, "alerts.yml")], "");
        Assert.True(rules.Code == 0, rules.Output);

        using var meter = new Meter(MetricsRegistry.MeterName);
        using var registry = new MetricsRegistry();
        meter.CreateCounter<long>("opsconsole.test.runs", "{run}", "Runs of the test.").Add(1, new KeyValuePair<string, object?>("name", "a\"b\\c\nd"));
        meter.CreateHistogram<double>("opsconsole.test.wait", "s", "Waits of the test.").Record(0.02);
        var own = string.Join('\n', registry.Write().Split('\n').Where(l => l.Contains("opsconsole_test", StringComparison.Ordinal))) + "\n";
        var metrics = await PromtoolAsync(["check", "metrics"], own);
        Assert.True(metrics.Code == 0, metrics.Output);
    }

    /// <summary>Two days as Prometheus would see them, ten minutes a step.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("""      - { series: 'opsconsole_audit_verified_age_seconds{instance="a"}', values: '0+600x288' }""", false)]
    [InlineData("""      - { series: 'opsconsole_audit_verified_age_seconds{instance="a"}', values: '200000+600x288' }""", true)]
    [InlineData("""
              - { series: 'opsconsole_audit_verified_age_seconds{instance="a"}', values: '200000+600x288' }
              - { series: 'opsconsole_audit_verified_age_seconds{instance="b"}', values: '0+600x288' }
        """, false)]
    public async Task The_alert_of_the_audit_tells_of_one_that_nobody_verified(string series, bool fires)
    {
        var test = Path.Combine(Directory.CreateTempSubdirectory("opsconsole-alerts-").FullName, "test.yml");
        try
        {
            await File.WriteAllTextAsync(
                test,
                $$"""
                rule_files: ['{{Path.Combine(Folder, "alerts.yml")}}']
                evaluation_interval: 10m
                tests:
                  - interval: 10m
                    input_series:
                      - { series: 'up{job="opsconsole"}', values: '1x288' }
                {{series}}
                    promql_expr_test:
                      - expr: count(ALERTS{alertname="AuditNotVerified", alertstate="firing"}) or vector(0)
                        eval_time: 2d
                        exp_samples: [{ labels: '{}', value: {{(fires ? 1 : 0)}} }]
                """,
                TestContext.Current.CancellationToken);
            var (code, output) = await PromtoolAsync(["test", "rules", test], "");
            Assert.True(code == 0, output);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(test)!, recursive: true);
        }
    }

    [Fact]
    public async Task Systemd_takes_the_unit()
    {
        const string tool = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(tool), "systemd-analyze is not installed (Debian: systemd).");
        Assert.SkipUnless(File.Exists("/usr/bin/dotnet"), "The unit names /usr/bin/dotnet, which is not here.");

        var (code, output) = await RunAsync(tool, ["verify", "--man=no", Path.Combine(Folder, "opsconsole.service")], "");

        Assert.Equal((0, ""), (code, output));
    }

    /// <summary>What the console exposes under <c>opsconsole_</c>, from the instruments that its sources make.</summary>
    private static HashSet<string> Exposed()
    {
        var names = new HashSet<string>();
        foreach (var file in Repository.Files("OpsConsole.Core", ".cs").Concat(Repository.Files("OpsConsole.Web", ".cs")))
        {
            foreach (Match made in Instrument().Matches(File.ReadAllText(file)))
            {
                var (kind, name) = (made.Groups["kind"].Value, made.Groups["name"].Value.Replace('.', '_'));
                name += made.Groups["unit"].Value == "s" ? "_seconds" : "";
                names.UnionWith(kind switch
                {
                    "Histogram" => [name + "_bucket", name + "_sum", name + "_count"],
                    "Counter" or "ObservableCounter" => [name + "_total"],
                    _ => [name],
                });
            }
        }

        return names;
    }

    /// <summary>Runs Prometheus' own checker; skips the test where it is not installed, fails it there when CI=true.</summary>
    private static async Task<(int Code, string Output)> PromtoolAsync(string[] arguments, string input)
    {
        const string tool = "/usr/bin/promtool";
        if (!File.Exists(tool))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "promtool is not installed.");
            Assert.Skip("promtool is not installed (Debian: prometheus).");
        }

        return await RunAsync(tool, arguments, input);
    }

    private static async Task<(int Code, string Output)> RunAsync(string tool, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"opsconsole_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("""Create(?<kind>Counter|Histogram|ObservableGauge|ObservableCounter|UpDownCounter)(<\w+>)?\(\s*"(?<name>opsconsole[a-z._]+)"(?<rest>[^;]*?(unit: |, )"(?<unit>s|1|\{\w+\})")?""")]
    private static partial Regex Instrument();
}
