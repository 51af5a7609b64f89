using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>A service token is held to its scope by the gate itself, whatever let it in.</summary>
public sealed class ScopeAtTheGateTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public async Task A_token_of_another_environment_is_refused_in_words_and_on_record()
    {
        var release = _world.Release();

        var refused = Assert.IsType<GateAnswer.Refused>(await _world.PromoteAsync(release, Token("staging:releases:promote")));

        var refusal = Assert.IsType<NotInScopeRefusal>(Assert.Single(refused.Refusals));
        Assert.Equal("This token may promote in staging only, and not in production: production:releases:promote is not in its scope; ask for a token that holds it.", refusal.Sentence);
        var line = Assert.Single(_world.Record.Audit);
        Assert.Equal(("ci", "Service", "promote", "refused"), (line.Actor, line.Role, line.Event, line.Outcome));
    }

    [Fact]
    public async Task A_token_that_builds_moves_and_stops_nothing()
    {
        var release = _world.Release();
        var by = Token("*:releases:register *:evidence:submit");

        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.PromoteAsync(release, by)));
        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.HaltAsync(release, by)));
        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.RollbackAsync(release, by)));
        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.Gate.RequestAsync(new KillCommand("recommendations", "too slow"), by, default)));
    }

    [Fact]
    public async Task A_token_does_in_its_environment_what_its_scope_holds()
    {
        var release = _world.Release();

        var action = GateWorld.Accepted(await _world.HaltAsync(release, Token("production:releases:halt")));

        Assert.Equal(("ci", "Service"), (action.RequestedBy, action.Role));
    }

    [Fact]
    public async Task A_kill_everywhere_needs_every_environment()
    {
        var by = Token("production:switches:kill");

        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.Gate.RequestAsync(new KillCommand("recommendations", "too slow"), by, default)));
        Assert.IsType<GateAnswer.Accepted>(await _world.Gate.RequestAsync(new KillCommand("recommendations", "too slow") { Environment = "production" }, by, default));
    }

    [Fact]
    public async Task While_the_record_is_away_a_kill_is_held_to_the_scope_too()
    {
        _world.Record.Away = true;

        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.Gate.RequestAsync(new KillCommand("recommendations", "too slow"), Token("*:releases:halt"), default)));
    }

    [Fact]
    public async Task A_second_halt_tells_nothing_to_a_token_that_may_not_halt()
    {
        var release = _world.Release();
        GateWorld.Accepted(await _world.HaltAsync(release));

        Assert.Contains("not-in-scope", GateWorld.Refused(await _world.HaltAsync(release, Token("staging:releases:halt"))));
    }

    private static Operator Token(string scope) => new("ci", Role.Service, IsService: true) { Token = Guid.NewGuid(), Scope = AccessScope.Parse(scope) };
}
