using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Web.Components.Board;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Actions;

/// <summary>How far a dialog has come.</summary>
public enum FlowStep
{
    Closed,

    /// <summary>Asking the gate what would happen.</summary>
    Briefing,

    /// <summary>Waiting for the person.</summary>
    Ready,

    /// <summary>Handed to the gate, not answered yet. A second press does nothing.</summary>
    Sending,

    /// <summary>Let through; waiting for what the target confirms.</summary>
    Following,

    /// <summary>It is known how it ended.</summary>
    Ended,
}

/// <summary>One action from the opened dialog to what the target confirmed. Holds no widget, so that its rules are tested without one.</summary>
public sealed class ActionFlow(IActionGate gate, IActionStore actions, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FollowEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Raised when anything that is shown has changed.</summary>
    public event Action? Changed;

    public FlowStep Step { get; private set; }

    public ActionAsk? Ask { get; private set; }

    public ActionBriefing? Briefing { get; private set; }

    public string Reason { get; set; } = "";

    public string Confirmation { get; set; } = "";

    /// <summary>What the gate answered when it said no, one sentence each.</summary>
    public IReadOnlyList<string> Refused { get; private set; } = [];

    /// <summary>Set when what the decision rests on has changed since the dialog opened.</summary>
    public string? Moved { get; private set; }

    /// <summary>What went wrong in the console itself.</summary>
    public string? Problem { get; private set; }

    public ReleaseAction? Action { get; private set; }

    /// <summary>The next thing the person has to do before the button works, or null when it does.</summary>
    public string? Lacks => this switch
    {
        { Step: not FlowStep.Ready } => "",
        { Briefing: null } => "The console does not know what this would do.",
        { Briefing.Refusals.Count: > 0 } => "Not possible now, for the reasons above.",
        { Reason: var reason } when reason.Trim().Length < ActionCommand.MinReasonLength => "Say why, in a few words.",
        { Reason: var reason } when reason.Trim().Length > ActionCommand.MaxReasonLength => $"Keep the reason under {ActionCommand.MaxReasonLength} characters.",
        { Briefing.TypeToConfirm: { } word } when Confirmation.Trim() != word => $"Type {word} to confirm.",
        _ => null,
    };

    /// <summary>Opens for an ask and fetches its briefing.</summary>
    public async Task OpenAsync(ActionAsk ask, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (Step == FlowStep.Sending)
        {
            return;
        }

        Ask = ask = Allowed(ask, by);
        (Reason, Confirmation, Refused, Moved, Problem, Briefing, Action) = ("", "", [], null, null, null, null);
        Step = FlowStep.Briefing;
        Changed?.Invoke();
        await BriefAsync(by, cancellationToken);
    }

    /// <summary>A kill is everywhere unless the person narrows it down. Who may not kill everywhere begins where they may: whoever has to stop something does not look for the way first.</summary>
    private static ActionAsk Allowed(ActionAsk ask, Operator by) =>
        ask is { Verb: ActionVerb.Kill, Environment: null } && !by.In(null).May(Permission.SwitchesKill) && ask.Places.FirstOrDefault(p => by.In(p).May(Permission.SwitchesKill)) is { } place
            ? ask with { Environment = place }
            : ask;

    /// <summary>Nothing more is shown; an action that was let through goes on and is still followed.</summary>
    public void Close()
    {
        Step = FlowStep.Closed;
        Changed?.Invoke();
    }

    /// <summary>Looks whether the decision still rests on what was shown, and takes a new briefing when it does not.</summary>
    public async Task LookAgainAsync(ReleaseSnapshot? release, Operator by, CancellationToken cancellationToken)
    {
        if (Step != FlowStep.Ready || release is null || Ask is not { SeenVersion: { } seen } ask || ask.ReleaseId != release.Id || release.DecisionVersion <= seen)
        {
            return;
        }

        Moved = $"This release has changed since you opened this: it is now {Words.Of(release.Phase)} at {Spans.Percent(release.ExposurePercent)}, verdict {Marks.Of(release).Word()}. What follows is new.";
        Ask = ask with { SeenVersion = release.SnapshotVersion };
        await BriefAsync(by, cancellationToken);
    }

    /// <summary>Limits a kill to one environment, or (null) takes the limit away, with a new briefing.</summary>
    public async Task NarrowAsync(string? environment, Operator by, CancellationToken cancellationToken)
    {
        if (Step != FlowStep.Ready || Ask is not { Verb: ActionVerb.Kill } ask || ask.Environment == environment)
        {
            return;
        }

        (Ask, Step, Refused) = (ask with { Environment = environment }, FlowStep.Briefing, []);
        Changed?.Invoke();
        await BriefAsync(by, cancellationToken);
    }

    /// <summary>Hands the command to the gate and follows the action until it is known how it ended. Does nothing while one is on its way.</summary>
    public async Task SendAsync(Operator by, CancellationToken cancellationToken)
    {
        if (Step != FlowStep.Ready || Lacks is not null || Ask is not { } ask)
        {
            return;
        }

        (Step, Refused, Problem, Moved) = (FlowStep.Sending, [], null, null);
        Changed?.Invoke();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), limit, AnswerLimit, Timeout.InfiniteTimeSpan);
            var confirmation = Briefing?.TypeToConfirm is null ? null : Confirmation.Trim();
            Take(await gate.RequestAsync(ask.ToCommand(Reason.Trim(), confirmation), by, limit.Token));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Step = FlowStep.Ready;
            Problem = e is OperationCanceledException
                ? $"The gate did not answer within {Spans.Age(AnswerLimit)}. Whether the request was taken is not known: look at the release before asking again."
                : $"The request could not be handed to the gate ({e.Message}). Look at the release before asking again.";
        }

        Changed?.Invoke();
        if (Step == FlowStep.Following)
        {
            await FollowAsync(cancellationToken);
        }
        else if (Refused.Count > 0)
        {
            await BriefAsync(by, cancellationToken);
        }
    }

    private void Take(GateAnswer answer)
    {
        switch (answer)
        {
            case GateAnswer.Accepted accepted:
                Action = accepted.Action;
                Step = accepted.Action.Phase.IsInFlight() && !accepted.Action.Phase.IsWaiting() ? FlowStep.Following : FlowStep.Ended;
                break;
            case GateAnswer.Refused refused:
                Step = FlowStep.Ready;
                Refused = [.. refused.Refusals.Select(r => r.Sentence)];
                break;
            case GateAnswer.NotFound missing:
                Step = FlowStep.Ready;
                Problem = missing.Sentence;
                break;
            case GateAnswer.Unavailable unavailable:
                Step = FlowStep.Ready;
                Problem = unavailable.Sentence;
                break;
        }
    }

    private async Task BriefAsync(Operator by, CancellationToken cancellationToken)
    {
        if (Ask is not { } ask)
        {
            return;
        }

        try
        {
            var briefing = ask.ReleaseId is { } release
                ? await gate.BriefAsync(ask.Verb, release, by, cancellationToken)
                : await gate.BriefSwitchAsync(ask.Verb, ask.SwitchKey ?? "", ask.Environment, by, cancellationToken);
            if (Ask != ask)
            {
                return;
            }

            Briefing = briefing;
            Problem = briefing is null ? "This release or switch is not there any more." : Problem;
            if (Refused.Count > 0 && ask.ReleaseId is not null && briefing?.SeenVersion is { } version)
            {
                Ask = ask with { SeenVersion = version };
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Problem = $"What this would do could not be worked out ({e.Message}). Nothing was done.";
        }

        Step = Step == FlowStep.Closed ? FlowStep.Closed : FlowStep.Ready;
        Changed?.Invoke();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (Action is { } action && action.Phase.IsInFlight() && !action.Phase.IsWaiting() && action.Phase != ActionPhase.Unconfirmed)
        {
            await Task.Delay(FollowEvery, time, cancellationToken);
            try
            {
                var now = await actions.FindAsync(action.Id, cancellationToken);
                if (Action?.Id != action.Id)
                {
                    return;
                }

                Action = now ?? action;
                Problem = null;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                Problem = "The record cannot be read right now. The action goes on.";
            }

            Changed?.Invoke();
        }

        Step = Step == FlowStep.Following ? FlowStep.Ended : Step;
        Changed?.Invoke();
    }
}
