using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace OpsConsole.Core.Storage;

/// <summary>Brings the database's schema to the one this version needs.</summary>
public sealed class SchemaMigration(IDbContextFactory<OpsConsoleDbContext> contexts, ILogger<SchemaMigration> log)
{
    /// <summary>Longest time one statement of a migration may take: building an index on a large history is slow.</summary>
    private static readonly TimeSpan StatementLimit = TimeSpan.FromMinutes(10);

    /// <summary>Longest time to find out what is pending.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(20);

    /// <summary>Applies what is pending. Two consoles that do this at once wait for each other.</summary>
    /// <exception cref="StorageStartException">The schema was made by a later version of the console, or the console's role may not change it.</exception>
    public Task ApplyAsync(CancellationToken cancellationToken) => ApplyAsync(migrate: true, cancellationToken);

    /// <param name="migrate">False where someone else migrates: then what is missing is said, and nothing is changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ApplyAsync(CancellationToken)"/>
    public async Task ApplyAsync(bool migrate, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(StatementLimit);
        var pending = await PendingAsync(context, cancellationToken);
        if (pending.Count > 0)
        {
            await MigrateAsync(context, pending, migrate, cancellationToken);
        }

        while (!await AuditChaining.BeginAsync(context, cancellationToken))
        {
            context.ChangeTracker.Clear();
            log.LogInformation("Database: putting the audit of before into its chain");
        }
    }

    /// <summary>True for what trying again later can mend: the database is away or slow.</summary>
    public static bool MayPass(Exception exception) => DatabaseErrors.IsUnavailable(exception);

    private async Task MigrateAsync(OpsConsoleDbContext context, List<string> pending, bool migrate, CancellationToken cancellationToken)
    {
        var missing = $"The database lacks {(pending.Count == 1 ? "a migration" : $"{pending.Count} migrations")} of this version ({string.Join(", ", pending)})";
        const string Remedy = "run the script that `database script` writes, as the owner of the schema.";
        if (!migrate)
        {
            throw new StorageStartException($"{missing}, and Database:Migrate is false: {Remedy}");
        }

        log.LogInformation("Database: applying {Count} {Noun}", pending.Count, pending.Count == 1 ? "migration" : "migrations");
        try
        {
            await context.Database.MigrateAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseErrors.IsForbidden(e))
        {
            throw new StorageStartException($"{missing}, and the console's role may not change the schema: {Remedy}", e);
        }
    }

    private static async Task<List<string>> PendingAsync(OpsConsoleDbContext context, CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        look.CancelAfter(LookLimit);
        try
        {
            var known = context.Database.GetMigrations().ToList();
            var applied = (await context.Database.GetAppliedMigrationsAsync(look.Token)).ToList();
            return applied.Find(m => !known.Contains(m)) is { } later
                ? throw new StorageStartException($"The database was migrated by a later version of the console ({later}): use that version, or restore a backup from before it.")
                : [.. known.Except(applied)];
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The database did not answer within {LookLimit.TotalSeconds:0} s.", e);
        }
    }
}
