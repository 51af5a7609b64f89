namespace OpsConsole.Core.Access;

/// <summary>Roles of someone for whom they differ by environment.</summary>
public sealed class EnvironmentRoles : IEquatable<EnvironmentRoles>
{
    private readonly SortedDictionary<string, Role> _there;
    private readonly Role _elsewhere;

    /// <param name="elsewhere">The role in every environment that is not named.</param>
    /// <param name="there">The role in each environment that is named, in place of the one elsewhere. Names are compared without regard to case.</param>
    public EnvironmentRoles(Role elsewhere, IEnumerable<KeyValuePair<string, Role>> there)
    {
        ArgumentNullException.ThrowIfNull(there);
        _elsewhere = elsewhere;
        _there = new SortedDictionary<string, Role>(StringComparer.OrdinalIgnoreCase);
        foreach (var (environment, role) in there)
        {
            _there[environment] = role;
        }
    }

    /// <summary>The role that holds in every environment: the least of all.</summary>
    public Role Everywhere => Held.Min();

    /// <summary>Every role held somewhere.</summary>
    public IEnumerable<Role> Held => _there.Values.Append(_elsewhere);

    /// <summary>The role in every environment that is not named.</summary>
    public Role Elsewhere => _elsewhere;

    /// <summary>The environments that are named, in alphabetical order, with the role in each.</summary>
    public IEnumerable<KeyValuePair<string, Role>> Places => _there;

    /// <summary>The role in one environment.</summary>
    public Role In(string environment) => _there.GetValueOrDefault(environment, _elsewhere);

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is not that.</summary>
    public static EnvironmentRoles? Parse(string? text)
    {
        if (text?.Split(';') is not [var elsewhere, .. var rest] || Named(elsewhere) is not { } role)
        {
            return null;
        }

        var there = rest.Select(p => p.Split('=') is [var environment, var name] && Named(name) is { } held ? KeyValuePair.Create(environment, held) : default).ToList();
        return there.TrueForAll(p => p.Key is not null) ? new EnvironmentRoles(role, there) : null;
    }

    /// <summary>For example <c>ReleaseManager;production=Viewer</c>: the role elsewhere, then each environment that is named.</summary>
    public override string ToString() => string.Join(';', _there.Select(p => $"{p.Key}={p.Value}").Prepend(_elsewhere.ToString()));

    public bool Equals(EnvironmentRoles? other) => other is not null && ToString() == other.ToString();

    public override bool Equals(object? obj) => Equals(obj as EnvironmentRoles);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static Role? Named(string name) => Enum.TryParse<Role>(name, out var role) && Enum.IsDefined(role) ? role : null;
}
