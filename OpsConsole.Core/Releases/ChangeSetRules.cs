namespace OpsConsole.Core.Releases;

/// <summary>What a posted change set must be like. Finds every fault at once, each at its path.</summary>
public static class ChangeSetRules
{
    /// <summary>Most entries of one list.</summary>
    public const int MaxEntries = 2_000;

    /// <summary>Most lines that are added or removed; above it something was counted wrongly.</summary>
    public const long MaxLines = 100_000_000;

    private const int MaxFaults = 100;
    private const int MaxText = 256;
    private const int MaxPath = 512;
    private const int MaxCount = 1_000_000;

    /// <summary>The faults, at most 100; empty when the change set can be kept.</summary>
    public static IReadOnlyList<RegistrationFault> Faults(ChangeSet changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        IEnumerable<RegistrationFault> all =
        [
            .. Empty(changes), .. Code(changes.Code), .. Named("config", changes.Config), .. Schema(changes.Schema), .. Named("flags", changes.Flags),
            .. Dependencies(changes.Dependencies), .. Infrastructure(changes.Infrastructure), .. Named("secrets", changes.Secrets),
        ];
        return [.. all.Take(MaxFaults)];
    }

    private static IEnumerable<RegistrationFault> Empty(ChangeSet c)
    {
        if (c is { Code: null, Config: null, Schema: null, Flags: null, Dependencies: null, Infrastructure: null, Secrets: null })
        {
            yield return new("code", "Nothing is said; give at least one of code, config, schema, flags, dependencies, infrastructure and secrets.");
        }
    }

    private static IEnumerable<RegistrationFault> Code(CodeChange? code)
    {
        if (code is null)
        {
            return [];
        }

        return
        [
            .. Lines("code.linesAdded", code.LinesAdded), .. Lines("code.linesRemoved", code.LinesRemoved),
            .. List("code.commits", code.Commits, c => c.Id, Commit), .. List("code.files", code.Files, f => f.Path, File),
            .. Total("code.linesAdded", code.LinesAdded, ChangeSize.ListedAdded(code)), .. Total("code.linesRemoved", code.LinesRemoved, ChangeSize.ListedRemoved(code)),
        ];
    }

    /// <summary>A total counts every file, so it is at least what the listed ones come to.</summary>
    private static IEnumerable<RegistrationFault> Total(string path, long? total, long listed)
    {
        if (total is { } said && said >= 0 && said < listed)
        {
            yield return new(path, $"Must be at least {listed}, which the listed files come to; it is {said}.");
        }
    }

    private static IEnumerable<RegistrationFault> Commit(string path, CommitChange commit) =>
        [.. Text($"{path}.id", commit.Id, 64), .. Optional($"{path}.title", commit.Title, MaxPath), .. Optional($"{path}.author", commit.Author, MaxText)];

    private static IEnumerable<RegistrationFault> File(string path, FileChange file) =>
        [.. Text($"{path}.path", file.Path, MaxPath), .. Lines($"{path}.linesAdded", file.LinesAdded), .. Lines($"{path}.linesRemoved", file.LinesRemoved)];

    private static IEnumerable<RegistrationFault> Schema(SchemaChange? schema)
    {
        if (schema is null)
        {
            yield break;
        }

        if (schema.Class is null || !Enum.IsDefined(schema.Class.Value))
        {
            yield return new("schema.class", "Must be none, expand, migrate or contract.");
        }

        foreach (var fault in Count("schema.irreversible", schema.Irreversible).Concat(List("schema.findings", schema.Findings, f => f.Code, Finding)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<RegistrationFault> Finding(string path, SchemaFinding finding) =>
        [
            .. Text($"{path}.code", finding.Code, 64), .. Count($"{path}.count", finding.Count),
            .. finding.Severity is null ? new[] { new RegistrationFault($"{path}.severity", "Must be info, warning, danger or blocking.") } : [],
        ];

    private static IEnumerable<RegistrationFault> Named(string path, IReadOnlyList<NamedChange>? changes) => List(path, changes, c => c.Name, (at, change) => Named(at, change));

    private static IEnumerable<RegistrationFault> Named(string path, NamedChange change)
    {
        if (SecretNames.Fault(change.Name) is { } fault)
        {
            yield return new($"{path}.name", fault);
        }

        if (change.Change is null)
        {
            yield return new($"{path}.change", "Must be added, changed or removed.");
        }
    }

    private static IEnumerable<RegistrationFault> Dependencies(IReadOnlyList<DependencyChange>? all) => List("dependencies", all, d => d.Name, Dependency);

    private static IEnumerable<RegistrationFault> Dependency(string path, DependencyChange d)
    {
        foreach (var fault in Text($"{path}.name", d.Name, MaxText).Concat(Optional($"{path}.from", d.From, 128)).Concat(Optional($"{path}.to", d.To, 128)))
        {
            yield return fault;
        }

        if (d.From == d.To)
        {
            yield return new(path, "Must have different versions in from and to; leave out from where it is new and to where it is gone.");
        }
    }

    private static IEnumerable<RegistrationFault> Infrastructure(InfrastructureChange? plan) => plan is null
        ? []
        : [.. Count("infrastructure.add", plan.Add), .. Count("infrastructure.change", plan.Change), .. Count("infrastructure.destroy", plan.Destroy)];

    private static IEnumerable<RegistrationFault> List<T>(string path, IReadOnlyList<T>? list, Func<T, string?> key, Func<string, T, IEnumerable<RegistrationFault>> faults)
        where T : class
    {
        if (list is null)
        {
            yield break;
        }

        if (list.Count > MaxEntries)
        {
            yield return new(path, $"Must have at most {MaxEntries} entries; it has {list.Count}.");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not { } entry)
            {
                yield return new($"{path}[{i}]", "Is null.");
                continue;
            }

            foreach (var fault in faults($"{path}[{i}]", entry))
            {
                yield return fault;
            }

            if (key(entry) is { } name && !seen.Add(name))
            {
                yield return new($"{path}[{i}]", "Is there twice; name each once.");
            }
        }
    }

    private static IEnumerable<RegistrationFault> Lines(string path, long? lines)
    {
        if (lines is not (>= 0 and <= MaxLines))
        {
            yield return new(path, $"Must be a whole number from 0 to {MaxLines}.");
        }
    }

    private static IEnumerable<RegistrationFault> Count(string path, int? count)
    {
        if (count is not (>= 0 and <= MaxCount))
        {
            yield return new(path, $"Must be a whole number from 0 to {MaxCount}.");
        }
    }

    private static IEnumerable<RegistrationFault> Optional(string path, string? text, int most) => text is null ? [] : Text(path, text, most);

    private static IEnumerable<RegistrationFault> Text(string path, string? text, int most)
    {
        if (text is null || text.Length == 0 || text.Length > most || text.Any(char.IsControl) || !text.IsWholeText())
        {
            yield return new(path, $"Must be 1 to {most} characters without control characters.");
        }
    }

    /// <summary>True where every surrogate has its other half.</summary>
    private static bool IsWholeText(this string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
