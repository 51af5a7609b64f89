namespace OpsConsole.Core.Access;

/// <summary>What a person or a token may be. Each includes nothing of the others: the permission table says what each may do.</summary>
public enum Role
{
    /// <summary>Reviewers: see everything, change nothing.</summary>
    Viewer,

    /// <summary>Watches the board and stops what is bad.</summary>
    OnCall,

    /// <summary>Moves releases forward, and stops them.</summary>
    ReleaseManager,

    Admin,

    /// <summary>A service or installed app that reads the flags of one environment. Never a person.</summary>
    FlagClient,

    /// <summary>A service token with a scope: it has what the scope holds, and nothing else. Never a person.</summary>
    Service,
}

/// <summary>What an operator may be allowed to do, one name for each thing that is checked.</summary>
public enum Permission
{
    BoardRead,
    HistoryRead,
    AuditRead,
    SignalsWrite,
    FlagsEvaluate,
    ReleasesRegister,
    ReleasesPromote,
    ReleasesHalt,
    ReleasesResume,
    ReleasesRollback,
    SwitchesKill,
    SwitchesRestore,
    PoliciesRead,
    PoliciesWrite,
    EvidenceWrite,
    SlosRead,
    SlosWrite,
    ReleasesApprove,
    GatesWaive,
    WindowsWrite,
    ArtifactsLift,
    SwitchesTarget,
    FlagClientsWrite,
    RecoveriesAcknowledge,
    TokensRead,
    TokensWrite,
    TokensExchange,
    CatalogRead,
    CatalogWrite,
    ConnectionsTest,
}

/// <summary>Who is asking: a signed-in person or a service token.</summary>
/// <param name="Name">As shown and recorded.</param>
/// <param name="Role">The one role it acts in; where roles differ by environment, the one that holds in all of them.</param>
/// <param name="IsService">True for a token.</param>
public sealed record Operator(string Name, Role Role, bool IsService)
{
    /// <summary>The one environment that a flag client reads; null for everyone else.</summary>
    public string? Environment { get; init; }

    /// <summary>Which flag client's token this is, so that it can be revoked; null for everyone else.</summary>
    public Guid? FlagClient { get; init; }

    /// <summary>Which service token this is, so that it can be revoked; null for everyone else.</summary>
    public Guid? Token { get; init; }

    /// <summary>The lasting token that a short-lived one was issued from; null for everyone else.</summary>
    public Guid? IssuedFrom { get; init; }

    /// <summary>What a service token is narrowed to; null for people and for the tokens of the console's own configuration.</summary>
    public AccessScope? Scope { get; init; }

    /// <summary>The sign-in this comes from, so that it can be ended; null for a token.</summary>
    public string? Session { get; init; }

    /// <summary>Roles by environment, where they differ; <see cref="Role"/> is then the one that holds in all of them. Null where it is the same everywhere.</summary>
    public EnvironmentRoles? ByEnvironment { get; init; }

    /// <summary>Where this is seen from, of someone whose roles differ by environment: the environment, or empty for all of them at once. Null where nothing differs, and while it is not seen from anywhere.</summary>
    public string? SeenFrom { get; init; }

    /// <summary>When the sign-in service last confirmed the roles, where it should have done so again and could not be asked; null where they are confirmed.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }

    /// <summary>Set where the console acts by itself, never by a sign-in or token: the role is then what the gate allows it, and not that of a person.</summary>
    public bool IsConsole { get; init; }

    /// <summary>The role as audit and timeline keep it.</summary>
    public string RecordedRole => IsConsole ? ConsoleRole : Role.ToString();

    /// <summary>What is recorded as the role where the console acted by itself.</summary>
    public const string ConsoleRole = "console";
}
