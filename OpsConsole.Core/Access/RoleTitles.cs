namespace OpsConsole.Core.Access;

/// <summary>Roles as people read them.</summary>
public static class RoleTitles
{
    /// <summary>For example "on-call" or "release manager".</summary>
    public static string Title(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.OnCall => "on-call",
        Role.ReleaseManager => "release manager",
        Role.Admin => "admin",
        Role.FlagClient => "flag client",
        Role.Service => "service token",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };

    /// <summary>Several, joined for a sentence: "on-call, release manager or admin".</summary>
    public static string Join(IReadOnlyList<Role> roles) => roles.Count switch
    {
        0 => "nobody",
        1 => roles[0].Title(),
        _ => $"{string.Join(", ", roles.Take(roles.Count - 1).Select(Title))} or {roles[^1].Title()}",
    };
}
