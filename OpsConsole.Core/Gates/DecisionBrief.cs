using OpsConsole.Core.Gates.Rules;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>What is said of a release's database change, and by whom.</summary>
/// <param name="Declared">What the registration declares.</param>
/// <param name="Submitted">The worst that submitted SQL shows; null where none was posted.</param>
/// <param name="ChangeSet">What the change set says; null where it says nothing.</param>
public sealed record SchemaSaid(MigrationClass Declared, MigrationClass? Submitted, MigrationClass? ChangeSet)
{
    /// <summary>What a person should see: nobody is told of less than someone said.</summary>
    public MigrationClass Worst => (MigrationClass)Math.Max((int)GatesGoBy, (int)(ChangeSet ?? MigrationClass.None));

    /// <summary>What gates and roll back are held to.</summary>
    public MigrationClass GatesGoBy => (MigrationClass)Math.Max((int)Declared, (int)(Submitted ?? MigrationClass.None));

    /// <summary>Who said what, as sentences; null where all say the same.</summary>
    public string? Difference
    {
        get
        {
            if ((Submitted ?? Declared) == Declared && (ChangeSet ?? Declared) == Declared)
            {
                return null;
            }

            var said = $"The release declares {Word(Declared)}"
                + (Submitted is { } sql ? $", the submitted SQL shows {Word(sql)}" : "")
                + (ChangeSet is { } set ? $", its change set says {Word(set)}" : "");
            return Worst == GatesGoBy
                ? $"{said}. The worst of these is shown, and the gates go by it."
                : $"{said}. The worst of these is shown; the gates go by what is declared and by submitted SQL, so by {Word(GatesGoBy)}. Post the migration's SQL, or declare it.";
        }
    }

    /// <summary>Works it out from what was posted.</summary>
    public static SchemaSaid Of(Release release, IReadOnlyList<EvidenceItem> evidence, ChangeSet? changes)
    {
        ArgumentNullException.ThrowIfNull(release);
        var submitted = CurrentEvidence.Of(evidence).Any(e => e.Kind == "migration") ? CurrentEvidence.Migration(MigrationClass.None, evidence) : (MigrationClass?)null;
        return new(release.Migration, submitted, changes?.Schema?.Class);
    }

    private static string Word(MigrationClass kind) => kind == MigrationClass.None ? "no schema change" : kind.ToString().ToLowerInvariant();
}

/// <summary>What someone decides on who is asked to approve a promotion, beside its gates: what changes, and what speaks for it.</summary>
public sealed record DecisionBrief
{
    /// <summary>How much code changes; null where that was not said.</summary>
    public ChangeSize? Size { get; init; }

    public required SchemaSaid Schema { get; init; }

    /// <summary>The newest analysis; null before the first.</summary>
    public AnalysisRun? Analysis { get; init; }

    /// <summary>True where that analysis is of the stage that the release is in.</summary>
    public bool IsOfThisStage { get; init; }

    /// <summary>The evidence that counts, by stage and source: the same that the seal is over.</summary>
    public IReadOnlyList<EvidenceItem> Evidence { get; init; } = [];
}

/// <summary>Reads what people decide on.</summary>
public sealed class DecisionBriefs(IChangeStore changes, IEvidenceStore evidence, IAnalysisStore analyses)
{
    /// <summary>All of it for one release.</summary>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<DecisionBrief> ReadAsync(Release release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var (items, set) = await PostedAsync(release, cancellationToken).ConfigureAwait(false);
        var newest = await analyses.LatestAsync(release.Id, 1, cancellationToken).ConfigureAwait(false) is [var run, ..] ? run : null;
        return new DecisionBrief
        {
            Size = set?.Code is { } code and not { LinesAdded: null, LinesRemoved: null, Files: null } ? ChangeSize.Of(code) : null,
            Schema = SchemaSaid.Of(release, items, set),
            Analysis = newest,
            IsOfThisStage = newest?.StageIndex == release.StageIndex,
            Evidence = CurrentEvidence.Of(items),
        };
    }

    /// <summary>What is said of its database change alone.</summary>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<SchemaSaid> SchemaAsync(Release release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var (items, set) = await PostedAsync(release, cancellationToken).ConfigureAwait(false);
        return SchemaSaid.Of(release, items, set);
    }

    private async Task<(IReadOnlyList<EvidenceItem> Evidence, ChangeSet? Changes)> PostedAsync(Release release, CancellationToken cancellationToken) =>
    (
        await evidence.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false),
        await changes.FindAsync([release.Id], cancellationToken).ConfigureAwait(false) is [var posted, ..] ? ChangeSetText.Read(posted.Json) : null
    );
}
