namespace OpsConsole.Core.Releases;

/// <summary>Makes one change set of several that follow each other.</summary>
public static class ChangeSetMerge
{
    /// <summary>What all of them change together, oldest first. A part that none of them says is null.</summary>
    public static ChangeSet Merge(IReadOnlyList<ChangeSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return new ChangeSet
        {
            Code = Code([.. Said(sets, s => s.Code)]),
            Config = Named([.. Said(sets, s => s.Config)]),
            Schema = Schema([.. Said(sets, s => s.Schema)]),
            Flags = Named([.. Said(sets, s => s.Flags)]),
            Dependencies = Dependencies([.. Said(sets, s => s.Dependencies)]),
            Infrastructure = Infrastructure([.. Said(sets, s => s.Infrastructure)]),
            Secrets = Named([.. Said(sets, s => s.Secrets)]),
        };
    }

    private static IEnumerable<T> Said<T>(IEnumerable<ChangeSet> sets, Func<ChangeSet, T?> part)
        where T : class => sets.Select(part).OfType<T>();

    private static CodeChange? Code(List<CodeChange> all) => all.Count == 0 ? null : new CodeChange
    {
        Commits = All(all, c => c.Commits) is { } commits ? [.. commits.DistinctBy(c => c.Id)] : null,
        LinesAdded = all.Sum(c => c.LinesAdded ?? 0),
        LinesRemoved = all.Sum(c => c.LinesRemoved ?? 0),
        Files = All(all, c => c.Files) is { } files
            ? [.. files.GroupBy(f => f.Path).Select(g => new FileChange(g.Key, g.Sum(f => f.LinesAdded), g.Sum(f => f.LinesRemoved)))]
            : null,
    };

    /// <summary>A list is whole only where every part has one.</summary>
    private static IEnumerable<T>? All<T>(List<CodeChange> all, Func<CodeChange, IReadOnlyList<T>?> list) =>
        all.TrueForAll(c => list(c) is not null) ? all.SelectMany(c => list(c)!) : null;

    /// <summary>What was added and removed again did not change; what was removed and added again did.</summary>
    private static List<NamedChange>? Named(List<IReadOnlyList<NamedChange>> all)
    {
        if (all.Count == 0)
        {
            return null;
        }

        var merged = new Dictionary<string, ChangeKind>(StringComparer.Ordinal);
        foreach (var change in all.SelectMany(list => list))
        {
            var now = change.Change ?? ChangeKind.Changed;
            if (!merged.TryGetValue(change.Name, out var before))
            {
                merged[change.Name] = now;
            }
            else if (before == ChangeKind.Added && now == ChangeKind.Removed)
            {
                merged.Remove(change.Name);
            }
            else
            {
                merged[change.Name] = before == ChangeKind.Added ? ChangeKind.Added : now == ChangeKind.Removed ? ChangeKind.Removed : ChangeKind.Changed;
            }
        }

        return [.. merged.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new NamedChange(m.Key, m.Value))];
    }

    private static SchemaChange? Schema(List<SchemaChange> all) => all.Count == 0 ? null : new SchemaChange
    {
        Class = all.Max(s => s.Class),
        Findings =
        [
            .. all.SelectMany(s => s.Findings ?? []).GroupBy(f => f.Code).Select(g => new SchemaFinding(g.Key, g.Max(f => f.Severity), g.Sum(f => f.Count)))
                .OrderByDescending(f => f.Severity).ThenBy(f => f.Code, StringComparer.Ordinal),
        ],
        Irreversible = all.Sum(s => s.Irreversible),
    };

    /// <summary>From the version before the first to the version after the last; what came back to where it was did not change.</summary>
    private static List<DependencyChange>? Dependencies(List<IReadOnlyList<DependencyChange>> all) => all.Count == 0
        ? null
        :
        [
            .. all.SelectMany(list => list).GroupBy(d => d.Name).Select(g => new DependencyChange(g.Key, g.First().From, g.Last().To))
                .Where(d => d.From != d.To).OrderBy(d => d.Name, StringComparer.Ordinal),
        ];

    /// <summary>Operations, not resources: what one release adds and a later one destroys counts in both.</summary>
    private static InfrastructureChange? Infrastructure(List<InfrastructureChange> all) => all.Count == 0
        ? null
        : new InfrastructureChange(all.Sum(i => i.Add ?? 0), all.Sum(i => i.Change ?? 0), all.Sum(i => i.Destroy ?? 0));
}
