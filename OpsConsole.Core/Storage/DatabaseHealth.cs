using Microsoft.EntityFrameworkCore;

namespace OpsConsole.Core.Storage;

/// <summary>Whether the database answers now.</summary>
public sealed class DatabaseHealth(IDbContextFactory<OpsConsoleDbContext> contexts, StorageReady ready, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>True when the schema is in place and the database answered within 2 s. Never throws for what the database does.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        if (!ready.IsReady)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await AskAsync(both.Token).WaitAsync(both.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        return await context.Database.CanConnectAsync(cancellationToken) && await context.Database.ExecuteSqlRawAsync("SELECT 1", cancellationToken) != 0;
    }
}
