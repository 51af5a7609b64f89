namespace OpsConsole.Core.Releases;

/// <summary>A version on the way whose change set is not there, so that what it changed is not in the sum.</summary>
/// <param name="Version">The version.</param>
/// <param name="ReleaseId">Its release, or null where it is not registered here.</param>
/// <param name="Sentence">What is missing, for people.</param>
public sealed record ChangeGap(string Version, Guid? ReleaseId, string Sentence);

/// <summary>A part that a version on the way did not say anything about.</summary>
/// <param name="Version">The version.</param>
/// <param name="Parts">The parts, by their names in the JSON.</param>
public sealed record UnsaidParts(string Version, IReadOnlyList<string> Parts);

/// <summary>What changed on the way from one release to another.</summary>
public sealed record ChangesBetween
{
    /// <summary>The version that it starts from, or null where the change set of one release is meant.</summary>
    public required string? From { get; init; }

    public required string To { get; init; }

    /// <summary>The versions whose changes are in the sum or missing from it, oldest first.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>All of the changes that are known, together.</summary>
    public required ChangeSet Changes { get; init; }

    /// <summary>Of the code that is known, or null where no version says anything about code.</summary>
    public required ChangeSize? Size { get; init; }

    public required IReadOnlyList<ChangeGap> Gaps { get; init; }

    public required IReadOnlyList<UnsaidParts> Unsaid { get; init; }

    /// <summary>False where something on the way is not known: the sum is then a lower bound.</summary>
    public bool IsComplete => Gaps.Count == 0 && Unsaid.Count == 0;

    /// <summary>Sums up what the releases of a way change.</summary>
    /// <param name="from">The version that it starts from, not itself part of the sum.</param>
    /// <param name="way">The releases behind it, oldest first, the last one being where it leads; a null change set is a gap.</param>
    /// <param name="missing">Versions on the way that are not registered here.</param>
    public static ChangesBetween Of(string? from, IReadOnlyList<(Release Release, ChangeSet? Changes)> way, IReadOnlyList<string> missing)
    {
        ArgumentNullException.ThrowIfNull(way);
        ArgumentNullException.ThrowIfNull(missing);
        var changes = ChangeSetMerge.Merge([.. way.Select(w => w.Changes).OfType<ChangeSet>()]);
        return new ChangesBetween
        {
            From = from,
            To = way[^1].Release.Version,
            Versions = [.. missing, .. way.Select(w => w.Release.Version)],
            Changes = changes,
            Size = changes.Code is { } code ? ChangeSize.Of(code) : null,
            Gaps =
            [
                .. missing.Select(v => new ChangeGap(v, null, $"{v} is on the way but is not registered here, so what it changed is not known.")),
                .. way.Where(w => w.Changes is null).Select(w => new ChangeGap(w.Release.Version, w.Release.Id, $"{w.Release.Version} has no change set, so what it changed is not known.")),
            ],
            Unsaid = [.. way.Where(w => w.Changes is not null).Select(w => new UnsaidParts(w.Release.Version, Missing(w.Changes!))).Where(u => u.Parts.Count > 0)],
        };
    }

    private static List<string> Missing(ChangeSet set)
    {
        (string Name, object? Part)[] parts =
        [
            ("code", set.Code), ("config", set.Config), ("schema", set.Schema), ("flags", set.Flags), ("dependencies", set.Dependencies), ("infrastructure", set.Infrastructure), ("secrets", set.Secrets),
        ];
        return [.. parts.Where(p => p.Part is null).Select(p => p.Name)];
    }
}
