namespace OpsConsole.Core.Signals;

/// <summary>Which side of a comparison a value belongs to.</summary>
public enum SignalSide : byte
{
    /// <summary>The new version.</summary>
    Canary,

    /// <summary>The version that serves everyone else.</summary>
    Baseline,
}

/// <summary>A value of a signal at a time, for charts: the window's value as it stood, every ten seconds.</summary>
public sealed record SignalPoint(Guid ReleaseId, SignalKey Signal, SignalSide Side, DateTimeOffset At, double Value, long Count);

/// <summary>Where charted history is kept. Writing is batched and off the live path; what could not be written is counted, not retried for ever.</summary>
public interface ISignalHistoryStore
{
    Task AppendAsync(IReadOnlyList<SignalPoint> points, CancellationToken cancellationToken);

    /// <summary>Points of one release from a time on, oldest first, thinned to at most <paramref name="perSeries"/> for each signal and side.</summary>
    Task<IReadOnlyList<SignalPoint>> ReadAsync(Guid releaseId, DateTimeOffset from, int perSeries, CancellationToken cancellationToken);

    /// <summary>Every point of one release from a time up to before another, oldest first, at most <paramref name="take"/> of the oldest.</summary>
    async Task<IReadOnlyList<SignalPoint>> ReadSpanAsync(Guid releaseId, DateTimeOffset from, DateTimeOffset until, int take, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(releaseId, from, take, cancellationToken).ConfigureAwait(false)).Where(p => p.At >= from && p.At < until).Take(take)];

    /// <summary>Deletes what is older. Returns how many points went.</summary>
    Task<long> TrimAsync(DateTimeOffset olderThan, CancellationToken cancellationToken);
}
