using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>One console after the other on one database and one target: each is killed, and the next one is held to what must be true after any crash.</summary>
internal sealed class KillLane(TestDatabase database, CountedTarget target, KillingRelay relay, KillPlan plan, string dataFolder)
{
    private const string Switch = "lanterns";

    private readonly HashSet<Guid> _accepted = [];
    private readonly List<Guid> _releases = [];
    private bool _left;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.Switches.AddAsync(new KillSwitch { Key = Switch, Owner = "commerce", TurnsOff = "lanterns", ChangedAt = TimeProvider.System.GetUtcNow() }, cancellationToken);
        while (!cancellationToken.IsCancellationRequested && plan.Take() is { } number)
        {
            if (_left && number % 3 == 0)
            {
                await KillWhileAdoptingAsync();
            }
            else
            {
                await KillWhileActingAsync();
            }
        }

        await using var last = HostProcess.Start(relay.ConnectionString, target.Address, dataFolder);
        await SettleAsync(last);
        await CheckAsync();
    }

    /// <summary>The console that finds an action left behind is killed at one of its messages, from its first.</summary>
    private async Task KillWhileAdoptingAsync()
    {
        await using var host = HostProcess.Start(relay.ConnectionString, target.Address, dataFolder);
        var point = plan.NextAdoption();
        relay.Arm(point.Message, answered: point.Message % 2 == 0, host.KillAsync);
        await SettleAsync(host);
        relay.Disarm();
        await host.KillAsync();
        plan.Made(null, point.Place);
        _left = true;
    }

    private async Task KillWhileActingAsync()
    {
        await using var host = HostProcess.Start(relay.ConnectionString, target.Address, dataFolder);
        Assert.True(await SettleAsync(host), $"The console ended by itself:\n{host.Output}");
        await CheckAsync();

        var release = await ReleaseAsync(host);
        if (release.StageIndex < 0 && plan.Least([ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Rollback]) != ActionVerb.Promote)
        {
            // One that nobody has can only be promoted: let through once, so that the other verbs have their turn.
            release = await PromotedAsync(host, release);
        }

        var value = (await database.Switches.FindAsync(Switch, default))!;
        var verb = plan.Least([.. Possible(release), value.Killed ? ActionVerb.Restore : ActionVerb.Kill]);
        await host.TellAsync($"ask {verb} {(verb is ActionVerb.Kill or ActionVerb.Restore ? Switch : release.Id)}");
        Assert.True(await host.NextAsync() == "ready", $"{verb} was not let through:\n{host.Output}");

        var point = plan.Next(verb);
        if (point.Place is KillPlace.BeforeDatabase or KillPlace.AfterDatabase)
        {
            relay.Arm(point.Message, point.Place == KillPlace.AfterDatabase, host.KillAsync);
        }
        else
        {
            target.Arm(point.Place, host.KillAsync);
        }

        await host.TellAsync("go");
        var answer = await host.NextAsync();
        if (answer?.Split(' ') is ["accepted", var id])
        {
            _accepted.Add(Guid.Parse(id));
        }
        else
        {
            // A record that is slow for a moment says neither: the action is on record or it is not.
            Assert.True(answer is null || answer.StartsWith("unavailable", StringComparison.Ordinal), answer);
        }

        var ended = answer is not null && await SettledAsync(host);
        var messages = relay.Disarm();
        target.Disarm();
        if (ended && point.Message > 0)
        {
            plan.Ended(verb, messages);
        }

        await host.KillAsync();
        plan.Made(verb, ended ? KillPlace.Idle : point.Place);
        _left = (await database.Actions.ListInFlightAsync(default)).Count > 0;
    }

    private async Task<Release> PromotedAsync(HostProcess host, Release release)
    {
        await host.TellAsync($"ask {ActionVerb.Promote} {release.Id}");
        Assert.Equal("ready", await host.NextAsync());
        await host.TellAsync("go");
        Assert.Matches("^(accepted|unavailable)", await host.NextAsync());
        Assert.True(await SettledAsync(host), host.Output);
        return (await database.Releases.FindAsync(release.Id, default))!;
    }

    /// <summary>What is live, or a new release where nothing is.</summary>
    private async Task<Release> ReleaseAsync(HostProcess host)
    {
        if (_releases is [.., var last] && await database.Releases.FindAsync(last, default) is { } release && release.Phase.IsLive())
        {
            return release;
        }

        await host.TellAsync($"register 2.{_releases.Count}.0");
        var said = await host.NextAsync();
        var id = Assert.IsType<string>(said).Split(' ') is ["registered", var text] ? Guid.Parse(text) : throw new InvalidOperationException($"{said}\n{host.Output}");
        _releases.Add(id);
        return (await database.Releases.FindAsync(id, default))!;
    }

    private static IEnumerable<ActionVerb> Possible(Release release) => release.Phase switch
    {
        ReleasePhase.Halted => [ActionVerb.Resume, ActionVerb.Rollback],
        _ when release.StageIndex < 0 => [ActionVerb.Promote],
        _ when release.StageIndex >= release.Stages.Count - 2 => [ActionVerb.Rollback],
        _ => [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Rollback],
    };

    /// <summary>Waits until the console is up and nothing is under way. False when it was killed before.</summary>
    private async Task<bool> SettleAsync(HostProcess host) => await host.NextAsync() == "up" && await SettledAsync(host);

    private async Task<bool> SettledAsync(HostProcess host)
    {
        await Eventually.TrueAsync(
            async () => host.HasExited || (await database.Actions.ListInFlightAsync(default)).Count == 0,
            TimeSpan.FromMinutes(3),
            () => $"An action was not settled:\n{host.Output}");
        return !host.HasExited;
    }

    /// <summary>What must be true whenever nothing is under way, however many consoles were killed before.</summary>
    private async Task CheckAsync()
    {
        var all = (await database.Actions.ForSwitchAsync(Switch, 10_000, default)).ToList();
        foreach (var id in _releases)
        {
            all.AddRange(await database.Actions.ForReleaseAsync(id, default));
        }

        // Nothing that was answered is lost, and the target was asked for nothing that is not on record.
        var recorded = all.ToDictionary(a => a.Id);
        Assert.All(_accepted, id => Assert.Contains(id, recorded.Keys));
        Assert.All(target.Asked.Keys, id => Assert.Contains(id, recorded.Keys));
        Assert.All(all, a => Assert.True(a.Phase is ActionPhase.Confirmed or ActionPhase.Failed or ActionPhase.PreEmpted, $"{a.Verb} is {a.Phase}"));
        Assert.All(all, a => Assert.NotNull(a.Outcome));

        // Nothing happened twice: what grows is asked for once, and whatever is asked for changes something once.
        Assert.All(target.Asked, a => Assert.True(a.Value == 1 || recorded[a.Key].Verb.IsStopping(), $"{recorded[a.Key].Verb} was asked for {a.Value} times"));
        Assert.All(target.Effects, e => Assert.True(e.Value == 1, $"{recorded[e.Key].Verb} took effect {e.Value} times"));
        var value = (await database.Switches.FindAsync(Switch, default))!;
        Assert.Equal(all.Count(a => a.SwitchKey is not null), value.Revision);

        // What took effect is recorded as confirmed, and nothing else is.
        Assert.All(target.Effects.Keys, id => Assert.True(recorded[id].Phase == ActionPhase.Confirmed, $"{recorded[id].Verb} took effect and is on record as {recorded[id].Phase}: {recorded[id].Outcome}"));
        if (_releases is [.., var last] && await database.Releases.FindAsync(last, default) is { } release)
        {
            var shown = target.Current.Version == release.Version ? target.Current : target.Current with { ExposurePercent = 0, Halted = false };
            Assert.Equal((shown.ExposurePercent, shown.Halted && release.Phase.IsLive()), (release.ExposurePercent, release.Phase == ReleasePhase.Halted));
        }

        await CheckAuditAsync();
    }

    /// <summary>Every action has its line of intent and one of its end, each once, and the chain over them holds.</summary>
    private async Task CheckAuditAsync()
    {
        Assert.Empty(await database.QueryAsync("SELECT action_id || ' ' || outcome || ' ' || count(*) FROM audit WHERE action_id IS NOT NULL AND outcome <> 'unconfirmed' GROUP BY action_id, outcome HAVING count(*) > 1"));
        Assert.Empty(await database.QueryAsync("SELECT id FROM actions a WHERE NOT EXISTS (SELECT 1 FROM audit WHERE action_id = a.id AND outcome = 'intent')"));
        Assert.Empty(await database.QueryAsync("SELECT id FROM actions a WHERE (SELECT count(*) FROM audit WHERE action_id = a.id AND outcome IN ('confirmed', 'failed', 'pre-empted')) <> 1"));
        using var verifier = new AuditVerifier(database.Chain, new InMemoryChain(), TimeProvider.System);
        var report = await verifier.VerifyAsync(default);
        Assert.True(report.Intact, string.Join(" ", report.Faults.Select(f => f.Sentence)));
    }
}
