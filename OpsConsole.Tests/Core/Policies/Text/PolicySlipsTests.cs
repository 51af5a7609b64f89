using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>Slips of the keyboard are told where they are, in the words of who writes: one fault, one error.</summary>
public sealed class PolicySlipsTests
{
    private const string Stages = "canary:\n  stages:\n";
    private const string Triggers = "canary:\n  auto_rollback_if:\n";

    public static TheoryData<string, int, int, string, string?> Slips => new()
    {
        { "canary:\n\twatch: 5m\n", 2, 1, "there is a tab", "spaces" },
        { Stages + "\t- traffic: 5%\n", 3, 1, "there is a tab", "spaces" },
        { "canary\n  watch: 5m\n", 1, 1, "no colon after 'canary'", "'canary:'" },
        { "canary:\n  watch 5m\n", 2, 3, "no colon after 'watch'", "'watch: 5m'" },
        { Stages + "    - traffic 5%\n      duration: 10m\n    - traffic: 100%\n", 3, 7, "no colon after 'traffic'", "'traffic: 5%'" },
        { "release:\n  artifact: a\n  previous_artifact b\n  feature_flag: x\n", 3, 3, "no colon after 'previous_artifact'", "'previous_artifact: b'" },
        { "canary:\n  watch:5m\n  promote_if: [no_critical_alerts]\n", 2, 3, "no space after the colon", "'watch: 5m'" },
        { "canary:\n  watch\uff1a5m\n", 2, 3, "U+FF1A", "'watch: 5m'" },
        { "canary:\n  promote_if:\n    -no_critical_alerts\n", 3, 5, "no space after the dash", "'- no_critical_alerts'" },
        { "canary:\n  watch: 5m\n   promote_if: [no_critical_alerts]\n", 3, 4, "indented deeper", null },
        { "canary:\n    watch: 5m\n  promote_if: [no_critical_alerts]\n", 3, 3, "not indented like", null },
        { "release:\n  artifact: web: api\n", 2, 16, "second ': '", "\"web: api\"" },
        { "release:\n  artifact: 'a\n  feature_flag: b\n", 2, 13, "quote that opens here", null },
        { "canary:\n  promote_if: [no_critical_alerts\n  watch: 5m\n", 2, 15, "'[' that opens here", "']'" },
        { Stages + "    - {traffic: 5%, duration: 10m\n    - {traffic: 100%}\n", 3, 7, "'{' that opens here", "'}'" },
        { Triggers + "    - @x > 1\n", 3, 7, "does not begin with '@'", null },
        { Triggers + "    - > 1%\n", 3, 7, "begins with its signal", null },
        { "release:\n  artifact: \"a\\q\"\n", 2, 13, "backslash", null },
        { "- canary:\n    watch: 5m\n", 1, 1, "here is a list", null },
        { "canary:\n\u00a0\u00a0watch: 5m\n", 2, 1, "U+00A0", "plain spaces" },
        { "canary:\n  wa\u200btch: 5m\n", 2, 3, "U+200B", "'watch'" },
        { "release:\n  artifact: a\u2028b\n", 2, 14, "U+2028", null },
        { "\ufeffcanary:\n  wach: 5m\n", 2, 3, "'wach' is not a key", "'watch'" },
        { "canary:\r\n  watch: 5\r\n", 2, 10, "'watch' is '5'", "'5m'" },
        { "canary:\n  watch: -5m\n", 2, 10, "never negative", "'5m'" },
        { "canary:\n  watch: 1.5h\n", 2, 10, "with its unit", "'1h30m'" },
        { "canary:\n  watch: 30m1h\n", 2, 10, "with its unit", "'1h30m'" },
        { "canary:\n  watch: 2 weeks\n", 2, 10, "with its unit", "'14d'" },
        { "canary:\n  watch: 500ms\n", 2, 10, "with its unit", "'1s'" },
        { "canary:\n  watch: 999999999999d\n", 2, 10, "0s to 30d", null },
        { Triggers + "    - http_5xx_rate > 1% for -5m\n", 3, 30, "'-5m' is no time", "'5m'" },
        { Triggers + "    - http_5xx_rate > 1% for 999999999d\n", 3, 30, "at most 30d", null },
        { Triggers + "    - queue_depth > 99999999999999999\n", 3, 21, "too large", null },
        { Triggers + "    - queue_depth > 5k\n", 3, 22, "no unit", "'5000'" },
        { Triggers + "    - checkout_success_delta < \u22122%\n", 3, 32, "no number", "'-2%'" },
        { Triggers + "    - error rate > 1%\n", 3, 13, "no comparison", "'error_rate'" },
        { Triggers + "    - http_5xx_rate > 1% or p99_latency > 1s\n", 3, 26, "'for' and a time", "two triggers" },
        { "evidence:\n  large_change_lines: 99999999999999999999\n", 2, 23, "whole number", null },
        { "analysis:\n  metrics:\n    - {signal: p99_latency, weight: 60%}\n", 3, 37, "without a unit", "'60'" },
        { "canary:\n  checks:\n    - {name: a, success: http_5xx_rate < 1%, dry_run: off}\n", 3, 55, "true or false", "'false'" },
        { Triggers + "    - checkout_success_rate falls > 3%\n", 3, 29, "no comparison", "'drops'" },
        { Triggers + "    - p95_latency increases > 3%\n", 3, 19, "no comparison", "'rises'" },
        { Triggers + "    - checkout_success_rate wobbles > 3%\n", 3, 29, "or drops and rises", null },
        { Stages + "    - {trafic: 50%, duration: 1m}\n    - traffic: 100%\n", 3, 8, "'trafic' is not a key", "'traffic'" },
        { Stages + "    - {traffic: 50%, duraton: 1m}\n    - traffic: 100%\n", 3, 22, "'duraton' is not a key", "'duration'" },
        { Stages + "    - {traffic: 50%, duration: 1m}\n    - {traffic: 100%, duration: continous}\n", 4, 33, "'continous'", "'continuous'" },
        { "release:\n  initial_exposure: 10%\n" + Stages + "    - {traffic: 10, duration: 1m}\n    - traffic: 100%\n", 5, 17, "its sign", "'10%'" },
        { Stages + "    - {traffic: 5%, duration: 1m}\n    - {traffic: 60, duration: 1m}\n    - traffic: 100%\napprovals:\n  required: 1\n  stages: [60%]\n", 4, 17, "its sign", "'60%'" },
        { "release:\n  previous_artifact: 89.0.0\n", 2, 22, "a version without its service; it takes 'service:version'", "'web-api:89.0.0'" },
        { "release:\n  artifact: registry.example/team/shop:2.15.0\n  previous_artifact: v2.14.3\n", 3, 22, "a version without its service", "'registry.example/team/shop:v2.14.3'" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_is_one_error_at_its_place(string text, int line, int column, string message, string? suggestion)
    {
        var fault = Assert.Single(PolicyText.Check(text, null).Errors);

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        if (suggestion is not null)
        {
            Assert.Contains(suggestion, fault.Suggestion, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("checkout_success_detla < -2%", "'checkout_success_delta'")]
    [InlineData("http_5x_rate > 150%", "'http_5xx_rate'")]
    [InlineData("slo_brun_rate > 4x", "'slo_burn_rate'")]
    public void A_misspelt_signal_is_one_error_with_its_suggestion(string trigger, string suggestion)
    {
        var scope = PolicyScope.Of("shop on gateway, production", [KnownSignals.Find("http_5xx_rate")!], ["p99_latency", "checkout_success_rate"]);

        foreach (var place in new PolicyScope?[] { null, scope })
        {
            var result = PolicyText.Check($"{Triggers}    - {trigger}\n", place);

            var fault = Assert.Single(result.Errors);
            Assert.Equal((3, 7), (fault.Line, fault.Column));
            Assert.Contains(suggestion, fault.Suggestion, StringComparison.Ordinal);
            Assert.DoesNotContain("never fire", fault.Message, StringComparison.Ordinal);
            Assert.Empty(result.Warnings);
        }
    }

    [Theory]
    [InlineData("p95_latency_detla > 20%", "'p95_latency_delta'")]
    [InlineData("error_budget_burn_rte > 4x", "'error_budget_burn_rate'")]
    public void Without_a_service_it_is_a_warning(string trigger, string suggestion) =>
        Assert.Contains(suggestion, Assert.Single(PolicyText.Check($"{Triggers}    - {trigger}\n", null).Warnings).Suggestion, StringComparison.Ordinal);

    [Theory]
    [InlineData("", true)]
    [InlineData("canary:\n  promote_if: [no_critical_alerts]\n", true)]
    [InlineData("canary:\n  promote_if: [analysis_passes]\n", false)]
    public void An_analysis_that_holds_nothing_is_a_warning(string canary, bool warned)
    {
        var result = PolicyText.Check(canary + "analysis:\n  metrics: [p99_latency]\n", null);

        Assert.Empty(result.Errors);
        Assert.Equal(warned, result.Warnings.Any(w => w.Message.Contains("holds nothing back", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_value_that_was_meant_as_a_difference_is_told_so()
    {
        var fault = Assert.Single(PolicyText.Check($"{Triggers}    - checkout_success_rate < -2%\n", null).Errors);

        Assert.Contains("always from 0% to 100%", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'checkout_success_rate_delta'", fault.Suggestion, StringComparison.Ordinal);
    }
}
