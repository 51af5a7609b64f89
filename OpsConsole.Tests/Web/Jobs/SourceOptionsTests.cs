using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

public sealed class SourceOptionsTests
{
    [Fact]
    public void A_source_is_read_from_configuration()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": { "shop-canary": {
              "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "2.15.0",
              "Address": "http://shop.internal:9100/metrics", "Interval": "2s", "Timeout": "500ms",
              "Signals": {
                "http_5xx_rate": { "Rule": "ratio", "Numerator": "requests_total{status=~\"5..\"}", "Denominator": "requests_total" },
                "p99_latency": { "Rule": "Quantile", "Numerator": "request_seconds", "Quantile": 0.99, "Scale": 1000, "Window": "00:00:30" } } } } } }
            """);

        Assert.Empty(options.Faults);
        var binding = Assert.Single(options.Bindings);
        Assert.Equal(("shop-canary", "prometheus-text", "shop", "gateway", "production", "2.15.0"), (binding.Key, binding.Kind, binding.Service, binding.Target, binding.Environment, binding.Version));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500)), (binding.Interval, binding.Timeout));
        Assert.Equal("requests_total{status=~\"5..\"}", binding.Rules[0].Numerator);
        Assert.Equal((SignalRuleKind.Quantile, 0.99, 1000, TimeSpan.FromSeconds(30)), (binding.Rules[1].Kind, binding.Rules[1].Quantile!.Value, binding.Rules[1].Scale, binding.Rules[1].Window));
    }

    [Fact]
    public void Nothing_configured_is_no_fault()
    {
        var options = Read("{}");

        Assert.Empty(options.Faults);
        Assert.Empty(options.Bindings);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_place()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": {
              "one": { "Address": "shop", "Interval": "5", "Tineout": "1s", "Signals": {
                "P99": { "Rule": "quantil", "Scale": "much" } } },
              "two": { "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "1", "Address": "http://x", "Interval": "100ms", "Signals": {
                "queue_depth": { "Rule": "gauge", "Numerator": "queue{" } } } } } }
            """);

        string[] expected =
        [
            "OpsConsole:Sources:one:Tineout is not a setting",
            "OpsConsole:Sources:one:Address is not a whole http or https address.",
            "OpsConsole:Sources:one:Interval is not a time such as",
            "OpsConsole:Sources:one:Service is missing.",
            "OpsConsole:Sources:one:Target is missing.",
            "OpsConsole:Sources:one:Environment is missing.",
            "OpsConsole:Sources:one:Version is missing.",
            "OpsConsole:Sources:one:Signals:P99: a signal's name is",
            "OpsConsole:Sources:one:Signals:P99:Rule is none of ratio",
            "OpsConsole:Sources:one:Signals:P99:Scale is not a number.",
            "OpsConsole:Sources:one:Signals:P99:Numerator is missing.",
            "OpsConsole:Sources:two: the interval has to be from 1 s to 1 h.",
            "OpsConsole:Sources:two: signal 'queue_depth': 'queue{' is not a selector",
        ];
        Assert.All(expected, start => Assert.Contains(options.Faults, f => f.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, options.Faults.Count);
        Assert.False(new SourceOptionsCheck().Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5.0)]
    [InlineData("2 m", 120.0)]
    [InlineData("1h", 3600.0)]
    [InlineData("00:00:05", 5.0)]
    [InlineData("5", null)]
    [InlineData("5d", null)]
    [InlineData("s", null)]
    [InlineData("-5s", null)]
    [InlineData("", null)]
    public void Times_are_written_with_their_unit(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds ?? 0, duration.TotalSeconds);
    }

    private static SourceOptions Read(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var catalog = new SourceCatalog([PrometheusTextSource.Kind(() => throw new InvalidOperationException("not read"), TimeProvider.System)]);
        var options = new SourceOptions();
        new SourceSection(configuration.GetSection(SourceOptions.Section), catalog).Read(options);
        return options;
    }
}
