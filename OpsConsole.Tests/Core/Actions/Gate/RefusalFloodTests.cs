using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>What is refused does nothing; that it was tried is on record, without a flood of it, and tells who may not look nothing.</summary>
public sealed class RefusalFloodTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_flood_of_refusals_is_one_line_a_minute_that_says_how_often()
    {
        var release = _world.Release();
        for (var i = 0; i < 50; i++)
        {
            Assert.Contains("not-in-scope", GateWorld.Refused(await _world.PromoteAsync(release, Token("*:board:read"))));
        }

        Assert.Single(_world.Record.Audit);
        Assert.Single(_world.Record.Events, e => e.Kind == ReleaseEventKind.ActionRefused);

        _world.Time.Advance(RecordPace.Pause);
        _world.Measure(release);
        await _world.PromoteAsync(release, Token("*:board:read"));
        Assert.EndsWith("Of the same, 49 more were left out since 12:00:00 UTC.", _world.Record.Audit[^1].Detail, StringComparison.Ordinal);
        Assert.EndsWith("Of the same, 49 more were left out since 12:00:00 UTC.", _world.Record.Events[^1].Text, StringComparison.Ordinal);
        Assert.Equal(2, _world.Record.Audit.Count);
    }

    [Fact]
    public async Task Each_name_that_a_token_goes_by_is_on_record_up_to_the_most_of_one_caller()
    {
        var release = _world.Release();
        for (var i = 0; i < RecordPace.MostOfOne + 50; i++)
        {
            await _world.PromoteAsync(release, Token("*:board:read") with { Name = $"ci/run {i}" });
        }

        Assert.Equal(RecordPace.MostOfOne + 1, _world.Record.Audit.Count);
        Assert.Equal("ci/run 1", _world.Record.Audit[1].Actor);
    }

    [Fact]
    public async Task Refusals_in_different_environments_are_each_on_record()
    {
        var log = new RefusalLog(_world.Record, _world.Record, NullLogger<RefusalLog>.Instance);
        foreach (var environment in new[] { "production", "staging", new string('x', 500), new string('y', 500) })
        {
            for (var i = 0; i < 3; i++)
            {
                await log.RefusedAsync(new RestoreCommand("recommendations", "again") { Environment = environment }, Given.Viewer, null, [new NotPermittedRefusal(ActionVerb.Restore, Role.Viewer)], Given.Now);
            }
        }

        Assert.Equal(4, _world.Record.Audit.Count);
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_written_does_not_use_up_its_minute()
    {
        var release = _world.Release();
        _world.Record.AuditAway = true;
        await _world.PromoteAsync(release, Token("*:board:read"));
        Assert.Empty(_world.Record.Audit);

        _world.Record.AuditAway = false;
        await _world.PromoteAsync(release, Token("*:board:read"));
        await _world.PromoteAsync(release, Token("*:board:read"));

        Assert.EndsWith("Of the same, 1 more was left out since 12:00:00 UTC.", Assert.Single(_world.Record.Audit).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_what_is_done_already_is_one_line_a_minute()
    {
        var release = _world.Release();
        var halt = GateWorld.Accepted(await _world.HaltAsync(release));
        var lines = _world.Record.Audit.Count;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(halt.Id, GateWorld.Accepted(await _world.HaltAsync(release)).Id);
        }

        Assert.Equal(lines + 1, _world.Record.Audit.Count);
    }

    [Fact]
    public async Task Who_may_neither_act_nor_look_is_told_nothing_of_how_things_stand()
    {
        var release = _world.Release();
        _world.Measure(release, errors: 12);

        Assert.Equal(["not-in-scope"], GateWorld.Refused(await _world.PromoteAsync(release, Token("staging:releases:promote"))));
        Assert.DoesNotContain("verdict", _world.Record.Audit[^1].Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["not-in-scope"], GateWorld.Refused(await _world.RollbackAsync(release, Token("staging:releases:rollback"), seen: 1)));
        Assert.Equal(["not-in-scope"], GateWorld.Refused(await _world.Gate.RequestAsync(new RestoreCommand("recommendations", "again"), Token("staging:releases:promote"), default)));

        // Whoever may look is told everything, and a person may.
        Assert.Superset(new HashSet<string> { "not-in-scope", "verdict-not-pass" }, GateWorld.Refused(await _world.PromoteAsync(release, Token("staging:releases:promote *:board:read"))).ToHashSet());
        Assert.Superset(new HashSet<string> { "not-permitted", "verdict-not-pass" }, GateWorld.Refused(await _world.PromoteAsync(release, Given.Viewer)).ToHashSet());
    }

    private static Operator Token(string scope) => new("ci", Role.Service, IsService: true) { Token = Guid.NewGuid(), Scope = AccessScope.Parse(scope) };
}
