using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Rollouts;

/// <summary>Asks the gate for what the rule decided, and remembers when it may be asked again.</summary>
/// <remarks>A stopping action that was refused, or that its target did not take, is asked for again after 1, 2, 4, 8 and then every 10 s; a promotion after 10 s, then twice as long each time, at most 5 min. While the record is away every evaluation asks for a stopping action.</remarks>
internal sealed class RolloutAsk(IActionGate gate, ReleaseBoard board)
{
    private static readonly TimeSpan LongestForStopping = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestForPromotion = TimeSpan.FromMinutes(5);

    private int _revision;
    private int _times;

    /// <summary>What became of the last ask.</summary>
    public AskedBefore? Last { get; private set; }

    /// <summary>Forgets what was said of a release that has moved on since, and a time that a clock which was set back left in the far future.</summary>
    public void Forget(ReleaseSnapshot release, DateTimeOffset now)
    {
        if (release.Revision != _revision || Last?.AgainAt - now > LongestForPromotion)
        {
            (_revision, _times, Last) = (release.Revision, 0, null);
        }
    }

    /// <summary>Asks. Returns the action that was accepted, and whether the record could be reached at all.</summary>
    public async Task<(Guid? Action, bool Reached)> RequestAsync(ActionVerb verb, string reason, ReleaseSnapshot release, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The newest look, so that a step shown a moment ago does not make this one old.
        var seen = (board.Find(release.Id) is { } newest && newest.Revision == release.Revision ? newest : release).SnapshotVersion;
        ReleaseCommand command = verb switch
        {
            ActionVerb.Promote => new PromoteCommand(release.Id, reason, seen, release.Service),
            ActionVerb.Rollback => new RollbackCommand(release.Id, reason, seen, release.Service),
            ActionVerb.Halt => new HaltCommand(release.Id, reason, null, null),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "The engine does not ask for this."),
        };
        var answer = await gate.RequestAsync(command, RolloutEngine.Console, cancellationToken).ConfigureAwait(false);
        if (answer is GateAnswer.Unavailable away)
        {
            Last = new(verb, verb.IsStopping() ? null : now + Pause(verb, 1), away.Sentence);
            return (null, false);
        }

        _times = Last?.Verb == verb ? _times + 1 : 1;
        Last = new(verb, now + Pause(verb, _times), answer switch
        {
            GateAnswer.Refused refused => string.Join(" ", refused.Refusals.Select(r => r.Sentence)),
            GateAnswer.NotFound none => none.Sentence,
            _ => null,
        }, _times);
        return ((answer as GateAnswer.Accepted)?.Action.Id, true);
    }

    private static TimeSpan Pause(ActionVerb verb, int times)
    {
        var (first, longest) = verb.IsStopping() ? (TimeSpan.FromSeconds(1), LongestForStopping) : (TimeSpan.FromSeconds(10), LongestForPromotion);
        var pause = first * Math.Pow(2, Math.Min(times - 1, 10));
        return pause < longest ? pause : longest;
    }
}
