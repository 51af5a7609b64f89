using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using static OpsConsole.Tests.Core.Gates.Evidence.Documents;

namespace OpsConsole.Tests.Core.Gates.Evidence;

public sealed class SarifLogTests
{
    [Theory]
    [InlineData("9.8", "critical")]
    [InlineData("9.0", "critical")]
    [InlineData("8.9", "high")]
    [InlineData("7.0", "high")]
    [InlineData("6.9", "medium")]
    [InlineData("4.0", "medium")]
    [InlineData("3.9", "low")]
    [InlineData("0.1", "low")]
    [InlineData("0.0", "low")]
    public void Security_severity_sorts_findings(string score, string count)
    {
        var read = Sarif("""{"ruleId":"R1","level":"note","message":{"text":"m"}}""", rules: "{\"id\":\"R1\",\"properties\":{\"security-severity\":\"" + score + "\"}}");

        Assert.Equal(1, read.Count(count));
        Assert.Equal(1, new[] { "critical", "high", "medium", "low" }.Sum(read.Count));
    }

    [Theory]
    [InlineData("""{"ruleId":"R1","level":"error"}""", "high")]
    [InlineData("""{"ruleId":"R1"}""", "medium")]
    [InlineData("""{"ruleId":"R1","level":"note"}""", "low")]
    [InlineData("""{"ruleId":"R2"}""", "high")]
    [InlineData("""{"ruleIndex":1}""", "high")]
    [InlineData("""{"rule":{"index":0,"toolComponent":{"index":0}}}""", "critical")]
    [InlineData("""{"ruleId":"R2/7"}""", "high")]
    [InlineData("""{"ruleId":"R1","properties":{"security-severity":9.5}}""", "critical")]
    [InlineData("""{"ruleId":"R2","kind":"review"}""", "medium")]
    public void Without_it_the_level_does_which_may_come_from_the_rule(string result, string count)
    {
        var read = Sarif(
            result, rules: """{"id":"R1"},{"id":"R2","defaultConfiguration":{"level":"error"}}""",
            extensions: """{"name":"x","rules":[{"id":"X1","properties":{"security-severity":"9.9"}}]}""");

        Assert.Equal(1, read.Count(count));
    }

    [Theory]
    [InlineData("""{"ruleId":"R1","kind":"pass"}""")]
    [InlineData("""{"ruleId":"R1","kind":"notApplicable"}""")]
    [InlineData("""{"ruleId":"R1","level":"error","baselineState":"absent"}""")]
    [InlineData("""{"ruleId":"R1","level":"error","suppressions":[{"kind":"inSource"}]}""")]
    [InlineData("""{"ruleId":"R1","level":"error","suppressions":[{"kind":"external","status":"accepted"}]}""")]
    public void What_is_no_finding_any_more_does_not_count(string result) => Assert.Equal(EvidenceOutcome.Passed, Sarif(result).Outcome);

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[{"kind":"external","status":"underReview"}]""")]
    [InlineData("""[{"kind":"inSource"},{"kind":"external","status":"rejected"}]""")]
    public void A_suppression_that_is_not_in_force_suppresses_nothing(string suppressions)
    {
        var read = Sarif($$"""{"ruleId":"R1","level":"error","suppressions":{{suppressions}}}""");

        Assert.Equal((EvidenceOutcome.Failed, 1, 0), (read.Outcome, read.Count("high"), read.Count("suppressed")));
    }

    [Fact]
    public void Findings_are_new_or_not_and_the_worst_come_first_with_their_place()
    {
        var read = Sarif("""
            {"ruleId":"low","level":"note","message":{"text":"tidy"},"baselineState":"unchanged"},
            {"ruleId":"bad","level":"error","message":{"text":"inject\nmore"},"baselineState":"new","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.cs"},"region":{"startLine":12}}}]}
            """);

        Assert.Equal((1, 2), (read.Count("new"), read.Items.Count));
        Assert.Equal(new NotableItem("high", "bad", "src/a.cs:12: inject"), read.Items[0]);
        Assert.Equal("scan: 1 high and 1 low.", read.Text);
    }

    [Fact]
    public void A_tool_that_did_not_run_successfully_is_an_error_and_never_clean()
    {
        var read = Sarif("", invocations: """{"executionSuccessful":false,"endTimeUtc":"2026-03-01T11:00:00Z"}""");

        Assert.Equal((EvidenceOutcome.Error, new DateTimeOffset(2026, 3, 1, 11, 0, 0, TimeSpan.Zero)), (read.Outcome, read.ProducedAt));
        Assert.Contains("did not run successfully", read.Text, StringComparison.Ordinal);
        Assert.True(Blocks(read));
    }

    [Fact]
    public void What_a_broken_tool_found_is_found_all_the_same() => Assert.Equal(
        EvidenceOutcome.Failed,
        Sarif("""{"ruleId":"R1","properties":{"security-severity":"9.9"}}""", invocations: """{"executionSuccessful":false}""").Outcome);

    [Theory]
    [InlineData("""{"version":"2.1.0","runs":[]}""")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}}}]}""")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}},"results":null}]}""")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}},"results":[],"externalPropertyFileReferences":{"results":[{"location":{"uri":"x"}}]}}]}""")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[]},{"tool":{"driver":{"name":"b"}}}]}""")]
    public void Without_results_nothing_is_known(string log)
    {
        var read = Read(EvidenceKind.Sarif, log);

        Assert.Equal(EvidenceOutcome.Inconclusive, read.Outcome);
        Assert.True(Blocks(read));
    }

    [Fact]
    public void Errors_that_the_tool_notes_are_warnings() =>
        Assert.Equal(EvidenceOutcome.PassedWithWarnings, Sarif("", invocations: """{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error"}]}""").Outcome);

    [Fact]
    public void Only_critical_findings_block()
    {
        Assert.True(Blocks(Sarif("""{"ruleId":"R","properties":{"security-severity":"9.1"}}""")));
        Assert.False(Blocks(Sarif("""{"ruleId":"R","properties":{"security-severity":"8.9"}}""")));
    }

    [Fact]
    public void Of_very_many_findings_the_worst_are_kept()
    {
        var results = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"ruleId":"n{{i}}","level":"note"}""").Append("""{"ruleId":"worst","level":"error"}"""));

        var read = Sarif(results);

        Assert.Equal(("worst", EvidenceSummary.MaxItems, 500), (read.Items[0].Name, read.Items.Count, read.Count("low")));
    }

    [Theory]
    [InlineData("""{"runs":[]}""", "not SARIF")]
    [InlineData("""{"version":"2.0.0","runs":[]}""", "2.1.0 is read")]
    [InlineData("""{"version":"2.1.0","runs":[{"results":[]}]}""", "does not name its tool")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[1]}]}""", "list of objects")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[{"level":"fatal"}]}]}""", "not a level")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[{"properties":{"security-severity":"11"}}]}]}""", "from 0 to 10")]
    public void Anything_else_is_refused(string log, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.Sarif, log).Message, StringComparison.Ordinal);

    private static bool Blocks(EvidenceSummary read) => EvidenceStages.Blocks(read.Stage, read.Outcome, StageDetail.Of(EvidenceDetail.Of(read), [], default));

    private static EvidenceSummary Sarif(string results, string rules = "", string extensions = "", string invocations = "") => Read(EvidenceKind.Sarif, $$"""
        { "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [ {
          "tool": { "driver": { "name": "scan", "rules": [{{rules}}] }, "extensions": [{{extensions}}] },
          "invocations": [{{invocations}}],
          "results": [{{results}}] } ] }
        """);
}
