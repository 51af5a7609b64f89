using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Rollouts;

/// <summary>Asks the gate for what the rule decided, and remembers when it may be asked again. One ask at a time; what was answered may be looked up meanwhile.</summary>
/// <remarks>A stopping action that was refused, or that its target did not take, is asked for again after 1, 2, 4, 8 and then every 10 s; a promotion after 10 s, then twice as long each time, at most 5 min. While the record is away every evaluation asks for a stopping action.</remarks>
internal sealed class RolloutAsk(IActionGate gate, ReleaseBoard board, TimeProvider time)
{
    private static readonly TimeSpan LongestForStopping = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestForPromotion = TimeSpan.FromMinutes(5);

    private volatile Answered? _last;

    /// <summary>What became of the last ask. Null before the first, once the release has moved on since, and where a clock that was set back left its time in the far future.</summary>
    public AskedBefore? Last(ReleaseSnapshot release, DateTimeOffset now) => Of(release, now)?.Asked;

    /// <summary>Asks, and remembers the answer.</summary>
    public async Task RequestAsync(ActionVerb verb, string reason, ReleaseSnapshot release, CancellationToken cancellationToken)
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

        // The pause begins with the answer: it may have been a long time coming.
        var now = time.GetUtcNow();
        var before = Of(release, now) is { } last && last.Asked.Verb == verb ? last.Times : 0;
        if (answer is GateAnswer.Unavailable away)
        {
            _last = new(release.Revision, before, new(verb, verb.IsStopping() ? null : now + Pause(verb, 1), away.Sentence));
            return;
        }

        _last = new(release.Revision, before + 1, new(verb, now + Pause(verb, before + 1), answer switch
        {
            GateAnswer.Refused refused => string.Join(" ", refused.Refusals.Select(r => r.Sentence)),
            GateAnswer.NotFound none => none.Sentence,
            _ => null,
        }, before + 1));
    }

    private Answered? Of(ReleaseSnapshot release, DateTimeOffset now) =>
        _last is { } last && last.Revision == release.Revision && !(last.Asked.AgainAt - now > LongestForPromotion) ? last : null;

    private static TimeSpan Pause(ActionVerb verb, int times)
    {
        var (first, longest) = verb.IsStopping() ? (TimeSpan.FromSeconds(1), LongestForStopping) : (TimeSpan.FromSeconds(10), LongestForPromotion);
        var pause = first * Math.Pow(2, Math.Min(times - 1, 10));
        return pause < longest ? pause : longest;
    }

    /// <param name="Revision">That the release had when it was asked for.</param>
    /// <param name="Times">How often the gate answered in a row.</param>
    /// <param name="Asked">What became of it.</param>
    private sealed record Answered(int Revision, int Times, AskedBefore Asked);
}
