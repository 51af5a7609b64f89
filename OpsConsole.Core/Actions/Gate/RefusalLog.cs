using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Puts what was not let through, and what was asked twice, on the record. A record that cannot be written never turns a refusal into anything else.</summary>
public sealed class RefusalLog(IAuditStore audit, IReleaseStore releases, ILogger<RefusalLog> log)
{
    private readonly RecordPace _pace = new();

    /// <summary>Audits a refusal with every reason, and puts it into the release's timeline; the same one once in <see cref="RecordPace.Pause"/>.</summary>
    public Task RefusedAsync(ActionCommand command, Operator by, ReleaseState? release, IReadOnlyList<Refusal> refusals, DateTimeOffset at) => _pace.TellAsync(
        by,
        Asked(command),
        string.Join(' ', refusals.Select(r => r.Code)),
        at,
        async leftOut =>
        {
            var sentences = string.Join(" ", refusals.Select(r => r.Sentence)) + leftOut;
            var written = await AppendAsync(command, by, release, "refused", sentences, null, at).ConfigureAwait(false);
            if (release is not null)
            {
                await TryAsync(() => releases.AppendEventAsync(
                    new ReleaseEvent
                    {
                        ReleaseId = release.Id,
                        Kind = ReleaseEventKind.ActionRefused,
                        At = at,
                        Text = $"{command.Verb.Label()} refused: {sentences}",
                        Actor = by.Name,
                        Reason = Clip(command.Reason),
                    },
                    CancellationToken.None)).ConfigureAwait(false);
            }

            return written;
        });

    /// <summary>Audits a command that was answered with the action that had already done it; the same one once in <see cref="RecordPace.Pause"/>.</summary>
    public Task RepeatedAsync(ActionCommand command, Operator by, ReleaseState? release, ReleaseAction existing, DateTimeOffset at) => _pace.TellAsync(
        by,
        Asked(command),
        $"{existing.Id:N}",
        at,
        leftOut => AppendAsync(
            command, by, release, "done", $"Asked again; answered with the action of {existing.RequestedBy} at {Wording.Clock(existing.RequestedAt)}.{leftOut}", existing.Id, at));

    /// <summary>What was asked, as far as one asking is told apart from another.</summary>
    private static string Asked(ActionCommand command) =>
        $"{command.Verb.Code()} {Subject(command)}{(command is SwitchCommand { Environment: { Length: > 0 } only } ? $" in {RecordPace.Part(only)}" : "")}";

    private Task<bool> AppendAsync(ActionCommand command, Operator by, ReleaseState? release, string outcome, string detail, Guid? actionId, DateTimeOffset at) =>
        TryAsync(() => audit.AppendAsync(
            new AuditEntry
            {
                At = at,
                Actor = by.Name,
                Role = by.RecordedRole,
                Event = command.Verb.Code(),
                Subject = Subject(command),
                SubjectTitle = release?.Title ?? (Subject(command).Replace(':', ' ') + (command is SwitchCommand { Environment: { Length: > 0 and <= 64 } only } ? $" in {only}" : "")),
                Outcome = outcome,
                Reason = Clip(command.Reason),
                Detail = detail,
                ActionId = actionId,
            },
            CancellationToken.None));

    private static string Subject(ActionCommand command) => command switch
    {
        ReleaseCommand onRelease => $"release:{onRelease.ReleaseId:N}",
        SwitchCommand onSwitch => $"switch:{onSwitch.SwitchKey}",
        _ => "unknown",
    };

    /// <summary>A refused reason may be of any length; the record keeps what it keeps of any other.</summary>
    private static string? Clip(string? reason) =>
        reason is { Length: > ActionCommand.MaxReasonLength } ? reason[..ActionCommand.MaxReasonLength] : reason;

    /// <summary>False where it could not be written.</summary>
    private async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever goes wrong here, the refusal stands.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "A refusal could not be put on the record.");
            return false;
        }
    }
}
