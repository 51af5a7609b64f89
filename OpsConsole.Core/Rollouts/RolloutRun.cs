using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>The engine's work on one release: looks, decides by the rule, shows, asks the gate and saves.</summary>
/// <remarks>
/// Looking, deciding and showing are done in memory, by one evaluation at a time, and wait for nothing. What follows goes one of two ways, each with one piece of work at a time and with what it alone changes:
/// a stopping action is asked for within the evaluation that decided it, whatever else is still under way, because stopping waits for nothing; the gate answers a second one with the first.
/// Everything else is saved, and a promotion asked for only after its step was saved against the revision that it was read at, so that of two consoles one asks, and only if the newest decision is still to promote.
/// </remarks>
internal sealed class RolloutRun(RolloutPorts ports, Release release, ReleasePolicy policy, RolloutState state, bool isStored)
{
    private readonly RolloutClocks _clocks = new(policy, RolloutMemory.FromJson(state.MemoryJson));
    private readonly Resumptions _resumptions = new(state);
    private readonly RolloutGates _gates = new(ports, release);
    private readonly RolloutScreen _screen = new(ports.Board, release, policy);
    private readonly StoppingLane _stopping = new(new RolloutAsk(ports.Gate, ports.Board, ports.Time));
    private readonly RolloutAsk _promotion = new(ports.Gate, ports.Board, ports.Time);
    private readonly RolloutRecord _record = new(ports.Rollouts, state, isStored);
    private RolloutPosition _position = RolloutPosition.Of(state);
    private volatile RolloutDecision? _newest;

    /// <summary>Looks, decides and shows. For one caller at a time; in memory alone.</summary>
    public RolloutTurn Evaluate(ReleaseSnapshot shown, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_record.TakeTheirs() is { } theirs)
        {
            _position = theirs.Position;
            _resumptions.TakeOver(theirs.Seen);
        }

        var look = _resumptions.Mark(_clocks.Look(shown, ports.BurnRates, now));
        if (shown.Phase.IsLive())
        {
            _gates.Refresh(look, cancellationToken);
        }

        var decision = RolloutRule.Next(Facts(look));
        _newest = decision;
        _position = _position.Next(decision, shown, now);
        _screen.Show(_position, look, _gates);
        return new(look, decision, _position);
    }

    /// <summary>Asks for the stopping action that a turn decided on. Null: it decided on none.</summary>
    public Task? Stop(RolloutTurn turn, CancellationToken cancellationToken) => _stopping.Begin(turn, cancellationToken);

    /// <summary>Saves where a turn led, and asks for the promotion that it decided on. For one turn at a time. True once the release has ended and that is on record.</summary>
    public async Task<bool> FollowAsync(RolloutTurn turn, CancellationToken cancellationToken)
    {
        var promotes = turn.Decision.Ask == ActionVerb.Promote && GateSees(turn.Look);
        var saved = await _record.SaveAsync(turn, promotes, cancellationToken).ConfigureAwait(false);
        if (saved && promotes && _newest?.Ask == ActionVerb.Promote)
        {
            await _promotion.RequestAsync(ActionVerb.Promote, turn.Decision.Because!, turn.Look.Release, cancellationToken).ConfigureAwait(false);
        }

        return saved && turn.Decision.Step == RolloutStep.Done;
    }

    /// <summary>True once the board shows the gate what this look found. Before, it would refuse on what stood a moment ago; it is asked with the next look then.</summary>
    private bool GateSees(RolloutLook look) =>
        ports.Board.Find(release.Id) is { } shown && StandingGates.Judge(shown.StageIndex, shown.StageEnteredAt, shown, look.Now).All(g => g.Verdict == Verdict.Pass);

    private RolloutFacts Facts(RolloutLook look)
    {
        var shown = look.Release;
        return new()
        {
            Step = _position.Step,
            Reason = _position.Reason,
            Release = shown,
            Delivery = policy.Delivery,
            PolicyTitle = release.Policy!.Title,
            Triggers = [.. look.Triggers.Select(t => new TriggerReport(t.Standing, t.IsFiring, t.Standing.Seen is not null, t.Evidence))],
            Checks = look.Checks,
            Gates = [.. PromotionGates.Judge(ReleaseState.From(shown), shown, look.Now), .. _gates.Results(look).Where(g => !StandingGates.Includes(g.Name))],
            NoWayBack = WayBack.WhyNone(shown, ports.Targets.Find(shown.Target, shown.Environment)?.Capabilities, _gates.Migration(policy), look.Now),
            Stopping = _stopping.Asking,
            Stopped = _stopping.Last(shown, look.Now),
            Promoted = _promotion.Last(shown, look.Now),
            Now = look.Now,
        };
    }
}
