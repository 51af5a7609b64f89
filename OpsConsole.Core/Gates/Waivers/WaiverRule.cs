using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
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

/// <summary>A service token answers for nothing.</summary>
public sealed record ServiceCannotWaiveRefusal : Refusal
{
    public override string Sentence => "A service token cannot waive a gate; a person has to answer for it.";
}

/// <summary>Nobody waives a gate for a change of their own.</summary>
public sealed record AuthorCannotWaiveRefusal(string Author) : Refusal
{
    public override string Sentence => $"The change is by {Author}, and nobody waives a gate for a change of their own; ask someone else.";
}

/// <summary>The gate is not there for this release now, or passes.</summary>
/// <param name="Gate">The name that was given.</param>
/// <param name="IsThere">True where the gate is there and passes.</param>
/// <param name="Open">Names of the gates that can be waived now.</param>
public sealed record NothingToWaiveRefusal(string Gate, bool IsThere, IReadOnlyList<string> Open) : Refusal
{
    public override string Sentence => $"The gate “{Gate}” {(IsThere ? "passes" : "is not there for this release")} now, so there is nothing to waive; "
        + (Open.Count == 0 ? "no gate can be waived now." : $"what can be waived now: {string.Join(", ", Open)}.");
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
    /// <param name="command">What is asked.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="role">The role of now; null when access was withdrawn.</param>
    /// <param name="release">The release that it is for.</param>
    /// <param name="gates">Its gates as they stand now.</param>
    /// <param name="now">The time of now.</param>
    public static IReadOnlyList<Refusal> Judge(WaiveCommand command, Operator by, Role? role, Release release, IReadOnlyList<GateResult> gates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(gates);
        return
        [
            .. Permitted(role),
            .. by.IsService ? new Refusal[] { new ServiceCannotWaiveRefusal() } : [],
            .. ApprovalRule.IsSame(by.Name, release.Author) ? new Refusal[] { new AuthorCannotWaiveRefusal(release.Author!.Trim()) } : [],
            .. release.Phase.IsLive() ? [] : new Refusal[] { new ReleaseOverRefusal(release.Phase) },
            .. WaivableGates.WhyNot(command.Gate) is { } why ? new Refusal[] { new NotWaivableRefusal(command.Gate, why) } : Open(command.Gate, gates),
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

    /// <summary>Only what stands in the way now is waived; a waiver in advance would cover what nobody has seen.</summary>
    private static IEnumerable<Refusal> Open(string gate, IReadOnlyList<GateResult> gates)
    {
        var open = gates.Where(g => g.Verdict != Verdict.Pass && WaivableGates.Includes(g.Name)).Select(g => g.Name).ToList();
        return open.Contains(gate) ? [] : [new NothingToWaiveRefusal(gate, gates.Any(g => g.Name == gate), open)];
    }

    private static IEnumerable<Refusal> Permitted(Role? role) => role is { } held && PermissionTable.Allows(held, Permission.GatesWaive)
        ? []
        : [new RoleMayNotRefusal(Permission.GatesWaive, role, "waive gates")];
}
