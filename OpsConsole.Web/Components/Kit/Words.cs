using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Components.Kit;

/// <summary>The names of the model in words for people.</summary>
public static class Words
{
    public static string Of(Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.OnCall => "on-call",
        Role.ReleaseManager => "release manager",
        Role.Admin => "admin",
        Role.FlagClient => "flag client",
        Role.Service => "service token",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };

    /// <summary>The roles of someone, shortly: "viewer", or "viewer or on-call" where they differ by environment.</summary>
    public static string RolesOf(Operator by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return string.Join(" or ", (by.ByEnvironment?.Held ?? [by.Role]).Distinct().Order().Select(Of));
    }

    /// <summary>The roles of someone with where each holds: "on-call in production, viewer everywhere else".</summary>
    public static string RolesByPlace(Operator by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return by.ByEnvironment is not { } roles || roles.Held.Distinct().Count() == 1 ? $"{Of(by.Role)} everywhere"
            : string.Join(", ", roles.Places.GroupBy(p => p.Value).OrderByDescending(g => g.Key).Select(g => $"{Of(g.Key)} in {string.Join(" and ", g.Select(p => p.Key))}").Append($"{Of(roles.Elsewhere)} everywhere else"));
    }

    /// <summary>The role that someone acts in, with where it differs: "on-call", or "release manager in staging", or "viewer, the least of your roles" for all environments at once (null).</summary>
    public static string RoleIn(Operator by, string? environment)
    {
        ArgumentNullException.ThrowIfNull(by);
        var role = Of(by.RoleIn(environment));
        return by.ByEnvironment is null ? role : environment is null ? $"{role}, the least of your roles, because it is for all environments at once" : $"{role} in {environment}";
    }

    /// <summary>A role as it was recorded, in words; as it is where it is not a role of today.</summary>
    public static string OfRole(string recorded) => Enum.TryParse<Role>(recorded, out var role) && Enum.IsDefined(role) ? Of(role) : recorded;

    public static string Of(ReleasePhase phase) => phase switch
    {
        ReleasePhase.Registered => "registered",
        ReleasePhase.RollingOut => "rolling out",
        ReleasePhase.Halted => "halted",
        ReleasePhase.Watching => "watching at 100 %",
        ReleasePhase.Done => "done",
        ReleasePhase.RolledBack => "rolled back",
        ReleasePhase.Superseded => "superseded",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Unknown phase."),
    };

    public static string Of(ActionPhase phase) => phase switch
    {
        ActionPhase.AwaitingApproval => "waiting for approval",
        ActionPhase.Executing => "requested",
        ActionPhase.PreEmpted => "pre-empted",
        _ => phase.ToString().ToLowerInvariant(),
    };

    public static string Of(MigrationClass migration) => migration switch
    {
        MigrationClass.None => "no schema change",
        MigrationClass.Expand => "expand: only adds, the previous version keeps working",
        MigrationClass.Migrate => "migrate: moves data, both shapes exist",
        MigrationClass.Contract => "contract: removes structure or data that the previous version needs",
        _ => throw new ArgumentOutOfRangeException(nameof(migration), migration, "Unknown migration class."),
    };

    /// <summary>What a permission lets someone do, as the end of "may …".</summary>
    public static string Of(Permission permission) => permission switch
    {
        Permission.BoardRead => "watch the board",
        Permission.HistoryRead => "read the release history",
        Permission.AuditRead => "read the audit",
        Permission.SignalsWrite => "push signals",
        Permission.FlagsEvaluate => "evaluate flags",
        Permission.ReleasesRegister => "register releases",
        Permission.ReleasesPromote => "promote",
        Permission.ReleasesHalt => "halt",
        Permission.ReleasesResume => "resume",
        Permission.ReleasesRollback => "roll back",
        Permission.SwitchesKill => "use kill switches",
        Permission.SwitchesRestore => "restore switches",
        Permission.PoliciesRead => "read policies",
        Permission.PoliciesWrite => "change policies",
        Permission.EvidenceWrite => "post evidence",
        Permission.SlosRead => "read service-level objectives",
        Permission.SlosWrite => "define service-level objectives",
        Permission.ReleasesApprove => "approve promotions",
        Permission.GatesWaive => "waive gates",
        Permission.WindowsWrite => "change deploy windows",
        Permission.ArtifactsLift => "lift rejections of artifacts",
        Permission.SwitchesTarget => "change who gets a flag, and put flags away",
        Permission.FlagClientsWrite => "make and revoke tokens of flag clients",
        Permission.RecoveriesAcknowledge => "take note of a fault",
        Permission.TokensRead => "see service tokens",
        Permission.TokensWrite => "make and revoke service tokens",
        Permission.CatalogRead => "see the catalogue",
        Permission.CatalogWrite => "apply changes of the catalogue",
        Permission.TokensExchange => "exchange a token for a short-lived one",
        Permission.ConnectionsTest => "test sources and targets",
        _ => permission.ToString(),
    };

    public static string Of(EvidenceOutcome outcome) => outcome switch
    {
        EvidenceOutcome.Passed => "passed",
        EvidenceOutcome.PassedWithWarnings => "passed with warnings",
        EvidenceOutcome.Flaky => "flaky",
        EvidenceOutcome.Inconclusive => "inconclusive",
        EvidenceOutcome.Error => "error",
        EvidenceOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
    };

    /// <summary>The move inside a sentence: "roll back".</summary>
    public static string Of(RecoveryMove move) => move switch
    {
        RecoveryMove.Rollback => "roll back",
        RecoveryMove.Kill => "kill the switch",
        RecoveryMove.FixForward => "fix forward",
        _ => move.ToString().ToLowerInvariant(),
    };

    /// <summary>The verb inside a sentence: "roll back".</summary>
    public static string Of(ActionVerb verb) => verb == ActionVerb.Kill ? "kill" : verb.Label().ToLowerInvariant();
}
