using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Releases;
using static OpsConsole.Tests.Core.Gates.Evidence.Documents;

namespace OpsConsole.Tests.Core.Gates.Evidence;

/// <summary>Terraform plans, coverage, performance budgets, plain results and migrations.</summary>
public sealed class PlansAndMeasurementsTests
{
    [Fact]
    public void A_plan_is_counted_by_action_and_its_destroys_are_listed_without_values()
    {
        var read = Plan("""
            {"address":"aws_db.main","change":{"actions":["delete","create"],"before":{"password":"s3cret"}},"action_reason":"replace_because_cannot_update"},
            {"address":"aws_s3.logs","change":{"actions":["delete"]}}, {"address":"a","change":{"actions":["create","delete"]}},
            {"address":"b","change":{"actions":["create"]}}, {"address":"c","change":{"actions":["update"]}},
            {"address":"d","change":{"actions":["read"]}}, {"address":"e","change":{"actions":["no-op"]}}
            """);

        Assert.Equal(EvidenceOutcome.PassedWithWarnings, read.Outcome);
        Assert.Equal("1 to create, 1 to update, 2 to replace and 1 to delete.", read.Text);
        Assert.Equal([("delete", "aws_s3.logs"), ("replace", "aws_db.main"), ("replace", "a")], read.Items.Select(i => (i.What, i.Name)));
        Assert.DoesNotContain("s3cret", EvidenceDetail.Of(read).Write(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"address":"b","change":{"actions":["create"]}}""", "", EvidenceOutcome.Passed)]
    [InlineData("", "", EvidenceOutcome.Passed)]
    [InlineData("", """, "errored": true""", EvidenceOutcome.Error)]
    [InlineData("", """, "complete": false""", EvidenceOutcome.Error)]
    [InlineData("", """, "errored": false, "complete": true""", EvidenceOutcome.Passed)]
    [InlineData("", """, "checks": [{"status":"fail"}]""", EvidenceOutcome.PassedWithWarnings)]
    public void A_plan_that_did_not_finish_is_an_error(string changes, string more, EvidenceOutcome outcome) => Assert.Equal(outcome, Plan(changes, more).Outcome);

    [Theory]
    [InlineData("{}", "terraform show")]
    [InlineData("""{"format_version":"1.0","terraform_version":"1.9.0","values":{}}""", "a state, not a plan")]
    [InlineData("""{"format_version":"2.0","terraform_version":"1.9.0","resource_changes":[]}""", "formats 0 and 1")]
    [InlineData("""{"format_version":"1.0","terraform_version":"1.9.0","resource_changes":[{"address":"a","change":{"actions":["explode"]}}]}""", "'explode' of a")]
    [InlineData("""{"format_version":"1.0","terraform_version":"1.9.0","resource_changes":[{"address":"a"}]}""", "names no actions")]
    public void What_is_no_plan_is_refused(string json, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.Terraform, json).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.9, 80.0, null, EvidenceOutcome.Passed)]
    [InlineData(0.7999, 80.0, null, EvidenceOutcome.Failed)]
    [InlineData(0.9, null, 60.0, EvidenceOutcome.Failed)]
    [InlineData(0.9, 80.0, 50.0, EvidenceOutcome.Passed)]
    [InlineData(0.9, null, null, EvidenceOutcome.Inconclusive)]
    public void Coverage_is_held_to_its_budgets(double lines, double? lineBudget, double? branchBudget, EvidenceOutcome outcome)
    {
        var read = Read(
            EvidenceKind.Coverage,
            $"""<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd"><coverage line-rate="{lines}" branch-rate="0.5" lines-valid="100" branches-valid="10" timestamp="1772366400"><packages/></coverage>""",
            with: t => t with { LineBudget = lineBudget, BranchBudget = branchBudget });

        Assert.Equal(outcome, read.Outcome);
        Assert.Equal(2026, read.ProducedAt!.Value.Year);
        Assert.False(EvidenceStages.Blocks(read.Stage, read.Outcome, StageDetail.Of(EvidenceDetail.Of(read), [], default)));
    }

    [Theory]
    [InlineData("""<coverage line-rate="1" lines-valid="0"/>""", 80.0, null)]
    [InlineData("""<coverage line-rate="1" branch-rate="0" branches-valid="0"/>""", 80.0, 80.0)]
    public void Coverage_of_nothing_is_inconclusive(string xml, double? lines, double? branches) =>
        Assert.Equal(EvidenceOutcome.Inconclusive, Read(EvidenceKind.Coverage, xml, with: t => t with { LineBudget = lines, BranchBudget = branches }).Outcome);

