namespace OpsConsole.Core.Access;

/// <summary>Who may do what: the one place. Rendered into docs/permissions.md by a test, and shown on the page of permissions.</summary>
public static class PermissionTable
{
    private const bool There = true;
    private const bool Everywhere = false;

    private static readonly Role[] People = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin];
    private static readonly Role[] Readers = [.. People, Role.Service];
    private static readonly Role[] Responders = [Role.OnCall, Role.ReleaseManager, Role.Admin];
    private static readonly Role[] Stopping = [.. Responders, Role.Service];
    private static readonly Role[] Managers = [Role.ReleaseManager, Role.Admin];
    private static readonly Role[] Moving = [.. Managers, Role.Service];
    private static readonly Role[] Admins = [Role.Admin];

    private static readonly PermissionRow[] Table =
    [
        new(Permission.BoardRead, "board:read", AccessClass.Look, Everywhere, "See the live board, the switches, the deploy windows, and which sources and targets are connected.", Readers),
        new(Permission.HistoryRead, "history:read", AccessClass.Look, Everywhere, "See releases, actions, approvals, evidence and recoveries, and replay policies on them.", Readers),
        new(Permission.AuditRead, "audit:read", AccessClass.Look, Everywhere, "Search, export and verify the audit.", Readers),
        new(Permission.PoliciesRead, "policies:read", AccessClass.Look, Everywhere, "Read policies and check drafts of them.", Readers),
        new(Permission.SlosRead, "slos:read", AccessClass.Look, Everywhere, "See objectives and what is left of their error budgets.", Readers),
        new(Permission.TokensRead, "tokens:read", AccessClass.Look, Everywhere, "See which service tokens there are, what they may do and when they were last used.", People),
        new(Permission.CatalogRead, "catalog:read", AccessClass.Look, Everywhere, "See the catalogue: services, owners, targets, sources and what waits to be applied.", Readers),
        new(Permission.FlagsEvaluate, "flags:evaluate", AccessClass.Look, Everywhere, "Read what flags are answered with; a flag client only those of its own environment.", [.. People, Role.FlagClient]),
        new(Permission.ConnectionsTest, "connections:test", AccessClass.Look, There, "Have a source or a target read now, to see whether it can be.", Stopping),

        new(Permission.ReleasesRegister, "releases:register", AccessClass.Build, There, "Register a release, and post what it changes.", Moving),
        new(Permission.EvidenceWrite, "evidence:submit", AccessClass.Build, There, "Post evidence of a release: tests, scans, checks.", Moving),
        new(Permission.SignalsWrite, "signals:push", AccessClass.Build, There, "Push samples of signals, on which verdicts are made.", [Role.Admin, Role.Service]),
        new(Permission.TokensExchange, "tokens:exchange", AccessClass.Build, Everywhere, "Exchange a service token for a narrower one that lives at most an hour.", [Role.Admin, Role.Service]),

        new(Permission.ReleasesPromote, "releases:promote", AccessClass.Deploy, There, "Take a release to its next stage.", Moving),
        new(Permission.ReleasesResume, "releases:resume", AccessClass.Deploy, There, "Let a halted release go on.", Moving),
        new(Permission.ReleasesApprove, "releases:approve", AccessClass.Deploy, There, "Approve, reject or withdraw a promotion that waits. People only.", Responders),
        new(Permission.GatesWaive, "gates:waive", AccessClass.Deploy, There, "Let a gate of one release pass for a time. People only.", Managers),
        new(Permission.SwitchesRestore, "switches:restore", AccessClass.Deploy, There, "Turn on again what a kill switch turned off.", Stopping),
        new(Permission.SwitchesTarget, "switches:target", AccessClass.Deploy, There, "Make switches, put them away, and say who gets what they guard.", Moving),

        new(Permission.ReleasesHalt, "releases:halt", AccessClass.Stop, There, "Stop a release from reaching anyone else.", Stopping),
        new(Permission.ReleasesRollback, "releases:rollback", AccessClass.Stop, There, "Give everyone the previous version.", Stopping),
        new(Permission.SwitchesKill, "switches:kill", AccessClass.Stop, There, "Turn off what a kill switch guards.", Stopping),
        new(Permission.RecoveriesAcknowledge, "recoveries:acknowledge", AccessClass.Stop, There, "Take note of a fault. People only.", Responders),

        new(Permission.PoliciesWrite, "policies:write", AccessClass.Administer, Everywhere, "Write policies, which say what a release must pass.", Moving),
        new(Permission.SlosWrite, "slos:write", AccessClass.Administer, Everywhere, "Define objectives, on which releases are held.", Moving),
        new(Permission.WindowsWrite, "windows:write", AccessClass.Administer, There, "Open and end deploy windows and freezes.", Moving),
        new(Permission.ArtifactsLift, "artifacts:lift", AccessClass.Administer, Everywhere, "Lift the rejection of an artifact. People only.", Admins),
        new(Permission.FlagClientsWrite, "flag-clients:write", AccessClass.Administer, Everywhere, "Make and revoke the tokens that read flags. People only.", Admins),
        new(Permission.CatalogWrite, "catalog:write", AccessClass.Administer, Everywhere, "Apply changes of the catalogue and add services to it. People only.", Admins),
        new(Permission.TokensWrite, "tokens:write", AccessClass.Administer, Everywhere, "Make and revoke service tokens. People only.", Admins),
    ];

    private static readonly Dictionary<Permission, PermissionRow> ByPermission = Table.ToDictionary(row => row.Permission);
    private static readonly Dictionary<string, PermissionRow> ByName = Table.ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Every permission, by class.</summary>
    public static IReadOnlyList<PermissionRow> Rows => Table;

    /// <summary>The row of a permission.</summary>
    public static PermissionRow Row(Permission permission) => ByPermission[permission];

    /// <summary>The row of a name such as <c>releases:promote</c>, or null where there is none.</summary>
    public static PermissionRow? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>True where the permission is about something in one environment, so that the role there decides.</summary>
    public static bool IsByEnvironment(Permission permission) => Row(permission).ByEnvironment;

    /// <summary>True for looking and stopping: both go on for a while when the sign-in service cannot be asked whether a role still holds.</summary>
    public static bool HoldsUnconfirmed(Permission permission) => Row(permission).Class is AccessClass.Look or AccessClass.Stop;

    /// <summary>True when the role has the permission; a service token has it only where its scope holds it too.</summary>
    public static bool Allows(Role role, Permission permission) => RolesWith(permission).Contains(role);

    /// <summary>The roles that have a permission.</summary>
    public static IReadOnlyList<Role> RolesWith(Permission permission) => ByPermission.TryGetValue(permission, out var row) ? row.Roles : [];

    /// <summary>The roles of people that have a permission: whom to ask.</summary>
    public static IReadOnlyList<Role> PeopleWith(Permission permission) => [.. RolesWith(permission).Where(People.Contains)];
}
