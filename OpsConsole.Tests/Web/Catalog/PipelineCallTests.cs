using OpsConsole.Core.Catalog;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class PipelineCallTests
{
    private static readonly CatalogService Shop = new() { Name = "shop", Owner = new("commerce", null), Environments = ["production"], Policies = ["web-canary"] };

    private static readonly SourceCatalog Kinds = new([new SourceKind("daily", _ => [], _ => throw new NotSupportedException()) { UsualDelay = static (_, rule) => rule.Numerator == "x" ? TimeSpan.FromDays(4) : TimeSpan.Zero }]);

    [Fact]
    public void A_release_names_what_is_read_of_its_service()
    {
        var lines = Lines(Source([Rule("http_5xx_rate"), Rule("p99_latency")]));

        Assert.Contains("\"signals\": [{ \"key\": \"http_5xx_rate\" }, { \"key\": \"p99_latency\" }], \"policyName\": \"web-canary\" }", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_read_the_console_says_which_signals_there_are() => Assert.DoesNotContain("signals", Lines(), StringComparison.Ordinal);

    [Fact]
    public void What_is_read_once_a_minute_is_not_stale_between_two_reads() =>
        Assert.Contains("{ \"key\": \"checkout_success_rate\", \"windowSeconds\": 130, \"staleAfterSeconds\": 130 }", Lines(Source([Rule("checkout_success_rate")]) with { Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(10) }), StringComparison.Ordinal);

    [Fact]
    public void What_is_late_by_nature_is_not_stale_for_ever()
    {
        var daily = Source([Rule("crash_free_users", SignalRuleKind.Measure), Rule("crash_free_sessions", SignalRuleKind.Measure) with { Numerator = "y" }]) with { Kind = "daily", Interval = TimeSpan.FromMinutes(15), Timeout = TimeSpan.FromSeconds(30) };

        var lines = Lines(daily);

        Assert.Contains("{ \"key\": \"crash_free_users\", \"aggregation\": \"latest\", \"windowSeconds\": 347430, \"staleAfterSeconds\": 347430 }", lines, StringComparison.Ordinal);
        Assert.Contains("{ \"key\": \"crash_free_sessions\", \"aggregation\": \"latest\", \"windowSeconds\": 1830, \"staleAfterSeconds\": 1830 }", lines, StringComparison.Ordinal);
        Assert.Empty(RegistrationRules.Faults(PipelineCall.Example(Shop, "gateway", "production", [daily], Kinds), Sample.Noon));
    }

    [Fact]
    public void What_a_source_counted_over_a_time_of_its_own_is_not_added_up() =>
        Assert.Contains("{ \"key\": \"crash_free_users\", \"aggregation\": \"latest\" }", Lines(Source([Rule("crash_free_users", SignalRuleKind.Measure)])), StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_that_is_read_is_required_what_has_a_limit_is()
    {
        var lines = Lines(Source([]) with { Checks = [new() { Name = "home" }] });

        Assert.Contains("{ \"key\": \"synthetic_home\", \"required\": true }, { \"key\": \"synthetic_home_latency\" }", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_of_a_name_of_its_own_is_left_to_people()
    {
        var sources = new[] { Source([Rule("http_5xx_rate"), Rule("orders_paid")]) };

        Assert.Equal(["orders_paid"], PipelineCall.Unknown(sources));
        Assert.DoesNotContain("orders_paid", Lines(sources), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_lines_say_is_a_sound_registration()
    {
        SourceBinding[][] all =
        [
            [], [Source([Rule("http_5xx_rate")])], [Source([Rule("p50_latency")])], [Source([Rule("orders_paid")])], [Source([]) with { Checks = [new() { Name = "home" }] }],
            [Source([.. KnownSignals.List.Select(k => Rule(k.Key.Value))]) with { Interval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(60) }],
        ];

        Assert.All(all, sources => Assert.Empty(RegistrationRules.Faults(PipelineCall.Example(Shop, "gateway", "production", sources, Kinds), Sample.Noon)));
    }

    [Fact]
    public void A_refusal_is_told_in_the_pipelines_log() => Assert.StartsWith("curl -sS --fail-with-body -X POST https://console.test/api/v1/releases ", Lines(), StringComparison.Ordinal);

    private static string Lines(params SourceBinding[] sources) => PipelineCall.Lines(PipelineCall.Example(Shop, "gateway", "production", sources, Kinds), "https://console.test/");

    private static SignalRule Rule(string signal, SignalRuleKind kind = SignalRuleKind.Query) => new() { Signal = new(signal), Kind = kind, Numerator = "x" };

    private static SourceBinding Source(IReadOnlyList<SignalRule> rules) => new()
    {
        Key = "shop", Kind = "prometheus", Service = "shop", Target = "gateway", Environment = "production", Version = SourceBinding.EveryVersion, Rules = rules,
    };
}
