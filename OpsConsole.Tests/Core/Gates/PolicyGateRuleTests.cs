using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Approvals;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Gates;

public sealed class PolicyGateRuleTests
{
    private static readonly DateTimeOffset Now = Sample.Noon.AddHours(1);
    private static readonly Release Release = Sample.Release();

    private static EvidenceItem Item(
        string stage = "unit", EvidenceOutcome outcome = EvidenceOutcome.Passed, bool? blocking = null, string source = "ci", int minutesAgo = 5, string detail = "{}", string kind = "junit") => new()
        {
            Id = Guid.NewGuid(), ReleaseId = Release.Id, Kind = kind, Stage = stage, Source = source, Outcome = outcome, Blocking = blocking ?? outcome > EvidenceOutcome.PassedWithWarnings,
            Summary = $"{outcome} as told", DetailJson = detail, ContentDigest = Guid.NewGuid().ToString("N"), ReceivedAt = Now.AddMinutes(-minutesAgo), ReceivedBy = "pipeline",
        };

    private static GateResult Gate(GateFacts facts, string name, Release? release = null) =>
        Assert.Single(PolicyGateRule.Judge(facts, release ?? Release, null, Now), g => g.Name == name);

    private static GateFacts Requiring(params EvidenceItem[] items) => new() { Policy = new() { Evidence = new() { Required = ["unit"], MaxAge = TimeSpan.FromHours(1) } }, Evidence = items };

    private static GateFacts Asking(params PromoteCondition[] conditions) => new() { Policy = new() { Canary = new() { PromoteIf = conditions } } };

    [Fact]
    public void Required_evidence_that_is_missing_is_never_a_pass()
    {
        var gate = Gate(Requiring(), "evidence: unit");

        Assert.Equal(Verdict.Inconclusive, gate.Verdict);
        Assert.Contains("No unit test report yet", gate.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EvidenceOutcome.Passed, Verdict.Pass)]
    [InlineData(EvidenceOutcome.PassedWithWarnings, Verdict.Pass)]
    [InlineData(EvidenceOutcome.Flaky, Verdict.Inconclusive)]
    [InlineData(EvidenceOutcome.Inconclusive, Verdict.Inconclusive)]
    [InlineData(EvidenceOutcome.Error, Verdict.Error)]
    [InlineData(EvidenceOutcome.Failed, Verdict.Fail)]
    public void Each_outcome_has_its_verdict(EvidenceOutcome outcome, Verdict verdict) => Assert.Equal(verdict, Gate(Requiring(Item(outcome: outcome)), "evidence: unit").Verdict);

