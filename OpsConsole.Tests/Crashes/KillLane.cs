using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>One console after the other on one database and one target: each is killed, and the next one is held to what must be true after any crash.</summary>
internal sealed class KillLane(TestDatabase database, CountedTarget target, KillingRelay relay, KillPlan plan, string dataFolder, Func<HostProcess> start)
{
    private const string Switch = "lanterns";

    private static readonly TimeSpan DeathLimit = TimeSpan.FromMinutes(1);

    private readonly HashSet<Guid> _accepted = [];
    private readonly List<Guid> _releases = [];
    private Guid? _last;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.Switches.AddAsync(new KillSwitch { Key = Switch, Owner = "commerce", TurnsOff = "lanterns", ChangedAt = TimeProvider.System.GetUtcNow() }, cancellationToken);
        while (!cancellationToken.IsCancellationRequested && plan.Take())
        {
            await KillAsync();
        }

        await using var last = start();
        await SettleAsync(last);
        await CheckAsync();
    }

    /// <summary>One console: killed while it finds what the last one left behind, or else while it acts.</summary>
    private async Task KillAsync()
    {
        var left = (await database.Actions.ListInFlightAsync(default)).SingleOrDefault();
        var point = left is null ? null : plan.NextAdopting(left.Verb);
        await using var host = start();
        Arm(point ?? new(KillPlace.Idle), host);
        var settled = await SettleAsync(host);
        var (sent, fired) = Disarm();
        if (fired)
        {
            await host.Ended.WaitAsync(DeathLimit);
            plan.Hit(new(left!.Verb, true), point!.Value);
            return;
        }

        Assert.True(settled, $"The console ended by itself:\n{host.Output}");
        if (left is null)
        {
            plan.Started(sent);
        }
        else
        {
            plan.Ended(new(left.Verb, true), sent);
        }

        await CheckAsync();
        await ActAsync(host);
    }

    private async Task ActAsync(HostProcess host)
    {
        var (verb, point) = plan.NextActing();
        var subject = await PreparedAsync(host, verb);
        await host.TellAsync($"ask {verb} {subject}");
        Assert.True(await host.NextAsync() == "ready", $"{verb} was not let through:\n{host.Output}");
        Arm(point, host);
        var ended = await GoAsync(host);
        var (sent, fired) = Disarm();
        if (fired)
        {
            await host.Ended.WaitAsync(DeathLimit);
            plan.Hit(new(verb, false), point);
            return;
        }

        Assert.True(ended, $"The console ended by itself:\n{host.Output}");
        plan.Ended(new(verb, false), sent);
        await host.KillAsync();
        plan.Idle();
    }

    private void Arm(KillPoint point, HostProcess host)
    {
        relay.Arm(point, host.KillAsync);
        if (!point.IsAtDatabase && point.Place != KillPlace.Idle)
        {
            target.Arm(point.Place, host.KillAsync);
        }
    }

    private (IReadOnlyList<DatabaseStep> Sent, bool Fired) Disarm()
    {
        var (sent, fired) = relay.Disarm();
        return (sent, target.Disarm() || fired);
    }

    /// <summary>Has what is ready asked, and waits until it is settled. False when the console was killed before.</summary>
    private async Task<bool> GoAsync(HostProcess host)
    {
        await host.TellAsync("go");
        var answer = await host.NextAsync();
        if (answer?.Split(' ') is ["accepted", var id])
        {
            _accepted.Add((_last = Guid.Parse(id)).Value);
        }
        else
        {
            // A record that is slow for a moment says neither: the action is on record or it is not.
            Assert.True(answer is null || answer.StartsWith("unavailable", StringComparison.Ordinal), answer);
        }

        return answer is not null && await SettledAsync(host);
    }

    /// <summary>Brings the release or the switch to where the verb is possible. Returns what to ask it of.</summary>
    private async Task<string> PreparedAsync(HostProcess host, ActionVerb verb)
    {
        if (verb is ActionVerb.Kill or ActionVerb.Restore)
        {
            var killed = (await database.Switches.FindAsync(Switch, default))!.Killed;
            if (killed == (verb == ActionVerb.Kill))
            {
                await LetThroughAsync(host, killed ? ActionVerb.Restore : ActionVerb.Kill, Switch);
            }

            return Switch;
        }

        while (true)
        {
            var release = await ReleaseAsync(host);
            if (Before(verb, release) is not { } first)
            {
                return $"{release.Id}";
            }

            await LetThroughAsync(host, first, $"{release.Id}");
        }
    }

    /// <summary>What must be done first; null when the verb is possible.</summary>
    private static ActionVerb? Before(ActionVerb verb, Release release) => (verb, release.Phase == ReleasePhase.Halted) switch
    {
        (ActionVerb.Rollback, _) when release.StageIndex >= 0 => null,
        _ when release.StageIndex >= release.Stages.Count - 2 => ActionVerb.Rollback,
        (ActionVerb.Promote or ActionVerb.Halt, true) => ActionVerb.Resume,
        (ActionVerb.Promote, false) => null,
        _ when release.StageIndex < 0 => ActionVerb.Promote,
        (ActionVerb.Resume, false) => ActionVerb.Halt,
        _ => null,
    };

    private async Task LetThroughAsync(HostProcess host, ActionVerb verb, string subject)
    {
        await host.TellAsync($"ask {verb} {subject}");
        Assert.True(await host.NextAsync() == "ready" && await GoAsync(host), $"{verb} was not done:\n{host.Output}");
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

    /// <summary>Waits until the console is up and nothing is under way. False when it was killed before.</summary>
    private async Task<bool> SettleAsync(HostProcess host) => await host.NextAsync() == "up" && await SettledAsync(host);

    private async Task<bool> SettledAsync(HostProcess host)
    {
        await Eventually.TrueAsync(
            async () => host.HasExited || ((await database.Actions.ListInFlightAsync(default)).Count == 0 && await IsRecordedAsync()),
            TimeSpan.FromMinutes(3),
            () => $"An action was not settled:\n{host.Output}");
        return !host.HasExited;
    }

    /// <summary>A kill that was taken while the record was slow waits in the journal until it is on record.</summary>
    private async Task<bool> IsRecordedAsync()
    {
        var journal = new FileInfo(Path.Combine(dataFolder, "journal", "kills.journal"));
        return (!journal.Exists || journal.Length == 0) && (_last is not { } last || await database.Actions.FindAsync(last, default) is not null);
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
