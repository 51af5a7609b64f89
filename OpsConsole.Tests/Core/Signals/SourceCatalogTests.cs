using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Tests.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SourceCatalogTests
{
    private static readonly SourceCatalog Catalog = new([PrometheusTextSource.Kind(() => throw new InvalidOperationException("not read"), TimeProvider.System)]);

    [Fact]
    public void A_sound_binding_has_no_faults() =>
        Assert.Empty(Catalog.Faults(ScriptedSource.Binding(ScriptedSource.Ratio("a", "b"), ScriptedSource.Quantile("c", 0.99, 30))));

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = Catalog.Faults(ScriptedSource.Binding(
            ScriptedSource.Rate("rate(a[5m])", window: -1),
            ScriptedSource.Rate("a") with { Denominator = "b", Quantile = 0.5, Scale = 0 },
            ScriptedSource.Quantile("c", 1),
            ScriptedSource.Ratio("a", "{") with { Scale = double.NaN },
            ScriptedSource.Gauge("") with { Window = TimeSpan.FromHours(2) }) with
        {
            Key = "Shop", Version = "", Service = "-", Target = "G", Environment = "", Kind = "prometheus-text", Address = new Uri("ftp://x"),
            Interval = TimeSpan.FromMilliseconds(999), Timeout = TimeSpan.FromMinutes(2),
        });

        string[] expected =
        [
            "the key has", "the service has", "the target has", "the environment has", "the version has", "the address has", "the interval has", "the time-out has",
            "'request_rate': the window", "'request_rate': the scale", "'http_5xx_rate': the scale", "'queue_depth': the window", "'request_rate': more than one",
            "'rate(a[5m])' is not a selector", "only a ratio has a denominator", "only a quantile rule", "the quantile has", "'{' is not a selector", "'' is not a selector",
        ];
        Assert.All(expected, part => Assert.Contains(faults, f => f.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, faults.Count);
    }

    [Fact]
    public void Without_rules_or_with_an_unknown_kind_nothing_is_made()
    {
        var binding = ScriptedSource.Binding() with { Kind = "graphite" };

        var fault = Assert.Throws<ArgumentException>(() => Catalog.Create(binding));

        Assert.Contains("at least one signal", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'graphite' is none of: prometheus-text", fault.Message, StringComparison.Ordinal);
    }
}
