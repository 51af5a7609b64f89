namespace OpsConsole.Core.Access;

/// <summary>One thing that a scope holds: a permission, in one environment or in all of them. Written <c>environment:resource:verb</c>.</summary>
/// <param name="Environment">The environment, or <see cref="AccessScope.AnyEnvironment"/>.</param>
/// <param name="Permission">What is held there.</param>
public sealed record AccessGrant(string Environment, Permission Permission)
{
    /// <summary>True where it holds in every environment.</summary>
    public bool IsEverywhere => Environment == AccessScope.AnyEnvironment;

    /// <summary>True where it holds in an environment; null: in all of them.</summary>
    public bool HoldsIn(string? environment) => IsEverywhere || Environment == environment;

    public override string ToString() => $"{Environment}:{PermissionTable.Row(Permission).Name}";
}

/// <summary>What a service token is narrowed to. It never adds to a role: what is not in it the token has not.</summary>
public sealed class AccessScope : IEquatable<AccessScope>
{
    /// <summary>Stands for every environment.</summary>
    public const string AnyEnvironment = "*";

    private readonly AccessGrant[] _grants;
    private readonly string _text;
    private readonly (bool IsSet, string? Environment) _from;

    public AccessScope(IEnumerable<AccessGrant> grants)
        : this([.. grants.Distinct().OrderBy(g => g.ToString(), StringComparer.Ordinal)], default)
    {
    }

    private AccessScope(AccessGrant[] grants, (bool IsSet, string? Environment) from)
    {
        (_grants, _from) = (grants, from);
        _text = string.Join(' ', grants.Select(g => g.ToString()));
    }

    /// <summary>Everything that it holds, by name.</summary>
    public IReadOnlyList<AccessGrant> Grants => _grants;

    /// <summary>The environments that it names; <see cref="AnyEnvironment"/> is none of them.</summary>
    public IEnumerable<string> Environments => _grants.Where(g => !g.IsEverywhere).Select(g => g.Environment).Distinct(StringComparer.Ordinal);

    /// <summary>The scope as it is in one environment; without one, as what holds in all of them.</summary>
    public AccessScope SeenFrom(string? environment) => new(_grants, (true, environment));

    /// <summary>True when the permission is held where the scope is seen from; before that was said, when it is held anywhere.</summary>
    public bool Holds(Permission permission) => _grants.Any(g => g.Permission == permission && (!_from.IsSet || g.HoldsIn(_from.Environment)));

    /// <summary>True when everything that the other one holds is held here as well.</summary>
    public bool Covers(AccessScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other._grants.All(Covers);
    }

    /// <summary>True when a grant is held here as well.</summary>
    public bool Covers(AccessGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return _grants.Any(g => g.Permission == grant.Permission && (g.IsEverywhere || g.Environment == grant.Environment));
    }

    /// <summary>Why the permission is not held, to follow "This token".</summary>
    /// <param name="permission">What is needed.</param>
    /// <param name="what">The doing in words, for example "promote".</param>
    public string WhyNot(Permission permission, string what)
    {
        var elsewhere = _grants.Where(g => g.Permission == permission).Select(g => g.Environment).ToList();
        var name = PermissionTable.Row(permission).Name;
        return elsewhere.Count == 0 ? $"may not {what}: {name} is not in its scope"
            : $"may {what} in {string.Join(" and ", elsewhere)} only, and not {(_from.Environment is { } there ? $"in {there}" : "everywhere")}: {_from.Environment ?? AnyEnvironment}:{name} is not in its scope";
    }

    /// <summary>Reads what <see cref="ToString"/> wrote. What the table does not know any more is left out: it is then not held.</summary>
    public static AccessScope Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ScopeText.Read).OfType<AccessGrant>());
    }

    /// <summary>The grants, one after the other, with a space between two.</summary>
    public override string ToString() => _text;

    public bool Equals(AccessScope? other) => other is not null && (_text, _from) == (other._text, other._from);

    public override bool Equals(object? obj) => Equals(obj as AccessScope);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);
}
