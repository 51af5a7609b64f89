using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>The roles that someone's claims give.</summary>
/// <param name="Everywhere">The role that holds in every environment.</param>
/// <param name="ByEnvironment">Roles where they differ by environment, else null.</param>
internal sealed record MappedRoles(Role Everywhere, EnvironmentRoles? ByEnvironment);

/// <summary>From roles or groups at the issuer to roles of the console. Pure.</summary>
internal static class RoleMapping
{
    /// <summary>The greatest role that the values give, everywhere and by environment; null where they give none.</summary>
    public static MappedRoles? Map(SignInOptions options, IReadOnlyCollection<string> values)
    {
        ArgumentNullException.ThrowIfNull(options);
        var elsewhere = Greatest(options.Roles, values);
        var there = options.Environments.Select(e => KeyValuePair.Create(e.Key, Greatest(e.Value, values))).ToList();
        if (elsewhere is null && there.TrueForAll(t => t.Value is null))
        {
            return null;
        }

        if (there.Count == 0)
        {
            return new MappedRoles(elsewhere!.Value, null);
        }

        var places = new EnvironmentRoles(elsewhere ?? Role.Viewer, there.Select(t => KeyValuePair.Create(t.Key, t.Value ?? Role.Viewer)));
        return new MappedRoles(places.Everywhere, places);
    }

    /// <summary>Whether anyone could be admin everywhere, holding every value that makes one somewhere.</summary>
    public static bool LetsAdminister(SignInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var values = options.Roles.Concat(options.Environments.Values.SelectMany(e => e)).Where(r => Named(r.Key) == Role.Admin).SelectMany(r => r.Value).ToList();
        return Map(options, values)?.Everywhere == Role.Admin;
    }

    /// <summary>A role of people by its name, in any case; null where there is none.</summary>
    public static Role? Named(string name) => Enum.TryParse<Role>(name, ignoreCase: true, out var role) && SignInOptions.People.Contains(role) && !char.IsDigit(name[0]) ? role : null;

    private static Role? Greatest(IEnumerable<KeyValuePair<string, string[]>> roles, IReadOnlyCollection<string> values) => roles
        .Where(r => r.Value.Any(v => values.Contains(v, StringComparer.Ordinal)))
        .Select(r => Named(r.Key))
        .Max();
}
