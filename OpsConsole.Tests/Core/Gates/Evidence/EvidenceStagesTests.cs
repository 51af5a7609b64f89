using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;

namespace OpsConsole.Tests.Core.Gates.Evidence;

public sealed class EvidenceStagesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StageDetail Nothing = new(0, 0, null, false);

    [Theory]
    [InlineData(PipelineStage.LintAndFormat, true)]
    [InlineData(PipelineStage.TypeChecks, true)]
    [InlineData(PipelineStage.Unit, true)]
    [InlineData(PipelineStage.Integration, true)]
    [InlineData(PipelineStage.Contract, true)]
    [InlineData(PipelineStage.Migration, true)]
    [InlineData(PipelineStage.SecurityScan, false)]
    [InlineData(PipelineStage.PerformanceSmoke, false)]
    [InlineData(PipelineStage.ArtifactSigning, true)]
    [InlineData(PipelineStage.InfrastructurePlan, true)]
    [InlineData(PipelineStage.Coverage, false)]
    public void A_bare_failure_blocks(PipelineStage stage, bool blocks) => Assert.Equal(blocks, EvidenceStages.Blocks(stage, EvidenceOutcome.Failed, Nothing));

    [Fact]
    public void What_is_not_known_blocks_wherever_something_does() => Assert.All(
        EvidenceStages.All.Where(s => s != PipelineStage.Coverage),
        stage => Assert.All(
            new[] { EvidenceOutcome.Error, EvidenceOutcome.Inconclusive, EvidenceOutcome.Flaky },
            outcome => Assert.True(EvidenceStages.Blocks(stage, outcome, Nothing))));

    [Fact]
    public void A_pass_never_blocks() => Assert.All(
        EvidenceStages.All,
        stage => Assert.All(new[] { EvidenceOutcome.Passed, EvidenceOutcome.PassedWithWarnings }, outcome => Assert.False(EvidenceStages.Blocks(stage, outcome, Nothing))));

    [Fact]
    public void Some_stages_block_at_something_only()
    {
        Assert.True(EvidenceStages.Blocks(PipelineStage.SecurityScan, EvidenceOutcome.Failed, Nothing with { Critical = 1 }));
        Assert.True(EvidenceStages.Blocks(PipelineStage.PerformanceSmoke, EvidenceOutcome.Failed, Nothing with { HardBudgetsOver = 1 }));
        Assert.True(EvidenceStages.Blocks(PipelineStage.Integration, EvidenceOutcome.Failed, Nothing with { CriticalPathFailures = 2 }));
        Assert.False(EvidenceStages.Blocks(PipelineStage.Integration, EvidenceOutcome.Failed, Nothing with { CriticalPathFailures = 0 }));
    }

    [Fact]
    public void A_flaky_test_is_excused_only_by_an_entry_in_force_that_names_it()
    {
        Assert.False(Blocks(["a", "b"], Entry("a"), Entry("b")));
        Assert.True(Blocks(["a", "b"], Entry("a")));
        Assert.True(Blocks(["a"], Entry("a") with { Expires = Now }));
        Assert.True(Blocks(["a"], Entry("A")));
        Assert.True(Blocks(["a"]));
        Assert.False(Blocks(["a"], [.. Quarantine.Named(["a"], "commerce")]));
    }

    [Fact]
    public void Flaky_tests_beyond_those_that_are_named_are_not_excused()
    {
        var detail = new EvidenceDetail(new Dictionary<string, long> { ["flaky"] = 2 }, [], ["a"]);

        Assert.False(Quarantine.Covers(detail, [Entry("a")], Now));
    }

    [Fact]
    public void Every_stage_and_kind_has_a_code_and_a_title()
    {
        Assert.All(EvidenceStages.All, stage => Assert.Equal(stage, EvidenceCodes.FindStage(stage.Code())));
        Assert.All(Enum.GetValues<EvidenceKind>(), kind => Assert.Equal(kind, EvidenceCodes.FindKind(kind.Code())));
        Assert.All(EvidenceStages.All, stage => Assert.NotEmpty(stage.Title()));
    }

    [Theory]
    [InlineData(EvidenceKind.Result)]
    [InlineData(EvidenceKind.Junit)]
    [InlineData(EvidenceKind.Sarif)]
    public void Nobody_s_word_is_a_signature(EvidenceKind kind) => Assert.False(EvidenceStages.Takes(PipelineStage.ArtifactSigning, kind));

    [Fact]
    public void Something_newer_of_the_same_stage_and_source_takes_the_place_of_an_item()
    {
        var items = new[] { Item("unit", "a", 1), Item("unit", "a", 3), Item("unit", "b", 2), Item("lint", "a", 0) };

        Assert.Equal([("unit", "a", false), ("unit", "b", false), ("unit", "a", true), ("lint", "a", false)], EvidenceHistory.Of(items).Select(i => (i.Item.Stage, i.Item.Source, i.Superseded)));
    }

    private static bool Blocks(string[] flaky, params QuarantineEntry[] quarantine)
    {
        var detail = new EvidenceDetail(new Dictionary<string, long> { ["flaky"] = flaky.Length }, [], flaky);
        return EvidenceStages.Blocks(PipelineStage.Unit, EvidenceOutcome.Flaky, StageDetail.Of(detail, quarantine, Now));
    }

    private static QuarantineEntry Entry(string test) => new(test, "commerce", "waits for the new driver", Now.AddDays(1));

    private static EvidenceItem Item(string stage, string source, int minutes) => new()
    {
        Id = Guid.CreateVersion7(), ReleaseId = Guid.Empty, Kind = "junit", Stage = stage, Source = source, Outcome = EvidenceOutcome.Passed, Blocking = false,
        Summary = "", DetailJson = "{}", ContentDigest = "", ReceivedAt = Now.AddMinutes(minutes), ReceivedBy = "ci",
    };
}