    [Theory]
    [InlineData("<report/>", "begins with coverage")]
    [InlineData("<coverage/>", "no line-rate")]
    [InlineData("<coverage line-rate='80'/>", "from 0 to 1")]
    [InlineData("<coverage line-rate='NaN'/>", "from 0 to 1")]
    public void What_is_no_coverage_is_refused(string xml, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.Coverage, xml).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name":"p95","value":480,"unit":"ms","budget":500}""", EvidenceOutcome.Passed, false)]
    [InlineData("""{"name":"p95","value":500,"unit":"ms","budget":500,"comparison":"atMost"}""", EvidenceOutcome.Passed, false)]
    [InlineData("""{"name":"p95","value":501,"unit":"ms","budget":500}""", EvidenceOutcome.Failed, true)]
    [InlineData("""{"name":"p95","value":501,"unit":"ms","budget":500,"hard":false}""", EvidenceOutcome.PassedWithWarnings, false)]
    [InlineData("""{"name":"rps","value":90,"budget":100,"comparison":"atLeast"}""", EvidenceOutcome.Failed, true)]
    [InlineData("""{"name":"p95","value":null,"unit":"ms","budget":500}""", EvidenceOutcome.Inconclusive, true)]
    [InlineData("", EvidenceOutcome.Inconclusive, true)]
    public void Performance_is_held_to_its_budgets(string metrics, EvidenceOutcome outcome, bool blocks)
    {
        var read = Read(EvidenceKind.Performance, $$"""{"tool":"k6","producedAt":"2026-03-01T12:00:00Z","metrics":[{{metrics}}]}""");

        Assert.Equal(outcome, read.Outcome);
        Assert.Equal(blocks, EvidenceStages.Blocks(read.Stage, read.Outcome, StageDetail.Of(EvidenceDetail.Of(read), [], default)));
    }

    [Fact]
    public void A_passed_budget_is_named_with_value_and_limit()
    {
        var read = Read(EvidenceKind.Performance, """{"metrics":[{"name":"p95","value":512.5,"unit":"ms","budget":500},{"name":"size","value":1,"unit":"MB","budget":2}]}""");

        Assert.Equal(new NotableItem("over budget", "p95", "512.5 ms, at most 500 ms allowed"), Assert.Single(read.Items));
        Assert.Equal("1 within budget and 1 over a hard budget.", read.Text);
    }

    [Theory]
    [InlineData("""{"metrics":[{"name":"p95","value":1,"budget":2,"budgte":3}]}""", "'budgte' is not a member")]
    [InlineData("""{"metric":[]}""", "'metric' is not a member")]
    [InlineData("""{"metrics":[{"name":"p95","budget":2}]}""", "has no value")]
    [InlineData("""{"metrics":[{"name":"p95","value":1}]}""", "has no budget")]
    [InlineData("""{"metrics":[{"name":"p95","value":"1","budget":2}]}""", "has to be a number")]
    [InlineData("""{"metrics":[{"name":"p95","value":1,"budget":2,"comparison":"<"}]}""", "atMost or atLeast")]
    [InlineData("""{"metrics":[{"name":"a","value":1,"budget":2},{"name":"a","value":1,"budget":2}]}""", "twice")]
    public void A_performance_result_is_taken_strictly(string json, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.Performance, json).Message, StringComparison.Ordinal);

    [Fact]
    public void A_plain_result_says_what_it_says()
    {
        var read = Read(EvidenceKind.Result, """{"tool":"eslint","outcome":"passedWithWarnings","summary":"3 warnings","digest":"sha256:00"}""", PipelineStage.LintAndFormat);

        Assert.Equal((EvidenceOutcome.PassedWithWarnings, "eslint: 3 warnings", "sha256:00"), (read.Outcome, read.Text, read.SubjectDigest));
    }

    [Theory]
    [InlineData("""{"tool":"a","outcome":"green","summary":"b"}""", "it is passed")]
    [InlineData("""{"tool":"a","outcome":"flaky","summary":"b"}""", "name its tests")]
    [InlineData("""{"tool":"a","outcome":"passed"}""", "summary")]
    [InlineData("""{"tool":"a","outcome":"passed","summary":"b","extra":1}""", "'extra'")]
    public void A_plain_result_is_taken_strictly(string json, string reason) => Assert.Contains(reason, Refuses(EvidenceKind.Result, json, PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(MigrationWeight.Grave, true, EvidenceOutcome.Failed)]
    [InlineData(MigrationWeight.Grave, false, EvidenceOutcome.Failed)]
    [InlineData(MigrationWeight.Warning, true, EvidenceOutcome.PassedWithWarnings)]
    [InlineData(MigrationWeight.Note, true, EvidenceOutcome.Passed)]
    [InlineData(MigrationWeight.Note, false, EvidenceOutcome.Inconclusive)]
    public void A_migration_is_as_good_as_its_worst_step(MigrationWeight weight, bool complete, EvidenceOutcome outcome)
    {
        var reader = new EvidenceReader(new OneRisk(weight, complete));

        var read = reader.Read(EvidenceKind.Migration, "drop table a;"u8.ToArray(), new EvidenceTerms { ArtifactDigest = Digest, SqlServer = true });

        Assert.Equal((outcome, PipelineStage.Migration), (read.Outcome, read.Stage));
        Assert.Contains("Go forward only.", read.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-- only a remark")]
    [InlineData(" ;; /* x */")]
    public void A_migration_without_a_statement_says_nothing(string sql)
    {
        var read = new EvidenceReader(new OpsConsole.Core.Gates.Migrations.EvidenceMigrations())
            .Read(EvidenceKind.Migration, System.Text.Encoding.UTF8.GetBytes(sql), new EvidenceTerms { ArtifactDigest = Digest });

        Assert.Equal((EvidenceOutcome.Inconclusive, 0), (read.Outcome, read.Counts["complete"]));
        Assert.StartsWith("No statement in it", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_console_that_reads_no_migrations_says_so() =>
        Assert.Contains("does not read migration SQL", Refuses(EvidenceKind.Migration, "select 1").Message, StringComparison.Ordinal);

    private static EvidenceSummary Plan(string changes, string more = "") =>
        Read(EvidenceKind.Terraform, $$"""{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[{{changes}}]{{more}}}""");

    private sealed class OneRisk(MigrationWeight weight, bool complete) : IMigrationReader
    {
        public MigrationReading Read(string sql, bool sqlServer)
        {
            Assert.Equal(("drop table a;", true), (sql, sqlServer));
            return new(MigrationClass.Contract, complete, "Go forward only.", [new MigrationRisk(weight, "drop-table", 1, "A table is dropped.")]) { AutomaticBlocked = true };
        }
    }
}
