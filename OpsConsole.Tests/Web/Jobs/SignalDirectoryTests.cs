using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Connections;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>Which signals there are, and which of them are told over windows of the source's own.</summary>
public sealed class SignalDirectoryTests
{
    private readonly ToldSchedule _schedule = new();
    private readonly SourceOptions _options = new();
    private readonly SignalDirectory _directory;

    public SignalDirectoryTests()
    {
        var time = new FakeTime();
        _directory = new(_schedule, new ReleaseBoard(time), new PushedSignals(time), Microsoft.Extensions.Options.Options.Create(_options));
    }

    [Fact]
    public void What_a_source_measures_over_windows_of_its_own_is_named_with_the_source()
    {
        var shape = Binding("health", SignalRuleKind.Measure, "crash_free_users", default) with { Version = SourceBinding.EveryVersion };
        _options.Bindings = [shape];
        _schedule.Sources.Add(new(shape.For("2.15.0"), null, null, 0));
        _schedule.Sources.Add(new(Binding("orders", SignalRuleKind.Query, "checkout_success_rate", TimeSpan.FromMinutes(5)), null, null, 0));
        _schedule.Sources.Add(new(Binding("shop-2.15.0", SignalRuleKind.Ratio, "http_5xx_rate", TimeSpan.FromMinutes(5)), null, null, 0));
        _schedule.Sources.Add(new(Binding("rates", SignalRuleKind.Rate, "request_rate", default), null, null, 0));

        Assert.Equal(
            [("checkout_success_rate", "orders"), ("crash_free_users", "health"), ("http_5xx_rate", "shop-2.15.0")],
            _directory.Snapshots("shop", "gateway", "production").OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value)));
        Assert.Empty(_directory.Snapshots("shop", "gateway", "staging"));
    }

    [Fact]
    public void The_consoles_own_checks_are_measured_like_what_a_source_says()
    {
        var checks = Binding("checks", SignalRuleKind.Gauge, "queue_depth", default) with { Kind = "http-check", Rules = [], Checks = [new() { Name = "home" }] };
        _schedule.Sources.Add(new(checks, null, null, 0));

        Assert.Equal(["synthetic_home", "synthetic_home_latency"], _directory.Measured("shop", "gateway", "production").Order(StringComparer.Ordinal));
        Assert.Equal(["synthetic_home", "synthetic_home_latency"], _directory.Provided("shop", null, null));
    }

    private static SourceBinding Binding(string key, SignalRuleKind kind, string signal, TimeSpan window)
    {
        var binding = Bound.Binding(key, signals: signal);
        return binding with { Rules = [binding.Rules[0] with { Kind = kind, Window = window }] };
    }
}
