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
    /// <exception cref="StorageStartException">The schema was made by a later version of the console.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(StatementLimit);
        var pending = await PendingAsync(context, cancellationToken);
        if (pending > 0)
        {
            log.LogInformation("Database: applying {Count} {Noun}", pending, pending == 1 ? "migration" : "migrations");
            await context.Database.MigrateAsync(cancellationToken);
        }

        while (!await AuditChaining.BeginAsync(context, cancellationToken))
        {
            context.ChangeTracker.Clear();
            log.LogInformation("Database: putting the audit of before into its chain");
        }
    }

    /// <summary>True for what trying again later can mend: the database is away or slow.</summary>
    public static bool MayPass(Exception exception) => DatabaseErrors.IsUnavailable(exception);

    private static async Task<int> PendingAsync(OpsConsoleDbContext context, CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        look.CancelAfter(LookLimit);
        try
        {
            var known = context.Database.GetMigrations().ToHashSet();
            var applied = (await context.Database.GetAppliedMigrationsAsync(look.Token)).ToList();
            return applied.Find(m => !known.Contains(m)) is { } later
                ? throw new StorageStartException($"The database was migrated by a later version of the console ({later}): use that version, or restore a backup from before it.")
                : known.Count - applied.Count;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The database did not answer within {LookLimit.TotalSeconds:0} s.", e);
        }
    }
}
