using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Core.Access;

/// <summary>Scopes as people and pipelines write them: one <c>environment:resource:verb</c> for each thing.</summary>
public static class ScopeText
{
    /// <summary>Most grants of one scope.</summary>
    public const int MaxGrants = 100;

    /// <summary>Reads one grant; null where it is not one that a token can hold.</summary>
    public static AccessGrant? Read(string text) => Take(text, out _);

    /// <summary>Reads a scope, or says everything that is wrong with it.</summary>
    public static (AccessScope? Scope, IReadOnlyList<string> Faults) Read(IReadOnlyList<string>? grants)
    {
        if (grants is not { Count: > 0 and <= MaxGrants })
        {
            return (null, [$"A scope has 1 to {MaxGrants} grants, each written environment:resource:verb."]);
        }

        List<AccessGrant> read = [];
        List<string> faults = [];
        foreach (var text in grants)
        {
            if (Take((text ?? "").Trim(), out var fault) is { } grant)
            {
                read.Add(grant);
            }
            else
            {
                faults.Add(fault!);
            }
        }

        return faults.Count > 0 ? (null, faults) : (new AccessScope(read), []);
    }

    private static AccessGrant? Take(string text, out string? fault)
    {
        fault = null;
        var shown = PlainText.Of(text) is { Length: > 160 } longer ? longer[..160] + "…" : PlainText.Of(text);
        if (text.Split(':') is not [var environment, var resource, var verb])
        {
            fault = $"“{shown}” is not environment:resource:verb.";
            return null;
        }

        var name = $"{resource}:{verb}";
        if (PermissionTable.Named(name) is not { } row)
        {
            var near = Spelling.Nearest(name, PermissionTable.Rows.Select(r => r.Name));
            fault = $"There is no permission in “{shown}”{(near is null ? "." : $"; did you mean {PlainText.Of(environment)}:{near}?")}";
            return null;
        }

        if (!row.Roles.Contains(Role.Service))
        {
            fault = $"{row.Name} cannot be given to a token: {(row.Permission == Permission.FlagsEvaluate ? "flags are read with a flag client's token" : "it is for people only")}.";
            return null;
        }

        if (environment != AccessScope.AnyEnvironment && !row.ByEnvironment)
        {
            fault = $"{row.Name} is not about one environment: write {AccessScope.AnyEnvironment}:{row.Name}.";
            return null;
        }

        if (environment != AccessScope.AnyEnvironment && !CatalogName.IsValid(environment))
        {
            fault = $"The environment in “{shown}” needs {CatalogName.Form}, or is {AccessScope.AnyEnvironment} for every one.";
            return null;
        }

        return new AccessGrant(environment, row.Permission);
    }
}
