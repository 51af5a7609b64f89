using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Core.Storage;

/// <summary>How the stores reach the database: with a time limit, again when a connection broke, and with one exception when it cannot be reached.</summary>
public sealed class RecordDatabase(IDbContextFactory<OpsConsoleDbContext> contexts, StorageReady ready, TimeProvider time)
{
    /// <summary>Limit for what the board and the gate wait for.</summary>
    public static readonly TimeSpan Live = TimeSpan.FromSeconds(5);

    /// <summary>Limit for what people browse.</summary>
    public static readonly TimeSpan Browsing = TimeSpan.FromSeconds(15);

    private const int Tries = 4;

    private static readonly Histogram<double> Durations = new Meter(BoardMetrics.MeterName)
        .CreateHistogram<double>("opsconsole.database.duration", "s", "Time that reads and writes of the record took, further tries included.");

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private int _running;

    /// <summary>Reads and writes under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Reads, again when a connection broke.</summary>
    /// <exception cref="RecordUnavailableException">The database is away or did not answer within <paramref name="limit"/>.</exception>
    public Task<T> ReadAsync<T>(
        TimeSpan limit, Func<OpsConsoleDbContext, CancellationToken, Task<T>> read, CancellationToken cancellationToken, [CallerFilePath] string store = "", [CallerMemberName] string operation = "") =>
        TracedAsync("read", store, operation, limit, (context, _, token) => read(context, token), cancellationToken);

    /// <summary>Writes, again when a connection broke and <paramref name="written"/> does not find it done.</summary>
    /// <param name="limit">Longest time, all tries together.</param>
    /// <param name="write">Makes the change, all or nothing.</param>
    /// <param name="written">After a broken try: what the write came to if it had been made after all, else null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="store">Named in the span; left to the compiler.</param>
    /// <param name="operation">Likewise.</param>
    /// <exception cref="RecordUnavailableException">As for reading.</exception>
    public Task<T> WriteAsync<T>(
        TimeSpan limit,
        Func<OpsConsoleDbContext, CancellationToken, Task<T>> write,
        Func<OpsConsoleDbContext, CancellationToken, Task<T?>> written,
        CancellationToken cancellationToken,
        [CallerFilePath] string store = "",
        [CallerMemberName] string operation = "")
        where T : class => TracedAsync(
            "write",
            store,
            operation,
            limit,
            async (context, again, token) =>
            {
                if (again && await written(context, token) is { } before)
                {
                    return before;
                }

                try
                {
                    return await write(context, token);
                }
                catch (DbUpdateException e) when (again && (e is DbUpdateConcurrencyException || DatabaseErrors.IsDuplicate(e)))
                {
                    // The broken try was still being committed when it was looked for.
                    context.ChangeTracker.Clear();
                    if (await written(context, token) is { } late)
                    {
                        return late;
                    }

                    throw;
                }
            },
            cancellationToken);

    private async Task<T> TracedAsync<T>(
        string name, string store, string operation, TimeSpan limit, Func<OpsConsoleDbContext, bool, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var span = ConsoleTrace.Begin($"record {name}", ActivityKind.Client);
        span?.SetTag("db.operation.name", $"{Path.GetFileNameWithoutExtension(store)}.{operation}");
        var (begun, outcome) = (time.GetTimestamp(), "failed");
        Interlocked.Increment(ref _running);
        try
        {
            var result = await TryAsync(limit, work, cancellationToken);
            outcome = "done";
            return result;
        }
        catch (RecordUnavailableException e)
        {
            outcome = "unavailable";
            span.Fail(nameof(RecordUnavailableException), e.Message);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Durations.Record(time.GetElapsedTime(begun).TotalSeconds, new("operation", name), new("outcome", outcome));
        }
    }

    private async Task<T> TryAsync<T>(TimeSpan limit, Func<OpsConsoleDbContext, bool, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!ready.IsReady)
        {
            throw new RecordUnavailableException("The database is still starting; try again in a moment.");
        }

        using var deadline = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A server that hangs can keep the driver from giving up when it is told to; whoever waits is let go on time all the same.
                return await AttemptAsync(limit, attempt > 1, work, both.Token).WaitAsync(both.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
            {
                throw new RecordUnavailableException($"The database did not answer within {limit.TotalSeconds:0} s.", e);
            }
            catch (Exception e) when (attempt < Tries && !both.IsCancellationRequested && DatabaseErrors.IsWorthAnotherTry(e))
            {
                await PauseAsync(Pause * attempt, e, cancellationToken, both.Token);
            }
            catch (Exception e) when (DatabaseErrors.IsUnavailable(e))
            {
                throw new RecordUnavailableException("The database cannot be reached now.", e);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(TimeSpan limit, bool again, Func<OpsConsoleDbContext, bool, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        context.Database.SetCommandTimeout(limit);
        return await work(context, again, cancellationToken);
    }

    private async Task PauseAsync(TimeSpan pause, Exception reason, CancellationToken cancellationToken, CancellationToken both)
    {
        try
        {
            await Task.Delay(pause, time, both);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RecordUnavailableException("The database cannot be reached now.", reason);
        }
    }
}
