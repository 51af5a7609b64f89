using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>Each fault is found at its line and column, and says what is right.</summary>
public sealed class PolicyFaultsTests
{
    private const string Stages = "canary:\n  stages:\n";
    private const string Triggers = "canary:\n  auto_rollback_if:\n";

    public static TheoryData<string, int, int, string, string?> Faulty => new()
    {
        { "", 1, 1, "no policy", null },
        { "# nothing\n", 1, 1, "no policy", null },
        { "5", 1, 1, "keys and values", "release, canary" },
        { "- a\n", 1, 1, "keys and values", null },
        { "canary:\n  stage: 1\n", 2, 3, "'stage' is not a key", "'stages'" },
        { "relase:\n  artifact: a\n", 1, 1, "not a key", "'release'" },
        { "release:\n  rollback_trigers: []\n", 2, 3, "not a key", "'rollback_triggers'" },
        { "release:\n  promote_if: [no_critical_alerts]\n", 2, 3, "not a key", "belongs to 'canary'" },
        { "release:\n  zebra: 1\n", 2, 3, "not a key", "Known keys are artifact" },
        { "release:\n  artifact:\n", 2, 12, "no value", null },
        { "release:\n  artifact: [a]\n", 2, 13, "single value", null },
        { "release:\n  artifact: a\n  artifact: b\n", 3, 3, "twice, first on line 2", null },
        { "release:\n  artifact: a\n  previous_artifact: a\n", 3, 22, "nowhere back", null },
        { "release:\n\tartifact: a\n", 2, 1, "tab", null },
        { "release: [a\n", 1, 10, "'[' that opens here is not closed", "']'" },
        { "release:\n  artifact: \"a\n", 2, 13, "quote that opens here", null },
        { "release: &a\n  artifact: b\n", 1, 10, "Anchors", null },
        { "release: *a\n", 1, 10, "Anchors", null },
        { "release: !x\n  artifact: a\n", 1, 10, "Tags", null },
        { "release:\n  <<: {artifact: a}\n", 2, 3, "Merge", null },
        { "release:\n  ? [a]\n  : b\n", 2, 5, "single word", null },
        { "release: {artifact: a}\n---\nrelease: {artifact: a}\n", 2, 1, "one document", null },
        { "release:\n  artifact: a\0b\n", 2, 14, "U+0000", null },
        { "release:\n  artifact: \"a\\0b\"\n", 2, 13, "control characters", null },
        { "release:\n  initial_exposure: 5\n", 2, 21, "its sign", "'5%'" },
        { "release:\n  initial_exposure: 0%\n", 2, 21, "above 0%", null },
        { "release:\n  initial_exposure: 101%\n", 2, 21, "at most 100%", null },
        { "release:\n  rollout_strategy: canery\n", 2, 21, "no value", "'canary'" },
        { "release:\n  database_migration: expnd\n", 2, 23, "no value", "'expand'" },
        { "release:\n  feature_flag: Checkout V2\n", 2, 17, "key of a flag", null },
        { Stages + "    - traffic: 5%\n      duration: 10\n    - traffic: 100%\n", 4, 17, "with its unit", "'10m'" },
        { Stages + "    - traffic: 5%\n      duration: 10 minutes\n    - traffic: 100%\n", 4, 17, "with its unit", "'10m'" },
        { Stages + "    - traffic: 5%\n      duration: continuous\n    - traffic: 100%\n", 4, 17, "Only the last", "10m" },
        { Stages + "    - traffic: 5%\n      duration: 31d\n    - traffic: 100%\n", 4, 17, "0s to 30d", null },
        { Stages + "    - traffic: 5%\n    - traffic: 100%\n", 3, 7, "how long", "duration: 10m" },
        { Stages + "    - duration: 5m\n    - traffic: 100%\n", 3, 7, "share of traffic", "traffic: 5%" },
        { Stages + "    - {traffic: 50%, duration: 1m}\n    - {traffic: 25%, duration: 1m}\n    - traffic: 100%\n", 4, 17, "Stage 2 goes down from 50% to 25%", "more than 50%" },
        { Stages + "    - {traffic: 50%, duration: 1m}\n    - {traffic: 50%, duration: 1m}\n    - traffic: 100%\n", 4, 17, "Stage 2 has 50%, as stage 1 has", null },
        { Stages + "    - {traffic: 50%, duration: 1m}\n    - {traffic: 25%, duration: 1m}\n", 4, 17, "Stage 2 goes down", null },
        { Stages + "    - {traffic: 5%, duration: 1m}\n    - traffic: 50%\n", 4, 16, "ends at 50%", "100%" },
        { Stages + "    - traffic: 120%\n", 3, 16, "at most 100%", null },
        { "canary:\n  stages: []\n", 2, 11, "empty", null },
        { "canary:\n  stages: 5%\n", 2, 11, "is a list", null },
        { Stages + string.Concat(Enumerable.Range(1, 21).Select(i => $"    - {{traffic: {i}%, duration: 1m}}\n")), 2, 3, "at most 20", null },
        { "canary:\n  watch: 5m\n  stages:\n    - {traffic: 100%, duration: 9m}\n", 2, 10, "say it once", null },
        { "release:\n  initial_exposure: 10%\ncanary:\n  stages:\n    - {traffic: 5%, duration: 1m}\n    - traffic: 100%\n", 2, 21, "same thing", "'5%'" },
        { "canary:\n  promote_if:\n    - no_critical_alert\n", 3, 7, "no value", "'no_critical_alerts'" },
        { "canary:\n  promote_if: [analysis_passes]\n", 2, 16, "can never hold", "analysis" },
        { Triggers + "    - http_5xx_rate > 1\n", 3, 23, "percent", "'1%'" },
        { Triggers + "    - p95_latency > 800% for 1m\n", 3, 24, "in time", "'800ms' or '800s'" },
        { Triggers + "    - latency_of_search > 5%\n", 3, 28, "in time", "'5ms'" },
        { Triggers + "    - cart_rate > 5ms\n", 3, 20, "percent", "'5%'" },
        { Triggers + "    - queue_depth > 5%\n", 3, 22, "a count", "'5'" },
        { Triggers + "    - p95_latency_delta > 20ms\n", 3, 29, "percent of its value", "'20%'" },
        { Triggers + "    - error_rate_delta > 1\n", 3, 26, "percentage points", "'1%'" },
        { Triggers + "    - slo_burn_rate > 4\n", 3, 23, "burn rate", "'4x'" },
        { Triggers + "    - slo_burn_rate rises > 4x\n", 3, 21, "compared with > or <", null },
        { Triggers + "    - http_5xx_rate > 1% for 5\n", 3, 30, "with its unit", "'5m'" },
        { Triggers + "    - http_5xx_rate > 1% fro 5m\n", 3, 26, "'for' and a time", "'for'" },
        { Triggers + "    - http_5xx_rate > 1% for 40d\n", 3, 30, "at most 30d", null },
        { Triggers + "    - http_5xx_rate => 1%\n", 3, 21, "no comparison", "'>='" },
        { Triggers + "    - http_5xx_rate >\n", 3, 7, "A trigger reads", null },
        { Triggers + "    - no_critical_alerts\n", 3, 7, "A trigger reads", "promote_if" },
        { Triggers + "    - http_5xx_rate > 1,5%\n", 3, 23, "no number", "'1.5%'" },
        { Triggers + "    - queue_depth > 1,000\n", 3, 21, "no number", "'1000'" },
        { Triggers + "    - queue_depth > 1,234,567\n", 3, 21, "no number", "'1234567'" },
        { Triggers + "    - slo_burn_rate_delta > 4x\n", 3, 7, "burn rate", "'slo_burn_rate > 4x'" },
        { Triggers + "    - http_5xx_rate > 1 percent\n", 3, 25, "no unit", "'1%'" },
        { Triggers + "    - HTTP-5xx-rate > 1%\n", 3, 7, "no name of a signal", "'http_5xx_rate'" },
        { Triggers + "    - checkout_success_rate droped > 3%\n", 3, 29, "no comparison", "'drops'" },
        { Triggers + "    - checkout_success_rate drops < 3%\n", 3, 35, "> or >=", "'>'" },
        { Triggers + "    - checkout_success_rate drops > -3%\n", 3, 37, "no sign", null },
        { Triggers + "    - 'http_5xx_rate > 1'\n", 3, 24, "percent", "'1%'" },
        { Triggers + "    - " + new string('x', 300) + " > 1\n", 3, 7, "this one has 304", null },
        { Triggers + "    - {dry_run: true}\n", 3, 7, "'if' is missing", null },
        { Triggers + "    - {if: http_5xx_rate > 1%, dry_run: yes}\n", 3, 41, "true or false", null },
        { Triggers + "    - {if: http_5xx_rate > 1%, dryrun: true}\n", 3, 32, "not a key", "'dry_run'" },
        { Triggers + "    - http_5xx_rate > 100%\n", 3, 7, "can never fire", null },
        { Triggers + "    - http_5xx_rate >= 0%\n", 3, 7, "every value", null },
        { Triggers + "    - p95_latency > -5ms\n", 3, 7, "every value", null },
        { Triggers + "    - checkout_success_delta < -120%\n", 3, 7, "can never fire", null },
        { Triggers + "    - http_5xx_rate > 1%\n    - http_5xx_rate < 2%\n", 4, 7, "together fire on every value", null },
        { "canary:\n  checks:\n    - success: http_5xx_rate < 1%\n", 3, 7, "no name", null },
        { "canary:\n  checks:\n    - name: a\n", 3, 7, "neither", null },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1% for 5m}\n", 3, 26, "no 'for'", null },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, failure: http_5xx_rate < 2%}\n", 3, 26, "can only fail", null },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate <= 100%}\n", 3, 26, "true for every value", null },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%}\n    - {name: a, success: http_5xx_rate < 1%}\n", 4, 8, "unique", null },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, failure_limit: -2}\n", 3, 61, "-1 to", null },
        { "delivery:\n  mode: automatic\n", 2, 9, "no value", null },
        { "delivery:\n  on_trigger: roll_back\n", 2, 15, "no value", "'rollback'" },
        { "analysis:\n  pass: 101\n  metrics: [p99_latency]\n", 2, 9, "0 to 100", null },
        { "analysis:\n  pass: 60\n  marginal: 70\n  metrics: [p99_latency]\n", 3, 3, "at most 'pass'", null },
        { "analysis:\n  pass: 60\n", 2, 3, "looks at nothing", null },
        { "analysis:\n  metrics:\n    - p99_latency\n    - p99_latency\n", 4, 7, "twice", null },
        { "analysis:\n  metrics:\n    - {signal: p99_latency, weight: 60}\n    - {signal: http_5xx_rate, weight: 70, group: b}\n", 2, 3, "at most 100", null },
        { "analysis:\n  metrics:\n    - {signal: p99_latency, allowed_increase: 1.5, critical_increase: 1.2}\n", 3, 52, "not critical", null },
        { "analysis:\n  metrics:\n    - {signal: p99_latency, weight: 0}\n    - {signal: http_5xx_rate, weight: 0, group: b}\n", 2, 3, "weight 0", "at least one" },
        { "analysis:\n  metrics:\n    - http_5xx_rate\n    - p99_latency\n    - error_rate\n", 5, 7, "'error_rate' and 'http_5xx_rate' are the same signal", null },
        { "analysis:\n  metrics:\n    - {signal: checkout_success}\n    - {signal: checkout_success_rate}\n", 4, 7, "same signal", null },
        { "evidence:\n  required: [unit, integraton]\n", 2, 20, "no value", "'integration'" },
        { "evidence:\n  large_change_lines: many\n", 2, 23, "whole number", null },
        { "approvals:\n  required: 11\n", 2, 13, "0 to 10", null },
        { "approvals:\n  required: 1\n  roles: [viewer]\n", 3, 11, "no value", null },
        { "canary:\n  stages:\n    - {traffic: 5%, duration: 1m}\n    - traffic: 100%\napprovals:\n  required: 1\n  stages: [50%]\n", 7, 12, "no stage of 50%", "5%, 100%" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_is_told_at_its_place(string text, int line, int column, string message, string? suggestion)
    {
        var result = PolicyText.Check(text, null);

        Assert.Null(result.Policy);
        var fault = result.Errors[0];
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        if (suggestion is not null)
        {
            Assert.Contains(suggestion, fault.Suggestion, StringComparison.Ordinal);
        }

        Assert.Single(result.Errors);
    }

    public static TheoryData<string, int, string> Doubtful => new()
    {
        { Triggers + "    - http_5xx_rate < 1%\n", 3, "does well" },
        { Triggers + "    - checkout_success_rate rises > 1%\n", 3, "does well" },
        { Triggers + "    - http_5xx_rate > 1% for 5m\n    - http_5xx_rate > 2% for 10m\n", 4, "never fires before" },
        { Triggers + "    - slo_burn_rate > 4x\n    - error_budget_burn_rate > 4x\n", 4, "never fires before" },
        { Triggers + "    - http_5xx_rate > 1%\n    - http_5xx_rate > 1%\n", 4, "twice" },
        { Triggers + "    - checkout_success_delta < 2%\n", 3, "no difference at all" },
        { Triggers + "    - error_rate_delta > -1%\n", 3, "no difference at all" },
        { Triggers + "    - p95_latency_delta >= 0%\n", 3, "no difference at all" },
        { Triggers + "    - shopping_joy < 4\n", 3, "not a signal that the console knows" },
        { "canary:\n  promote_if: [no_critical_alerts, no_critical_alerts]\n", 2, "twice" },
        { "release:\n  rollout_strategy: recreate\n" + Stages + "    - {traffic: 5%, duration: 1m}\n    - traffic: 100%\n", 2, "all at once" },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, count: 3, failure_limit: 3}\n", 3, "never pass" },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, count: 3, failure_limit: -1}\n", 3, "without one success" },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, failure: http_5xx_rate > 5%, count: 3, inconclusive_limit: -1}\n", 3, "without one success" },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, failure: http_5xx_rate > 5%, count: 3, inconclusive_limit: 3}\n", 3, "without one success" },
        { "canary:\n  promote_if: [analysis_passes]\nanalysis:\n  minimum_points: 10\n  metrics: [p99_latency]\n", 4, "fewer than 50" },
        { "approvals:\n  roles: [admin]\n", 2, "ask for nothing" },
    };

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void What_is_likely_not_meant_is_a_warning(string text, int line, string message)
    {
        var result = PolicyText.Check(text, null);

        Assert.Empty(result.Errors);
        Assert.NotNull(result.Policy);
        var warning = Assert.Single(result.Warnings);
        Assert.Equal(line, warning.Line);
        Assert.Contains(message, warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkout_success_delta < 2%", "Did you mean '< -2%'?")]
    [InlineData("error_rate_delta >= -1%", "Did you mean '> 1%'?")]
    [InlineData("p95_latency_delta >= 0%", "Did you mean '> 0%'?")]
    public void A_delta_that_fires_without_a_difference_is_told_the_other_way(string trigger, string suggestion) =>
        Assert.Equal(suggestion, Assert.Single(PolicyText.Check($"{Triggers}    - {trigger}\n", null).Warnings).Suggestion);

    [Theory]
    [InlineData("http_5xx_rate > 1% for 10m", "http_5xx_rate > 5% for 1m")]
    [InlineData("http_5xx_rate > 1%", "http_5xx_rate_delta > 2%")]
    [InlineData("queue_depth > 500", "queue_depth < -1")]
    public void Triggers_that_complete_each_other_are_let_be(string first, string second) =>
        Assert.DoesNotContain(PolicyText.Check($"{Triggers}    - {first}\n    - {second}\n", null).Warnings, w => w.Message.Contains("before", StringComparison.Ordinal));

    [Fact]
    public void Every_fault_is_told_at_once_in_the_order_of_the_text()
    {
        var result = PolicyText.Check("relase: {}\ncanary:\n  stages:\n    - {traffic: 5, duration: 10}\n    - {traffic: 90%}\n  promote_if: [x]\n", null);

        Assert.Equal([1, 4, 4, 5, 6], result.Errors.Select(e => e.Line));
    }

    [Fact]
    public void A_signal_that_nothing_provides_is_an_error_on_a_service()
    {
        var text = Triggers + "    - checkout_success_rate drops > 3%\n    - p95_latency > 1s\n    - error_rate_delta > 1%\n";
        var scope = PolicyScope.Of("search on gateway, production", [KnownSignals.Find("http_5xx_rate")!], ["p99_latency", "search_success_rate"]);

        var result = PolicyText.Check(text, scope);

        Assert.Equal([3, 4], result.Errors.Select(e => e.Line));
        Assert.Contains("Nothing provides 'checkout_success_rate' for search on gateway, production", result.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("'p99_latency'", result.Errors[1].Suggestion, StringComparison.Ordinal);
        Assert.Empty(PolicyText.Check(text, null).Errors);
    }

    [Fact]
    public void A_budget_and_business_signals_must_be_there_on_a_service()
    {
        var text = "canary:\n  auto_rollback_if: [slo_burn_rate > 4x]\n  promote_if: [error_budget_healthy, business_metrics_stable]\n";

        Assert.Equal([2, 3, 3], PolicyText.Check(text, PolicyScope.Of("shop", [KnownSignals.Find("http_5xx_rate")!], [], hasObjective: false)).Errors.Select(e => e.Line));
        Assert.Empty(PolicyText.Check(text, PolicyScope.Of("shop", [], ["checkout_success_rate"], hasObjective: true)).Errors);
        Assert.Empty(PolicyText.Check(text, PolicyScope.Of("shop", [], ["checkout_success_rate"])).Errors);
    }

    [Fact]
    public void Two_names_that_a_service_has_signals_for_are_two_signals()
    {
        const string text = "analysis:\n  metrics:\n    - http_5xx_rate\n    - error_rate\n";

        Assert.Single(PolicyText.Check(text, PolicyScope.Of("shop", [KnownSignals.Find("http_5xx_rate")!], [])).Errors);
        Assert.Empty(PolicyText.Check(text, PolicyScope.Of("shop", [KnownSignals.Find("http_5xx_rate")!], ["error_rate"])).Errors);
    }

    [Fact]
    public void The_unit_of_a_signal_that_the_release_brings_is_its_own()
    {
        var basket = new SignalDefinition { Key = new("basket_rate"), Title = "basket", Family = SignalFamily.Business, Unit = SignalUnit.PerSecond, Better = BetterWhen.Higher };

        Assert.Empty(PolicyText.Check(Triggers + "    - basket_rate < 5 for 1m\n", PolicyScope.Of("shop", [basket], [])).Errors);
        Assert.Single(PolicyText.Check(Triggers + "    - basket_rate < 5 for 1m\n", null).Errors);
    }
}
