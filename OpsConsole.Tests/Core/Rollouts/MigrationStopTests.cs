using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>A policy that rolls back by itself, and a migration about which only a person may decide: the engine halts, and the person may.</summary>
public sealed class MigrationStopTests
{
    private const string Block = "DO $$ BEGIN DROP TABLE users; END $$;";

    private readonly EngineWorld _world = new();

    [Theory]
    [InlineData(Block, "not all of the migration could be read")]
    [InlineData("CREATE TABLE s.t (a int); SELECT format('DROP TABLE %I', t) FROM old_tables \\gexec", "not all of the migration could be read")]
    [InlineData("SELECT cleanup_everything();", "not all of the migration could be read")]
    [InlineData("DELETE FROM sessions WHERE expires_at < now();", "the migration deletes or overwrites rows")]
    [InlineData("-- nothing", "not all of the migration could be read")]
    public async Task It_halts_and_says_why_and_a_person_may_still_roll_back(string sql, string why)
    {
        _world.PolicyGates.Real = _world.Gate.Judge;
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 0);
        Submit(release, sql);

        await HaltedAsync(release, why);
        await AsAPersonAsync(release);
    }

    [Fact]
    public async Task The_gate_refuses_it_to_the_console_also_where_the_engine_has_read_nothing()
    {
        // The gates that the engine reads never answer with evidence; the gate that it asks reads it anew.
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 0);
        Submit(release, Block);

        await HaltedAsync(release, "not all of the migration could be read");
    }

    [Theory]
    [InlineData("""{"counts":{"class":2,"complete":1}}""", "does not say whether the migration can be undone")]
    [InlineData("""{"counts":{"class":1}}""", "does not say whether the migration can be undone")]
    [InlineData("""{"counts":{"class":1,"complete":0}}""", "not all of the migration could be read")]
    [InlineData("{}", "not all of the migration could be read")]
    public async Task Evidence_from_before_the_flag_is_taken_at_its_worst(string detail, string why)
    {
        _world.PolicyGates.Real = _world.Gate.Judge;
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 0);
        Put(release, detail, EvidenceOutcome.Passed);

        await HaltedAsync(release, why);
    }

    [Theory]
    [InlineData("""{"counts":{"class":1,"complete":1}}""")]
    [InlineData("""{"counts":{"class":2,"complete":1,"automaticBlocked":0}}""")]
    public async Task What_leaves_nothing_open_is_rolled_back_by_itself(string detail)
    {
        _world.PolicyGates.Real = _world.Gate.Judge;
        var release = _world.Release(EngineWorld.Seed(TriggerReaction.Rollback), stage: 0);
        Put(release, detail, EvidenceOutcome.Passed);
        await _world.SecondsAsync(60);

        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.RolledBack, 400, 4.2);
    }

    [Fact]
    public async Task The_dialog_says_it_also_without_a_policy()
    {
        var release = _world.Gate.Release();
        Submit(release, "DELETE FROM sessions WHERE expires_at < now();");

        var brief = await _world.Gate.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default);

        Assert.Empty(brief!.Refusals);
        Assert.Contains("Rows that the migration of 2.15.0 deleted or overwrote do not come back.", brief.WhatStays, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_no_person()
    {
        var release = _world.Gate.Release();
        Submit(release, Block);

        var answer = await _world.Gate.Gate.RequestAsync(
            new RollbackCommand(release.Id, "errors over 1 %", _world.Gate.Board.Find(release.Id)!.SnapshotVersion, release.Service), Given.Manager with { IsService = true }, default);

        Assert.Equal(["only-a-person-rolls-back"], Given.Codes(Assert.IsType<GateAnswer.Refused>(answer).Refusals));
    }

    private async Task HaltedAsync(Release release, string why)
    {
        await _world.SecondsAsync(60);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.Halted, 400, 4.2);

        var halt = _world.Actions(release)[^1];
        Assert.Equal((ActionVerb.Halt, 1), (halt.Verb, _world.Actions(release).Count));
        Assert.Contains($"Not rolled back, halted instead: ", _world.Shown(release)!.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(why, _world.Shown(release)!.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("only a person may decide", _world.Shown(release)!.Reason, StringComparison.Ordinal);
        Assert.Contains(why, halt.Reason, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The dialog says what is open, and the same command that was refused to the console is taken from a person.</summary>
    private async Task AsAPersonAsync(Release release)
    {
        var brief = await _world.Gate.Gate.BriefAsync(ActionVerb.Rollback, release.Id, Given.OnCall, default);
        Assert.Empty(brief!.Refusals);
        Assert.Contains("The console does not roll back by itself here; you decide.", brief.WhatStays, StringComparison.Ordinal);
        Assert.DoesNotContain("changed no database structure", brief.WhatStays, StringComparison.Ordinal);

        var answer = await _world.Gate.Gate.RequestAsync(new RollbackCommand(release.Id, "errors over 1 %", brief.SeenVersion, release.Service), Given.OnCall, default);
        Assert.IsType<GateAnswer.Accepted>(answer);
        await _world.UntilAsync(() => _world.Phase(release) == ReleasePhase.RolledBack, 60);
    }

    private void Submit(Release release, string sql)
    {
        var read = new EvidenceReader(new EvidenceMigrations()).Read(EvidenceKind.Migration, Encoding.UTF8.GetBytes(sql), new EvidenceTerms { ArtifactDigest = release.Artifact.Digest });
        Put(release, EvidenceDetail.Of(read).Write(), read.Outcome);
    }

    private void Put(Release release, string detail, EvidenceOutcome outcome) => _world.Gate.Gates.Put(new EvidenceItem
    {
        Id = Guid.NewGuid(), ReleaseId = release.Id, Kind = "migration", Stage = "migration", Source = "ci", Outcome = outcome, Blocking = false, Summary = "a migration",
        DetailJson = detail, ContentDigest = "m", ReceivedAt = _world.Time.GetUtcNow(), ReceivedBy = "pipeline",
    });
}
