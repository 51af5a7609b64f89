using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What the gate and the executor tell of themselves: spans, counts, and what every log line about an action carries.</summary>
internal static class ActionTelemetry
{
    private static readonly Meter Meter = new(BoardMetrics.MeterName);

    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("opsconsole.gate.answers", "{answer}", "Commands that the gate answered, by verb and answer.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("opsconsole.gate.refusals", "{refusal}", "Reasons for which the gate refused commands, by verb and code.");

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>("opsconsole.actions", "{action}", "Actions by verb, target and how they ended or stand.");

    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("opsconsole.action.duration", "s", "Time from carrying an action out to seeing it on its target.");

    /// <summary>Begins the span of a command.</summary>
    public static Activity? Begin(ActionCommand command, Operator by)
    {
        var span = ConsoleTrace.Begin($"gate {command.Verb.Code()}");
        span?.SetTag("opsconsole.action.verb", command.Verb.Code());
        span?.SetTag("user.name", by.Name);
        span?.SetTag("opsconsole.release.id", (command as ReleaseCommand)?.ReleaseId);
        span?.SetTag("feature_flag.key", (command as SwitchCommand)?.SwitchKey);
        return span;
    }

    /// <summary>Begins the span of an action that is carried out or adopted. Nobody waits for it, so its log lines need a trace id of their own.</summary>
    public static Activity Begin(ReleaseAction action)
    {
        var span = ConsoleTrace.BeginRun($"action {action.Verb.Code()}");
        span.SetTag("opsconsole.action.id", action.Id);
        span.SetTag("opsconsole.action.verb", action.Verb.Code());
        span.SetTag("opsconsole.release.id", action.ReleaseId);
        span.SetTag("opsconsole.target", action.Target);
        span.SetTag("feature_flag.key", action.SwitchKey);
        span.SetTag("service.name", action.Service);
        span.SetTag("service.version", action.Version);
        span.SetTag("deployment.environment.name", action.Environment);
        return span;
    }

    /// <summary>Counts what the gate said, and tells its span.</summary>
    public static void Answered(Activity? span, ActionCommand command, GateAnswer answer)
    {
        var said = answer switch
        {
            GateAnswer.Accepted => "accepted",
            GateAnswer.Refused => "refused",
            GateAnswer.NotFound => "not_found",
            _ => "unavailable",
        };
        Answers.Add(1, Verb(command.Verb), new("answer", said));
        span?.SetTag("opsconsole.gate.answer", said);
        span?.SetTag("opsconsole.action.id", (answer as GateAnswer.Accepted)?.Action.Id);
        foreach (var refusal in (answer as GateAnswer.Refused)?.Refusals ?? [])
        {
            Refusals.Add(1, Verb(command.Verb), new("code", refusal.Code));
        }

        if (answer is GateAnswer.Unavailable unavailable)
        {
            span.Fail(said, unavailable.Sentence);
        }
    }

    /// <summary>Counts how an action ended or stands, and tells the span it is carried out in.</summary>
    public static void Ended(ReleaseAction action, string outcome)
    {
        KeyValuePair<string, object?> target = new("target", action.Target ?? "switches");
        Ends.Add(1, Verb(action.Verb), target, new("outcome", outcome));
        if (action.TimeToConfirmed is { } took)
        {
            Durations.Record(took.TotalSeconds, Verb(action.Verb), target);
        }

        Activity.Current?.SetTag("opsconsole.action.outcome", outcome);
    }

    /// <summary>What every log line carries that is written while a command is judged.</summary>
    public static IDisposable? Scope(this ILogger log, ActionCommand command, Operator by) => log.BeginScope(
        new LogScope([new("Verb", command.Verb.Code()), new("Actor", by.Name), command is ReleaseCommand release ? new("ReleaseId", release.ReleaseId) : new("SwitchKey", (command as SwitchCommand)?.SwitchKey)]));

    /// <summary>What every log line carries that is written while an action is carried out.</summary>
    public static IDisposable? Scope(this ILogger log, ReleaseAction action) => log.BeginScope(
        new LogScope([new("Verb", action.Verb.Code()), new("Actor", action.RequestedBy), new("ActionId", action.Id), action.ReleaseId is { } release ? new("ReleaseId", release) : new("SwitchKey", action.SwitchKey)]));

    private static KeyValuePair<string, object?> Verb(ActionVerb verb) => new("verb", verb.Code());
}
