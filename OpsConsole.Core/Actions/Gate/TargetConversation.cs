using System.Diagnostics;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>How asking a target ended.</summary>
internal enum ApplyResult
{
    Accepted,
    Refused,

    /// <summary>It did not answer, or broke: what it did is not known.</summary>
    NotKnown,
}

/// <summary>What was learnt by reading a target back.</summary>
/// <param name="Shown">The last reading, or null when it could not be read at all.</param>
/// <param name="Reached">Whether that reading shows what was asked for.</param>
/// <param name="Trouble">Why it could not be read last, if so.</param>
internal sealed record ReadBack(TargetObservation? Shown, bool Reached, string? Trouble);

/// <summary>Talks with one adapter about one change. Nothing an adapter does (hang, break, ignore cancellation) gets past here as anything but an answer.</summary>
internal sealed class TargetConversation(IDeliveryTargetAdapter adapter, TargetChange change, ActionVerb verb, ExecutionLimits limits, TimeProvider time)
{
    /// <summary>Two exposures that differ by less are the same: targets keep weights in whole or tenth percents.</summary>
    private const double SameExposure = 0.05;

    /// <summary>Whether a reading shows what the verb wants.</summary>
    public static bool Shows(TargetObservation seen, TargetChange wanted, ActionVerb verb) => verb switch
    {
        // Some targets cannot take exposure back; what a halt promises is that it does not grow.
        ActionVerb.Halt => seen.Halted,

        // Nobody has it yet is not nobody will: a target that is on its way to it was not taken back.
        ActionVerb.Rollback => Same(seen.StandsAt, 0) && !seen.IsComing,

        // What the target gave up on did not arrive, whatever share it shows.
        ActionVerb.Promote when seen.Stuck is not null => false,
        _ => !seen.Halted && seen.Underway is null && (Same(seen.StandsAt, wanted.ExposurePercent) || (seen.GrowsByItself && seen.StandsAt > wanted.ExposurePercent)),
    };

    /// <summary>The call that asked the target last, which may outlast the time it was given and its cancellation; null while it was never asked.</summary>
    public Task? Call { get; private set; }

    public static bool Same(double a, double b) => Math.Abs(a - b) < SameExposure;

    /// <summary>Asks within the time limit: once, and a halt once more when the exposure moved under it.</summary>
    public Task<(ApplyResult Result, string? Detail)> ApplyAsync(CancellationToken cancellationToken) =>
        verb == ActionVerb.Halt ? HaltAsync(cancellationToken) : AskAsync(change, cancellationToken);

    /// <summary>A halt promises that the exposure does not grow, so it asks to stop at what the target shows: the record may be behind it, and many targets cannot take exposure back.</summary>
    private async Task<(ApplyResult Result, string? Detail)> HaltAsync(CancellationToken cancellationToken)
    {
        var before = await ObserveAsync(limits.LookFirst, cancellationToken).ConfigureAwait(false);
        var asked = change with { ExposurePercent = before.Shown?.StandsAt ?? change.ExposurePercent };
        var answer = await AskAsync(asked, cancellationToken).ConfigureAwait(false);
        if (answer.Result != ApplyResult.Refused)
        {
            return answer;
        }

        // It may have moved since it was read, or could not be read then.
        var now = await ObserveAsync(cancellationToken).ConfigureAwait(false);
        return now.Reached ? (ApplyResult.Accepted, null)
            : now.Shown is { } shown && !shown.StandsAt.Equals(asked.ExposurePercent)
                ? await AskAsync(change with { ExposurePercent = shown.StandsAt }, cancellationToken).ConfigureAwait(false)
                : answer;
    }

    private async Task<(ApplyResult Result, string? Detail)> AskAsync(TargetChange wanted, CancellationToken cancellationToken)
    {
        using var span = Begin("target apply");
        span?.SetTag("opsconsole.exposure", wanted.ExposurePercent);
        try
        {
            await WithinAsync(limits.Apply, async token =>
            {
                await adapter.ApplyAsync(wanted, token).ConfigureAwait(false);
                return true;
            }, cancellationToken, begun => Call = begun).ConfigureAwait(false);
            return (ApplyResult.Accepted, null);
        }
        catch (TargetRefusedException e)
        {
            span.Fail("refused", e.Message);
            return (ApplyResult.Refused, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // An adapter may break in any way; the effect is not known then.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Fail(e.GetType().Name, Trouble(e, limits.Apply));
            return (ApplyResult.NotKnown, Trouble(e, limits.Apply));
        }
    }

    /// <summary>Reads until the target shows what was asked for, or the time is up.</summary>
    public async Task<ReadBack> ReadBackAsync(CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + limits.ReadBack;
        TargetObservation? shown = null;
        while (true)
        {
            var read = await ObserveAsync(cancellationToken).ConfigureAwait(false);
            shown = read.Shown ?? shown;
            if (read.Reached)
            {
                return read;
            }

            if (time.GetUtcNow() + limits.Poll > deadline)
            {
                return new ReadBack(read.Trouble is null ? shown : null, false, read.Trouble);
            }

            await Task.Delay(limits.Poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads once.</summary>
    public Task<ReadBack> ObserveAsync(CancellationToken cancellationToken) => ObserveAsync(limits.Observe, cancellationToken);

    private async Task<ReadBack> ObserveAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var span = Begin("target observe");
        try
        {
            var seen = await WithinAsync(
                limit,
                token => adapter.ObserveAsync(change.Service, change.Environment, change.Version, token),
                cancellationToken).ConfigureAwait(false);
            return new ReadBack(seen, Shows(seen, change, verb), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // An adapter may break in any way; the state is not known then.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Fail(e.GetType().Name, Trouble(e, limit));
            return new ReadBack(null, false, Trouble(e, limit));
        }
    }

    private Activity? Begin(string name)
    {
        var span = ConsoleTrace.Begin(name, ActivityKind.Client);
        span?.SetTag("opsconsole.target", adapter.Target);
        span?.SetTag("opsconsole.action.id", change.ActionId);
        span?.SetTag("opsconsole.action.verb", verb.Code());
        span?.SetTag("service.name", change.Service);
        span?.SetTag("deployment.environment.name", change.Environment);
        return span;
    }

    /// <summary>Cancels at the limit, and leaves an adapter that does not listen to that behind.</summary>
    private async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, Action<Task>? begun = null)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var task = Task.Run(() => call(both.Token), CancellationToken.None);
        begun?.Invoke(task);
        try
        {
            return await task.WaitAsync(both.Token).ConfigureAwait(false);
        }
        finally
        {
            if (!task.IsCompleted)
            {
                _ = task.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    private static string Trouble(Exception e, TimeSpan limit) => e is OperationCanceledException
        ? $"it did not answer within {Wording.Duration(limit)}"
        : e.Message.TrimEnd('.');
}
