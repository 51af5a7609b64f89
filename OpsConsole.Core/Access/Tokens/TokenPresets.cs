namespace OpsConsole.Core.Access.Tokens;

/// <summary>A scope that is often wanted, by name.</summary>
/// <param name="Name">As the page and the API call it.</param>
/// <param name="Sentence">What it is for.</param>
/// <param name="Permissions">What it holds.</param>
public sealed record TokenPreset(string Name, string Sentence, IReadOnlyList<Permission> Permissions)
{
    /// <summary>True where it is about environments, which then have to be named.</summary>
    public bool NeedsEnvironments => Permissions.Any(PermissionTable.IsByEnvironment);

    /// <summary>The grants in some environments; <see cref="AccessScope.AnyEnvironment"/> stands for every one.</summary>
    public IReadOnlyList<string> Grants(IReadOnlyList<string> environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        return
        [
            .. Permissions.SelectMany(p => PermissionTable.IsByEnvironment(p) ? environments : [AccessScope.AnyEnvironment], (p, e) => new AccessGrant(e, p).ToString()).Distinct(StringComparer.Ordinal),
        ];
    }
}

/// <summary>The scopes that are often wanted. Building and deploying are apart: a pipeline that builds cannot promote.</summary>
public static class TokenPresets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TokenPreset> All { get; } =
    [
        new("build", "A pipeline that builds: registers releases, posts evidence and what changed. It cannot promote.", [Permission.ReleasesRegister, Permission.EvidenceWrite]),
        new("deploy", "A pipeline that deploys: promotes, resumes, halts and rolls back, and sees how that goes.",
        [
            Permission.BoardRead, Permission.HistoryRead, Permission.ReleasesPromote, Permission.ReleasesResume, Permission.ReleasesHalt, Permission.ReleasesRollback,
        ]),
        new("observe", "A dashboard or a report: sees everything, changes nothing.",
        [
            Permission.BoardRead, Permission.HistoryRead, Permission.AuditRead, Permission.PoliciesRead, Permission.SlosRead,
        ]),
        new("signals", "A collector: pushes samples of signals, and nothing else.", [Permission.SignalsWrite]),
    ];

    /// <summary>The one of that name, or null.</summary>
    public static TokenPreset? Named(string? name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
}
