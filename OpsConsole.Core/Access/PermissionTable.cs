namespace OpsConsole.Core.Access;

/// <summary>Who may do what: the one place. Rendered into docs/action-gate.md by a test.</summary>
public static class PermissionTable
{
    private static readonly Dictionary<Permission, Role[]> Rows = new()
    {
        [Permission.BoardRead] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.HistoryRead] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.AuditRead] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.SignalsWrite] = [Role.Admin],
        [Permission.FlagsEvaluate] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin, Role.FlagClient],
        [Permission.ReleasesRegister] = [Role.ReleaseManager, Role.Admin],
        [Permission.ReleasesPromote] = [Role.ReleaseManager, Role.Admin],
        [Permission.ReleasesHalt] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.ReleasesResume] = [Role.ReleaseManager, Role.Admin],
        [Permission.ReleasesRollback] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.SwitchesKill] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.SwitchesRestore] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.PoliciesRead] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.PoliciesWrite] = [Role.ReleaseManager, Role.Admin],
        [Permission.EvidenceWrite] = [Role.ReleaseManager, Role.Admin],
        [Permission.SlosRead] = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.SlosWrite] = [Role.ReleaseManager, Role.Admin],
        [Permission.ReleasesApprove] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
        [Permission.GatesWaive] = [Role.ReleaseManager, Role.Admin],
        [Permission.WindowsWrite] = [Role.ReleaseManager, Role.Admin],
        [Permission.ArtifactsLift] = [Role.Admin],
        [Permission.SwitchesTarget] = [Role.ReleaseManager, Role.Admin],
        [Permission.FlagClientsWrite] = [Role.Admin],
        [Permission.RecoveriesAcknowledge] = [Role.OnCall, Role.ReleaseManager, Role.Admin],
    };

    private static readonly HashSet<Permission> ByEnvironment =
    [
        Permission.ReleasesRegister, Permission.ReleasesPromote, Permission.ReleasesHalt, Permission.ReleasesResume, Permission.ReleasesRollback, Permission.ReleasesApprove,
        Permission.SwitchesKill, Permission.SwitchesRestore, Permission.SwitchesTarget, Permission.EvidenceWrite, Permission.GatesWaive, Permission.WindowsWrite,
        Permission.RecoveriesAcknowledge,
    ];

    private static readonly HashSet<Permission> Unconfirmed =
    [
        Permission.BoardRead, Permission.HistoryRead, Permission.AuditRead, Permission.PoliciesRead, Permission.SlosRead, Permission.FlagsEvaluate,
        Permission.ReleasesHalt, Permission.ReleasesRollback, Permission.SwitchesKill, Permission.RecoveriesAcknowledge,
    ];

    /// <summary>True where the permission is about something in one environment, so that the role there decides.</summary>
    public static bool IsByEnvironment(Permission permission) => ByEnvironment.Contains(permission);

    /// <summary>True for looking and stopping: both go on for a while when the sign-in service cannot be asked whether a role still holds.</summary>
    public static bool HoldsUnconfirmed(Permission permission) => Unconfirmed.Contains(permission);

    /// <summary>True when the role has the permission; what is not in the table nobody has.</summary>
    public static bool Allows(Role role, Permission permission) => RolesWith(permission).Contains(role);

    /// <summary>The roles that have a permission.</summary>
    public static IReadOnlyList<Role> RolesWith(Permission permission) => Rows.TryGetValue(permission, out var roles) ? roles : [];
}
