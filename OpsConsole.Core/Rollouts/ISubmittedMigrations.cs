using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the migration SQL that was submitted with a release showed.</summary>
public interface ISubmittedMigrations
{
    /// <summary>The worst class found, or null where no SQL was submitted.</summary>
    Task<MigrationClass?> WorstAsync(Guid releaseId, CancellationToken cancellationToken);
}

/// <summary>For a console that reads no SQL: the declared class holds.</summary>
public sealed class NoSubmittedMigrations : ISubmittedMigrations
{
    public Task<MigrationClass?> WorstAsync(Guid releaseId, CancellationToken cancellationToken) => Task.FromResult<MigrationClass?>(null);
}
