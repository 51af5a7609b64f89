using Microsoft.Extensions.Logging;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What came of reading a target to see whether it can be read.</summary>
public sealed record TargetTestReport
{
    /// <summary>The target, as releases name it.</summary>
    public required string Target { get; init; }

    /// <summary>The environment that it was read in.</summary>
    public required string Environment { get; init; }

    /// <summary>The service that it was asked about.</summary>
    public required string Service { get; init; }

    /// <summary>The version that it was asked about.</summary>
    public required string Version { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What it showed; null where it could not be read.</summary>
    public TargetObservation? Seen { get; init; }

    /// <summary>Why it could not be read, one sentence; null where it could.</summary>
    public string? Failure { get; init; }

    /// <summary>True where it could be read.</summary>
    public bool Passed => Seen is not null;

    /// <summary>The outcome in one sentence.</summary>
    public string Sentence => Seen is { } seen
        ? $"{Version} of {Service} has {Wording.Percent(seen.ExposurePercent)} there{(seen.Halted ? ", halted" : "")}."
        : Ended(Failure ?? "It could not be read.");

    /// <summary>What a target says in its own words may end without a full stop.</summary>
    private static string Ended(string words) => words is [.., '.' or '!' or '?' or '…'] ? words : words + ".";
}

/// <summary>Reads a target about a service and a version. It changes nothing; whether the target is in use makes no difference.</summary>
/// <param name="time">The console's clock.</param>
/// <param name="log">Told of what is the console's own fault.</param>
public sealed class TargetTest(TimeProvider time, ILogger<TargetTest>? log = null)
{
    /// <summary>Longest time that a target is waited for: longer than any of them may be given.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Reads a target once. It never throws for what is wrong with the target.</summary>
    /// <param name="target">The adapter.</param>
    /// <param name="service">What to ask about.</param>
    /// <param name="environment">Where.</param>
    /// <param name="version">Which version of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TargetTestReport> RunAsync(IDeliveryTargetAdapter target, string service, string environment, string version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var (seen, failure) = await ReadAsync(target, service, environment, version, cancellationToken).ConfigureAwait(false);
        return new() { Target = target.Target, Environment = environment, Service = service, Version = version, At = at, Took = time.GetElapsedTime(started), Seen = seen, Failure = failure };
    }

    private async Task<(TargetObservation? Seen, string? Failure)> ReadAsync(IDeliveryTargetAdapter target, string service, string environment, string version, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // In a task of its own: what does not listen to being cancelled is left behind.
            return (await Task.Run(() => target.ObserveAsync(service, environment, version, either.Token), CancellationToken.None).WaitAsync(either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return (null, $"The target did not answer within {Wording.Duration(Limit)}.");
        }
        catch (Exception e) when (e is TargetUnreachableException or TargetRefusedException)
        {
            return (null, e.Message);
        }
#pragma warning disable CA1031 // An adapter may break in any way; it is told of, not passed on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log?.LogError(e, "Testing target {Target} in {Environment} broke.", target.Target, environment);
            return (null, "The target could not be read because the console failed; its log says why.");
        }
    }
}
