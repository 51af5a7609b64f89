using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>How actions are written into audit, timeline and board.</summary>
public static class ActionRecord
{
    /// <summary>Who did what the console did by itself.</summary>
    public const string Console = "console";

    public static string Title(this ReleaseAction action) => action.ReleaseId is null
        ? $"switch {action.SwitchKey}{(action.Environment is { } only ? $" in {only}" : "")}"
        : $"{action.Service} {action.Version} on {action.Target}, {action.Environment}";

    /// <summary>A line of the audit; by the one who asked for the action, where nobody else is named.</summary>
    public static AuditEntry Audit(this ReleaseAction action, string outcome, string? detail, DateTimeOffset at, Operator? by = null) => new()
    {
        At = at,
        Actor = by?.Name ?? action.RequestedBy,
        Role = by?.RecordedRole ?? action.Role,
        Event = action.Verb.Code(),
        Subject = action.SubjectKey,
        SubjectTitle = action.Title(),
        Outcome = outcome,
        Reason = action.Reason,
        Detail = detail,
        ActionId = action.Id,
        EvidenceSeal = action.EvidenceSeal,
    };

    public static ReleaseEvent Event(this ReleaseAction action, Guid releaseId, ReleaseEventKind kind, string text, DateTimeOffset at, double? exposure = null) => new()
    {
        ReleaseId = releaseId,
        Kind = kind,
        At = at,
        Text = text,
        Actor = action.RequestedBy,
        Reason = action.Reason,
        ActionId = action.Id,
        ExposurePercent = exposure,
    };

    /// <summary>As boards show it; <paramref name="given"/> counts the approvals that hold, where it waits for some.</summary>
    public static ActionSummary Summary(this ReleaseAction action, int given = 0)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new(action.Id, action.Verb, action.Phase, action.RequestedBy, action.RequestedAt, action.FinishedAt, action.Outcome)
        {
            ExecutingAt = action.ExecutingAt,
            ApprovalsNeeded = action.ApprovalsNeeded,
            ApprovalsGiven = given,
        };
    }

    public static SwitchSummary Summary(this KillSwitch value) => new(value.Key, value.Killed, value.ChangedAt, value.TurnsOff) { ArchivedAt = value.ArchivedAt };

    /// <summary>How the switch stands in one environment alone.</summary>
    public static SwitchSummary Summary(this SwitchEnvironment place, string turnsOff) => new(place.Key, place.Killed, place.ChangedAt, turnsOff) { Environment = place.Environment };
}
