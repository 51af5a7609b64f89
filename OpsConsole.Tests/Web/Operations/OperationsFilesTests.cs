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
