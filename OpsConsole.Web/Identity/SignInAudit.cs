using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Identity;

/// <summary>Puts sign-ins, refusals and sign-outs on the record. A line never holds a token or a secret.</summary>
public sealed class SignInAudit(IAuditStore audit, TimeProvider time, ILogger<SignInAudit> log)
{
    /// <summary>Longest time that anyone waits for a line to be written.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Writes a line about an operator; false where it could not be written.</summary>
    public Task<bool> RecordAsync(Operator by, string happened, string outcome = "done", string? detail = null) => RecordAsync(by.Name, by.Role.ToString(), happened, outcome, detail);

    /// <summary>Writes a line. What it tells of goes on when the record is away: whoever is on call must get in to see what is wrong. The log has it then, and the answer is false.</summary>
    public async Task<bool> RecordAsync(string actor, string role, string happened, string outcome, string? detail)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            await audit.AppendAsync(
                new AuditEntry { At = time.GetUtcNow(), Actor = actor, Role = role, Event = happened, Subject = "console", SubjectTitle = "OpsConsole", Outcome = outcome, Detail = detail },
                limit.Token);
            return true;
        }
        catch (Exception e) when (e is RecordUnavailableException or OperationCanceledException)
        {
            log.LogWarning(e, "The {Event} ({Outcome}) of {Person} could not be recorded: the database is away.", happened, outcome, actor);
            return false;
        }
    }
}
