using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Waivers;

/// <summary>Let a gate of one release pass for a time.</summary>
public sealed record WaiveCommand(Guid ReleaseId, string Gate, string Reason, DateTimeOffset ExpiresAt);

/// <summary>The gate cannot be waived.</summary>
public sealed record NotWaivableRefusal(string Gate, string Why) : Refusal
{
    public override string Sentence => $"The gate “{Gate}” cannot be waived: {Why}.";
}

/// <summary>The waiver would end at an impossible time.</summary>
public sealed record WaiverExpiryRefusal : Refusal
{
    public override string Sentence => $"A waiver ends at a time that is to come, at most {WaiverRule.Longest.Days} days from now.";
}

/// <summary>The release is over.</summary>
public sealed record ReleaseOverRefusal(ReleasePhase Phase) : Refusal
{
    public override string Sentence => "The release is over, so there is no gate left to waive.";
}

/// <summary>The waiver ended before.</summary>
public sealed record WaiverEndedRefusal : Refusal
{
    public override string Sentence => "The waiver does not hold any more, so there is nothing to take back.";
}

/// <summary>When a gate may be waived. Pure.</summary>
public static class WaiverRule
{
    /// <summary>Longest time a waiver holds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Every reason against a waiver; empty when it may be given.</summary>
    public static IReadOnlyList<Refusal> Judge(WaiveCommand command, Operator by, Role? role, ReleasePhase phase, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        return
        [
            .. Permitted(role),
            .. phase.IsLive() ? [] : new Refusal[] { new ReleaseOverRefusal(phase) },
            .. WaivableGates.WhyNot(command.Gate) is { } why ? new Refusal[] { new NotWaivableRefusal(command.Gate, why) } : [],
            .. TextLengthRefusal.Of("the gate", command.Gate, 1, 128),
            .. TextLengthRefusal.Of("the reason", command.Reason, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength),
            .. command.ExpiresAt > now && command.ExpiresAt <= now + Longest ? [] : new Refusal[] { new WaiverExpiryRefusal() },
        ];
    }

    /// <summary>Every reason against taking one back.</summary>
    public static IReadOnlyList<Refusal> JudgeRevoke(Waiver waiver, Role? role, string? reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiver);
        return
        [
            .. Permitted(role),
            .. waiver.HoldsAt(now) ? [] : new Refusal[] { new WaiverEndedRefusal() },
            .. TextLengthRefusal.Of("the reason", reason, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength),
        ];
    }

    private static IEnumerable<Refusal> Permitted(Role? role) => role is { } held && PermissionTable.Allows(held, Permission.GatesWaive)
        ? []
        : [new RoleMayNotRefusal(Permission.GatesWaive, role, "waive gates")];
}
