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

    /// <summary>Why someone may not, with who can; with where, of someone whose roles differ by environment.</summary>
    /// <param name="role">The role that counts there.</param>
    /// <param name="seenFrom"><see cref="Operator.SeenFrom"/>.</param>
    /// <param name="what">The doing in words, to follow "may not".</param>
    /// <param name="permission">What it needs.</param>
    public static string MayNot(Role role, string? seenFrom, string what, Permission permission)
    {
        var who = Join(PermissionTable.PeopleWith(permission));
        return seenFrom switch
        {
            null => $"The role {role.Title()} may not {what}; ask someone who is {who}.",
            "" => $"For all environments at once the least of your roles counts, {role.Title()}, which may not {what}; ask someone who is {who} in all of them.",
            _ => $"In {seenFrom} you are {role.Title()}, which may not {what}; ask someone who is {who} there.",
        };
    }

    /// <summary>Several, joined for a sentence: "on-call, release manager or admin".</summary>
    public static string Join(IReadOnlyList<Role> roles) => roles.Count switch
    {
        0 => "nobody",
        1 => roles[0].Title(),
        _ => $"{string.Join(", ", roles.Take(roles.Count - 1).Select(Title))} or {roles[^1].Title()}",
    };
}
