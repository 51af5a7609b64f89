namespace OpsConsole.Core.Releases;

/// <summary>The releases that lead from one version to another.</summary>
/// <param name="Steps">Behind the first version, oldest first, the last one being where it leads.</param>
/// <param name="Missing">Versions on the way that are not registered.</param>
public sealed record ReleaseWay(IReadOnlyList<Release> Steps, IReadOnlyList<string> Missing)
{
    /// <summary>Finds the way by what each release says came before it, so that a release which was rolled back is not on it; where that chain ends early, by the order of registration, and then whoever was rolled back is left out.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it leads.</param>
    /// <param name="others">Releases of the same service, target and environment as <paramref name="to"/>, in any order.</param>
    public static ReleaseWay Between(Release from, Release to, IReadOnlyList<Release> others)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(others);
        var byVersion = others.Where(r => r.Id != to.Id).GroupBy(r => r.Version, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.MaxBy(r => r.RegisteredAt)!, StringComparer.Ordinal);
        var chain = new List<Release> { to };
        var seen = new HashSet<string>(StringComparer.Ordinal) { to.Version };
        var before = to.PreviousVersion;
        while (before is not null && before != from.Version && seen.Add(before) && byVersion.TryGetValue(before, out var step))
        {
            chain.Insert(0, step);
            before = step.PreviousVersion;
        }

        if (before == from.Version)
        {
            return new ReleaseWay(chain, []);
        }

        var known = chain.Select(r => r.Id).ToHashSet();
        var inOrder = others
            .Where(r => known.Contains(r.Id) || (r.Version != from.Version && r.RegisteredAt > from.RegisteredAt && r.RegisteredAt < to.RegisteredAt && r.Phase != ReleasePhase.RolledBack))
            .Append(to).DistinctBy(r => r.Id).OrderBy(r => r.RegisteredAt).ThenBy(r => r.Id).ToList();
        return new ReleaseWay(inOrder, before is not null && !byVersion.ContainsKey(before) ? [before] : []);
    }
}
