using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>The one way to change production. Every command passes here, whoever asks and from wherever.</summary>
public sealed class ActionGate(
    ReleaseRequests onReleases,
    SwitchRequests onSwitches,
    KillWhileAway away,
    Briefings briefings,
    RefusalLog refusals,
    IOperatorRoles roles,
    ITargetRegistry targets,
    TimeProvider time,
    GateClosing? closing = null,
    ILogger<ActionGate>? log = null) : IActionGate
{
    /// <summary>How often a command is judged anew when others keep changing what it is about.</summary>
    internal const int MaxAttempts = 5;

    /// <summary>How long a kill waits for what it reads of the record.</summary>
    internal static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long a restore waits for what it reads of the record, its turn after kills that are being written there included.</summary>
    internal static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(5);

    public async Task<GateAnswer> RequestAsync(ActionCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        using var span = ActionTelemetry.Begin(command, by);
        using var scope = log?.Scope(command, by);
        var answer = await AnswerAsync(command, by, cancellationToken).ConfigureAwait(false);
        ActionTelemetry.Answered(span, command, answer);
        return answer;
    }

    private async Task<GateAnswer> AnswerAsync(ActionCommand command, Operator by, CancellationToken cancellationToken)
    {
        if (closing is { IsClosed: true } && !command.Verb.IsStopping())
        {
            return new GateAnswer.Unavailable(GateClosing.Sentence);
        }

        Operator? known = null;

        // A kill does not wait long for a record that hangs: it is taken without it. A restore is refused without it.
        using var limit = new CancellationTokenSource(command switch { KillCommand => KillLimit, SwitchCommand => RestoreLimit, _ => Timeout.InfiniteTimeSpan }, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await roles.NowAsync(by, cancellationToken).ConfigureAwait(false) is not { } held)
            {
                return await RefuseAsync(command, by, new NotPermittedRefusal(command.Verb, null)).ConfigureAwait(false);
            }

            known = held;
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var answer = command switch
                {
                    ReleaseCommand release => await onReleases.TryAsync(release, held, cancellationToken).ConfigureAwait(false),
                    SwitchCommand value => await onSwitches.TryAsync(value, held.In(value.Environment), both.Token).ConfigureAwait(false),
                    _ => throw new ArgumentException($"The gate has no rule for {command.GetType().Name}.", nameof(command)),
                };
                if (answer is not null)
                {
                    return answer;
                }
            }

            return await RefuseAsync(command, by, new ContendedRefusal()).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RecordUnavailableException || (e is OperationCanceledException && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            return command is KillCommand kill && known is not null
                ? await away.TakeAsync(kill, known.In(kill.Environment)).ConfigureAwait(false)
                : new GateAnswer.Unavailable($"The record cannot be written now, so nothing was done. {Meanwhile(command.Verb)}");
        }
    }

    public IReadOnlyList<Refusal> Preview(ActionVerb verb, ReleaseSnapshot release, Operator by)
    {
        ArgumentNullException.ThrowIfNull(release);
        return ActionRules.Judge(verb, Briefings.Preview(release, by, targets, time));
    }

    public Task<ActionBriefing?> BriefAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken) =>
        briefings.ReleaseAsync(verb, releaseId, by, cancellationToken);

    public Task<ActionBriefing?> BriefSwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken) =>
        briefings.SwitchAsync(verb, switchKey, environment, by, cancellationToken);

    public IReadOnlyList<GateResult> Gates(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var now = time.GetUtcNow();
        return [.. PromotionGates.Judge(ReleaseState.From(release), release, now), .. StandingGates.Shown(release, now)];
    }

    private static string Meanwhile(ActionVerb verb) => verb switch
    {
        ActionVerb.Restore => "A kill is taken all the same, a restore is not: without the record nobody can tell what else was killed. The console reconnects by itself: ask again in a minute.",
        _ when verb.IsStopping() => "The console reconnects by itself: ask again in a few seconds. If it cannot wait, act on the target itself and note it here afterwards.",
        _ => "The console reconnects by itself: ask again in a minute.",
    };

    private async Task<GateAnswer> RefuseAsync(ActionCommand command, Operator by, Refusal refusal)
    {
        await refusals.RefusedAsync(command, by, null, [refusal], time.GetUtcNow()).ConfigureAwait(false);
        return new GateAnswer.Refused([refusal]);
    }
}
