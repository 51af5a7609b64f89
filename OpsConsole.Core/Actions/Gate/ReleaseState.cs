using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What the rules need to know of a release: read from the record for a command, from the board for a preview.</summary>
public sealed record ReleaseState
{
    public required Guid Id { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    public string? PreviousVersion { get; init; }

    public string? SwitchKey { get; init; }

    public MigrationClass Migration { get; init; }

    /// <summary>Why only a person may decide to roll it back.</summary>
    public RollbackDoubts Doubts { get; init; }

    public required ReleasePhase Phase { get; init; }

    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>Index into <see cref="Stages"/>; -1 before the first.</summary>
    public required int StageIndex { get; init; }

    public required double ExposurePercent { get; init; }

    public required DateTimeOffset StageEnteredAt { get; init; }

    /// <summary>Revision of the record that this tells of.</summary>
    public required int Revision { get; init; }

    /// <summary>The stage the release is in, or null before the first.</summary>
    public Stage? CurrentStage => StageIndex >= 0 && StageIndex < Stages.Count ? Stages[StageIndex] : null;

    /// <summary>The stage a promotion would lead to, or null at the last.</summary>
    public Stage? NextStage => StageIndex + 1 < Stages.Count ? Stages[StageIndex + 1] : null;

    /// <summary>True when no promotion of it was ever confirmed: nobody has it.</summary>
    public bool IsUnexposed => StageIndex < 0 && ExposurePercent <= 0;

    /// <summary>In words: "shop 2.15.0 on gateway, production".</summary>
    public string Title => $"{Service} {Version} on {Target}, {Environment}";

    public static ReleaseState From(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return new()
        {
            Id = release.Id,
            Service = release.Service,
            Target = release.Target,
            Environment = release.Environment,
            Version = release.Version,
            PreviousVersion = release.PreviousVersion,
            SwitchKey = release.SwitchKey,
            Migration = release.Migration,
            Phase = release.Phase,
            Stages = release.Stages,
            StageIndex = release.StageIndex,
            ExposurePercent = release.ExposurePercent,
            StageEnteredAt = release.StageEnteredAt,
            Revision = release.Revision,
        };
    }

    public static ReleaseState From(ReleaseSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new()
        {
            Id = snapshot.Id,
            Service = snapshot.Service,
            Target = snapshot.Target,
            Environment = snapshot.Environment,
            Version = snapshot.Version,
            PreviousVersion = snapshot.PreviousVersion,
            SwitchKey = snapshot.Switch?.Key,
            Migration = Worse(snapshot.Migration, snapshot.Policy?.Migration),
            Doubts = snapshot.Policy?.Doubts ?? RollbackDoubts.None,
            Phase = snapshot.Phase,
            Stages = snapshot.Stages,
            StageIndex = snapshot.StageIndex,
            ExposurePercent = snapshot.ExposurePercent,
            StageEnteredAt = snapshot.StageEnteredAt,
            Revision = snapshot.Revision,
        };
    }

    /// <summary>The same release, held to the worse of what is known and what was found of its migration.</summary>
    public ReleaseState With(MigrationStanding found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return this with { Migration = Worse(Migration, found.Class), Doubts = Doubts | found.Doubts };
    }

    /// <summary>The worse of the declared class and what submitted SQL showed.</summary>
    private static MigrationClass Worse(MigrationClass declared, MigrationClass? found) => found > declared ? found.Value : declared;
}