    [Theory]
    [InlineData("CREATE TABLE a (id int); SELEC everything FROM $$never closed", false, true)]
    [InlineData("ALTER TABLE a ADD COLUMN b int; DO $$ BEGIN EXECUTE 'drop table a'; END $$;", false, true)]
    [InlineData("CREATE TABLE a (id int); SELECT 'never closed", true, false)]
    public void A_migration_that_was_not_read_whole_passes_neither_of_its_gates(string sql, bool sqlServer, bool required)
    {
        var read = new EvidenceReader(new EvidenceMigrations()).Read(EvidenceKind.Migration, System.Text.Encoding.UTF8.GetBytes(sql), new EvidenceTerms { ArtifactDigest = Release.Artifact.Digest, SqlServer = sqlServer });
        Assert.Equal(0, read.Counts["complete"]);
        foreach (var outcome in new[] { read.Outcome, EvidenceOutcome.Inconclusive })
        {
            var item = Item("migration", outcome, kind: "migration", detail: EvidenceDetail.Of(read).Write());
            var facts = new GateFacts { Evidence = [item], Policy = required ? new() { Evidence = new() { Required = ["migration"] } } : null };

            Assert.NotEqual(Verdict.Pass, Gate(facts, "evidence: migration").Verdict);
            Assert.Equal((Verdict.Inconclusive, true), (Gate(facts, "migration").Verdict, Gate(facts, "migration").Detail.StartsWith("Not all of the submitted SQL could be read", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_required_stage_that_failed_fails_whatever_it_blocks_at()
    {
        Assert.Equal(Verdict.Fail, Gate(Requiring(Item(outcome: EvidenceOutcome.Failed, blocking: false)), "evidence: unit").Verdict);
        var facts = new GateFacts { Evidence = [Item(outcome: EvidenceOutcome.Failed, blocking: false), Item(source: "other", outcome: EvidenceOutcome.Error)] };
        Assert.Equal(Verdict.Error, Gate(facts, "evidence: unit").Verdict);
    }

    [Fact]
    public void Evidence_that_is_too_old_does_not_pass() => Assert.Equal(Verdict.Inconclusive, Gate(Requiring(Item(minutesAgo: 61)), "evidence: unit").Verdict);

    [Fact]
    public void Of_one_source_the_newest_counts_and_of_several_the_worst()
    {
        Assert.Equal(Verdict.Pass, Gate(Requiring(Item(outcome: EvidenceOutcome.Failed, minutesAgo: 10), Item()), "evidence: unit").Verdict);
        Assert.Equal(Verdict.Fail, Gate(Requiring(Item(outcome: EvidenceOutcome.Failed, minutesAgo: 10, source: "other"), Item()), "evidence: unit").Verdict);
    }

    [Fact]
    public void A_posted_stage_that_blocks_is_a_gate_though_nobody_required_it()
    {
        var facts = new GateFacts { Evidence = [Item("security", EvidenceOutcome.Failed), Item("lint", EvidenceOutcome.Failed, blocking: false)] };

        Assert.Equal(Verdict.Fail, Gate(facts, "evidence: security").Verdict);
        Assert.DoesNotContain(PolicyGateRule.Judge(facts, Release, null, Now), g => g.Name == "evidence: lint");
    }

    [Theory]
    [InlineData("""{"flaky":["a","b"],"counts":{"flaky":2}}""", new[] { "a", "b" }, true)]
    [InlineData("""{"flaky":["a","b"],"counts":{"flaky":2}}""", new[] { "a" }, false)]
    [InlineData("""{"flaky":["a"],"counts":{"flaky":9}}""", new[] { "a" }, false)]
    [InlineData("{}", new[] { "a" }, false)]
    [InlineData("nonsense", new[] { "a" }, false)]
    public void Flaky_passes_only_where_every_flaky_test_is_quarantined_and_names_them(string detail, string[] quarantine, bool passes)
    {
        var facts = new GateFacts
        {
            Policy = new() { Evidence = new() { Required = ["unit"], Quarantine = quarantine } },
            Evidence = [Item(outcome: EvidenceOutcome.Flaky, detail: detail)],
        };

        var gate = Gate(facts, "evidence: unit");

        Assert.Equal(passes ? Verdict.Pass : Verdict.Inconclusive, gate.Verdict);
        Assert.StartsWith("Flaky", gate.Detail, StringComparison.Ordinal);
        Assert.True(!passes || gate.Detail.Contains("a, b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MigrationClass.Expand, 3, Verdict.Fail)]
    [InlineData(MigrationClass.Contract, 3, Verdict.Pass)]
    [InlineData(MigrationClass.Migrate, 1, Verdict.Pass)]
    public void Submitted_sql_that_removes_must_have_been_declared(MigrationClass declared, int submitted, Verdict verdict)
    {
        var release = Copy(declared);
        var facts = new GateFacts { Evidence = [Item("migration", kind: "migration", detail: $$"""{ "counts": { "class": {{submitted}} } }""")] };

        Assert.Equal(verdict, Gate(facts, "migration", release).Verdict);
        Assert.Equal((MigrationClass)Math.Max((int)declared, submitted), ApprovalBasis.Of(facts, release, Now).Migration);
    }

    [Fact]
    public void A_waiver_turns_a_gate_into_a_loud_pass_and_ends_with_its_time()
    {
        var waiver = new Waiver { Id = Guid.NewGuid(), ReleaseId = Release.Id, Gate = "evidence: unit", Reason = "ran by hand", By = "ana", Role = "Admin", At = Now, ExpiresAt = Now.AddHours(1) };
        var facts = Requiring() with { Waivers = [waiver] };

        var gate = Gate(facts, "evidence: unit");

        Assert.Equal(Verdict.Pass, gate.Verdict);
        Assert.StartsWith("Waived by ana until", gate.Detail, StringComparison.Ordinal);
        Assert.Contains("No unit test report yet", gate.Detail, StringComparison.Ordinal);
        Assert.Equal(Verdict.Inconclusive, Assert.Single(PolicyGateRule.Judge(facts, Release, null, Now.AddHours(1)), g => g.Name == "evidence: unit").Verdict);
        waiver.Revoke("ana", Now);
        Assert.Equal(Verdict.Inconclusive, Gate(facts, "evidence: unit").Verdict);
    }

    [Theory]
    [InlineData("evidence: unit", "unit", "junit", 3, true)]
    [InlineData("evidence: unit", "unit", "junit", 1, false)]
    [InlineData("evidence: unit", "lint", "junit", 1, true)]
    [InlineData("migration", "migration", "migration", 1, false)]
    public void A_waiver_does_not_cover_evidence_that_arrived_after_it(string gate, string stage, string kind, int minutesAgo, bool holds)
    {
        const string Drops = """{"counts":{"class":3}}""";
        var facts = new GateFacts
        {
            Evidence = [Item(outcome: EvidenceOutcome.Failed), Item("migration", kind: "migration", detail: Drops), Item(stage, EvidenceOutcome.Failed, source: "other", minutesAgo: minutesAgo, kind: kind, detail: Drops)],
            Waivers = [new Waiver { Id = Guid.NewGuid(), ReleaseId = Release.Id, Gate = gate, Reason = "ran by hand", By = "ana", Role = "Admin", At = Now.AddMinutes(-2), ExpiresAt = Now.AddHours(1) }],
        };

        var result = Gate(facts, gate);

        Assert.Equal(holds ? Verdict.Pass : Verdict.Fail, result.Verdict);
        Assert.Contains(holds ? "Waived by ana until" : "The waiver by ana does not hold", result.Detail, StringComparison.Ordinal);

        // What a list shows is what the gate goes by.
        var standing = WaiverStanding.Of(facts.Waivers[0], facts.Evidence, Release, null, Now);
        Assert.Equal(holds, standing.Holds);
        Assert.StartsWith(holds ? "until " : "does not hold any more: newer evidence arrived at ", standing.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejected_artifact_fails_whatever_waiver_there_is()
    {
        var facts = new GateFacts
        {
            Rejected = new RejectedDigest { Id = Guid.NewGuid(), Digest = "x", Title = "shop", Reason = "leaks", By = "ana", At = Now },
            Waivers = [new Waiver { Id = Guid.NewGuid(), ReleaseId = Release.Id, Gate = "artifact rejected", Reason = "please", By = "bob", Role = "Admin", At = Now, ExpiresAt = Now.AddHours(1) }],
        };

        Assert.Equal(Verdict.Fail, Gate(facts, "artifact rejected").Verdict);
    }

    [Theory]
    [InlineData(PromoteCondition.SyntheticChecksPass, "synthetic checks")]
    [InlineData(PromoteCondition.ErrorBudgetHealthy, "error budget")]
    [InlineData(PromoteCondition.NoCriticalAlerts, "no critical alerts")]
    [InlineData(PromoteCondition.BusinessMetricsStable, "business metrics")]
    [InlineData(PromoteCondition.AnalysisPasses, "analysis")]
    public void A_condition_of_which_nothing_is_known_never_passes(PromoteCondition condition, string gate)
    {
        var release = Sample.Release();
        release.EnterNextStage(Now.AddMinutes(-5));

        Assert.Equal(Verdict.Inconclusive, Gate(Asking(condition), gate, release).Verdict);
    }

    [Theory]
    [InlineData(0.4, false, 10, Verdict.Pass)]
    [InlineData(0.4, true, 10, Verdict.Fail)]
    [InlineData(0.0, false, 10, Verdict.Fail)]
    [InlineData(-1.0, false, 10, Verdict.Fail)]
    [InlineData(0.4, false, 121, Verdict.Inconclusive)]
    [InlineData(null, false, 10, Verdict.Inconclusive)]
    public void The_error_budget_must_be_left_unburnt_and_known_now(double? left, bool burning, int secondsOld, Verdict verdict) => Assert.Equal(
        verdict, Gate(Asking(PromoteCondition.ErrorBudgetHealthy) with { Objectives = new(left, burning, [], Now.AddSeconds(-secondsOld)) }, "error budget").Verdict);

    [Fact]
    public void That_nothing_pages_is_no_pass_while_an_objective_has_no_data() => Assert.Equal(
        Verdict.Inconclusive, Gate(Asking(PromoteCondition.NoCriticalAlerts) with { Objectives = new(null, false, [], Now) }, "no critical alerts").Verdict);

    [Fact]
    public void A_paging_alert_fails_by_name()
    {
        var gate = Gate(Asking(PromoteCondition.NoCriticalAlerts) with { Objectives = new(1, false, ["checkout burns"], Now) }, "no critical alerts");

        Assert.Equal((Verdict.Fail, "Paging now: checkout burns."), (gate.Verdict, gate.Detail));
    }

    [Theory]
    [InlineData("pass", 0, Verdict.Pass)]
    [InlineData("marginal", 0, Verdict.Inconclusive)]
    [InlineData("fail", 0, Verdict.Fail)]
    [InlineData("error", 0, Verdict.Error)]
    [InlineData("pass", 1, Verdict.Inconclusive)]
    public void The_analysis_must_be_of_the_present_stage(string said, int stage, Verdict verdict)
    {
        var release = Sample.Release();
        release.EnterNextStage(Now.AddMinutes(-5));
        var run = new AnalysisRun { Id = Guid.NewGuid(), ReleaseId = release.Id, At = Now.AddMinutes(-1), StageIndex = stage, Verdict = said, Score = 80, ReportJson = "{}" };

        Assert.Equal(verdict, Gate(Asking(PromoteCondition.AnalysisPasses) with { Analysis = run }, "analysis", release).Verdict);
    }

    [Theory]
    [InlineData(null, Verdict.Inconclusive, 1)]
    [InlineData(500, Verdict.Pass, 1)]
    [InlineData(501, Verdict.Pass, 2)]
    public void A_large_change_asks_for_one_approval_more(int? lines, Verdict verdict, int needed)
    {
        var facts = new GateFacts { Policy = new() { Evidence = new() { LargeChangeLines = 500 }, Approvals = new() { Required = 1 } }, ChangedLines = lines };

        Assert.Equal(verdict, Gate(facts, "change size").Verdict);
        Assert.Equal(needed, PolicyGateRule.ApprovalsNeeded(facts, Release));
    }

    [Fact]
    public void Approvals_are_asked_for_only_on_the_stages_that_the_policy_names()
    {
        var facts = new GateFacts { Policy = new() { Approvals = new() { Required = 2, Stages = [100] } } };
        var release = Sample.Release();
        Assert.Equal(0, PolicyGateRule.ApprovalsNeeded(facts, release));

        release.EnterNextStage(Now);

        Assert.Equal(2, PolicyGateRule.ApprovalsNeeded(facts, release));
    }

    [Fact]
    public void A_policy_that_cannot_be_read_is_an_error_and_not_nothing() =>
        Assert.Equal(Verdict.Error, Gate(new GateFacts { PolicyFault = "line 3" }, "policy").Verdict);

    [Fact]
    public void The_basis_says_what_changed()
    {
        var facts = Requiring(Item());
        var before = ApprovalBasis.Of(facts, Release, Now);

        Assert.Contains("a new unit report of other arrived (passed)", ApprovalBasis.Of(facts with { Evidence = [.. facts.Evidence, Item(source: "other")] }, Release, Now).Since(before), StringComparison.Ordinal);
        var waiver = new Waiver { Id = Guid.NewGuid(), ReleaseId = Release.Id, Gate = "freeze", Reason = "agreed", By = "ana", Role = "Admin", At = Now, ExpiresAt = Now.AddHours(1) };
        Assert.Equal("a gate was waived", ApprovalBasis.Of(facts with { Waivers = [waiver] }, Release, Now).Since(before));
    }

    [Fact]
    public void A_waiver_that_ended_never_brings_an_earlier_seal_back()
    {
        var waiver = new Waiver { Id = Guid.NewGuid(), ReleaseId = Release.Id, Gate = "freeze", Reason = "agreed", By = "ana", Role = "Admin", At = Now, ExpiresAt = Now.AddHours(1) };
        var (without, with) = (new GateFacts(), new GateFacts { Waivers = [waiver] });
        string Seal(GateFacts facts, DateTimeOffset at) => EvidenceSeal.Over(ApprovalBasis.Of(facts, Release, at)).Seal;
        var (before, inForce, over) = (Seal(without, Now), Seal(with, Now), Seal(with, Now.AddHours(1)));
        waiver.Revoke("ana", Now);

        Assert.Equal(3, new[] { before, inForce, over }.Distinct().Count());
        Assert.Equal(over, Seal(with, Now));
        Assert.Equal("a gate was waived, and that ended", ApprovalBasis.Of(with, Release, Now).Since(ApprovalBasis.Of(without, Release, Now)));
    }

    private static Release Copy(MigrationClass migration)
    {
        var s = Sample.Release();
        return new Release
        {
            Id = s.Id, Service = s.Service, Target = s.Target, Environment = s.Environment, Version = s.Version, PreviousVersion = s.PreviousVersion, Artifact = s.Artifact, Owner = s.Owner,
            Stages = s.Stages, Signals = [KnownSignals.Find("http_5xx_rate")!], RegisteredAt = s.RegisteredAt, Migration = migration,
        };
    }
}
