using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Identity;

/// <summary>Reads tokens of one kind when the database is there, so that they are known from memory from then on; follows what other consoles make and revoke, and notes now and then when tokens were last used.</summary>
internal abstract class TokenLoading<TStored, TKnown>(
    string what, StorageReady storage, ITokenStore<TStored> stored, TokenTable<TStored, TKnown> table, TimeProvider time, ILogger logger) : BackgroundService
    where TStored : class, IKeptToken
    where TKnown : class
{
    /// <summary>Time between two looks at what other consoles did.</summary>
    public static readonly TimeSpan Follow = TimeSpan.FromSeconds(3);

    /// <summary>Time between two notes of when tokens were used.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How far back a look reaches, for what was being written at the one before, and for clocks that differ.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        var read = time.GetUtcNow();
        while (!await TryAsync("cannot be read; trying again.", async () => table.Load(await stored.CountingAsync(stoppingToken)), stoppingToken))
        {
            await Task.Delay(Pause, time, stoppingToken);
            read = time.GetUtcNow();
        }

        var noted = read;
        using var timer = new PeriodicTimer(Follow, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            if (await TryAsync("cannot be followed now; those that are known go on counting.", async () => table.Load(await stored.ChangedSinceAsync(read - Overlap, stoppingToken)), stoppingToken))
            {
                read = now;
            }

            if (now - noted >= Interval)
            {
                noted = now;
                await NoteAsync(stoppingToken);
                table.Forget();
                await TryAsync("that are long over cannot be deleted now.", () => NowAndThenAsync(now, stoppingToken), stoppingToken);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Uses of the last minute are noted before the console ends, for as long as there is time for it.</remarks>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            if (table.IsLoaded)
            {
                await NoteAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The console ends without; what is lost is a use of the last minute.
        }
    }

    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        if (table.TakeUses() is { Count: > 0 } uses && !await TryAsync("were used, and when cannot be noted now.", () => stored.NoteUseAsync(uses, cancellationToken), cancellationToken))
        {
            table.Untake(uses);
        }
    }

    /// <summary>What else is to be done once a minute.</summary>
    protected virtual Task NowAndThenAsync(DateTimeOffset now, CancellationToken stoppingToken) => Task.CompletedTask;

    private async Task<bool> TryAsync(string otherwise, Func<Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await work();
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the database from answering now may be gone in a second.
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "{Tokens} {Sentence}", what, otherwise);
            return false;
        }
    }
}
