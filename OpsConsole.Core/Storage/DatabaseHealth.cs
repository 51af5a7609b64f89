using Microsoft.EntityFrameworkCore;

namespace OpsConsole.Core.Storage;

/// <summary>Whether the database answers now. Anyone may ask for readiness, so the database is asked once at a time for all of them, by a connection of the pool, and the answer is kept for a moment.</summary>
public sealed class DatabaseHealth(IDbContextFactory<OpsConsoleDbContext> contexts, StorageReady ready, TimeProvider time)
{
    /// <summary>How long an answer serves.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<(bool Answers, long At)>? _asked;

    /// <summary>True when the schema is in place and the database answered within 2 s, at most <see cref="Kept"/> ago. Never throws for what the database does.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        if (!ready.IsReady)
        {
            return false;
        }

        Task<(bool Answers, long At)> asked;
        lock (_lock)
        {
            if (_asked is null || (_asked.IsCompleted && !IsFresh(_asked.Result.At)))
            {
                // Of no caller's own, so that one who goes away takes nothing from the others; and elsewhere, so that the lock is not held while a connection is made.
                _asked = Task.Run(AskInTimeAsync, CancellationToken.None);
            }

            asked = _asked;
        }

        return (await asked.WaitAsync(cancellationToken)).Answers;
    }

    private bool IsFresh(long at) => time.GetElapsedTime(at) is var age && age >= TimeSpan.Zero && age < Kept;

    private async Task<(bool Answers, long At)> AskInTimeAsync()
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        try
        {
            return (await AskAsync(deadline.Token).WaitAsync(deadline.Token), time.GetTimestamp());
        }
#pragma warning disable CA1031 // Whatever keeps it from answering, it does not answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (false, time.GetTimestamp());
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        return await context.Database.ExecuteSqlRawAsync("SELECT 1", cancellationToken) != 0;
    }
}
