using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>Everything that the approval rule looks at.</summary>
public sealed record ApprovalContext
{
    public required Operator By { get; init; }

    /// <summary>The role that <see cref="By"/> has now; null when access was withdrawn.</summary>
    public required Role? Role { get; init; }

    /// <summary>The word, or null for a preview of an approval.</summary>
    public ApprovalCommand? Command { get; init; }

    public required ReleaseAction Action { get; init; }

    /// <summary>Who made the change, if known.</summary>
    public string? Author { get; init; }

    public required PolicyGateResults Policy { get; init; }

    /// <summary>Every word that was given on the action.</summary>
    public required IReadOnlyList<Approval> Words { get; init; }
}

/// <summary>Who may say what on a promotion that waits, and which words count. Pure.</summary>
public static class ApprovalRule
{
    /// <summary>Roles whose word counts where the policy names none.</summary>
    private static readonly string[] DefaultRoles = [Code(Role.ReleaseManager), Code(Role.Admin)];

    /// <summary>Every reason against an approval; empty when it is taken.</summary>
    public static IReadOnlyList<Refusal> JudgeApprove(ApprovalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            .. context.Action.Phase == ActionPhase.AwaitingApproval ? [] : new[] { new NotWaitingRefusal(context.Action.Phase) },
            .. MaySpeak(context),
            .. Independent(context),
            .. Spoken(context),
            .. context.Command is ApproveCommand approve && approve.Seal != context.Policy.Seal ? [new EvidenceChangedRefusal(approve.Seal)] : Array.Empty<Refusal>(),
            .. Comment(context, 0),
        ];
    }

    /// <summary>Every reason against a rejection. The author may reject their own change, and no seal is asked for: stopping never waits.</summary>
    public static IReadOnlyList<Refusal> JudgeReject(ApprovalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return [.. Waiting(context), .. MaySpeak(context), .. Spoken(context), .. Comment(context, ActionCommand.MinReasonLength)];
    }

    /// <summary>Every reason against withdrawing.</summary>
    public static IReadOnlyList<Refusal> JudgeWithdraw(ApprovalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var yours = context.Role is not null && IsSame(context.By.Name, context.Action.RequestedBy);
        return
        [
            .. Waiting(context),
            .. yours || Counts(context.Role, []) || Counts(context.Role, context.Policy.ApproverRoles) ? [] : new[] { new NotYoursToWithdrawRefusal(context.Action.RequestedBy) },
            .. Comment(context, 0),
        ];
    }

    /// <summary>The approvals that count: on the present evidence, of people who are neither author nor requester, one for each person.</summary>
    public static IReadOnlyList<Approval> Counting(IEnumerable<Approval> words, string seal, ReleaseAction action, string? author)
    {
        ArgumentNullException.ThrowIfNull(action);
        return [.. words
            .Where(w => w.Approved && w.Seal == seal && !IsSame(w.By, action.RequestedBy) && !IsSame(w.By, author))
            .OrderBy(w => w.At).DistinctBy(w => w.By.Trim().ToUpperInvariant())];
    }

    /// <summary>True when two names are one person's.</summary>
    public static bool IsSame(string? a, string? b) =>
        !string.IsNullOrWhiteSpace(a) && !string.IsNullOrWhiteSpace(b) && string.Equals(a.Trim(), b.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>True when a role may speak, by the console's table and by the policy's roles; where it names none, by the usual ones.</summary>
    public static bool Counts(Role? role, IReadOnlyList<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Permitted(role) && Wanted(wanted).Any(w => string.Equals(w.Trim(), Code(role!.Value), StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<string> Wanted(IReadOnlyList<string> roles) => roles.Count == 0 ? DefaultRoles : roles;

    private static bool Permitted(Role? role) => role is { } held && PermissionTable.Allows(held, Permission.ReleasesApprove);

    /// <summary>A role as policies write it: <c>release-manager</c>.</summary>
    private static string Code(Role role) => role.Title().Replace(' ', '-');

    private static IEnumerable<Refusal> Waiting(ApprovalContext context) => context.Action.Phase.IsWaiting() ? [] : [new NotWaitingRefusal(context.Action.Phase)];

    private static IEnumerable<Refusal> MaySpeak(ApprovalContext context)
    {
        if (!Permitted(context.Role))
        {
            yield return new RoleMayNotRefusal(Permission.ReleasesApprove, context.Role, "approve or reject promotions");
        }
        else if (!Counts(context.Role, context.Policy.ApproverRoles))
        {
            yield return new PolicyRoleRefusal(context.Role!.Value, Wanted(context.Policy.ApproverRoles));
        }
    }

    private static IEnumerable<Refusal> Independent(ApprovalContext context)
    {
        if (context.By.IsService)
        {
            yield return new ServiceCannotApproveRefusal();
        }

        if (IsSame(context.By.Name, context.Author))
        {
            yield return new AuthorCannotApproveRefusal(context.Author!.Trim());
        }

        if (IsSame(context.By.Name, context.Action.RequestedBy))
        {
            yield return new RequesterCannotApproveRefusal(context.Action.RequestedBy);
        }
    }

    private static IEnumerable<Refusal> Spoken(ApprovalContext context) =>
        context.Words.FirstOrDefault(w => IsSame(w.By, context.By.Name) && w.Seal == context.Policy.Seal) is { } word ? [new AlreadySpokenRefusal(word)] : [];

    private static IEnumerable<Refusal> Comment(ApprovalContext context, int min) =>
        context.Command is { } command ? TextLengthRefusal.Of("the comment", command.Comment, min, ActionCommand.MaxReasonLength) : [];
}
