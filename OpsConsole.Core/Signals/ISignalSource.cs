namespace OpsConsole.Core.Signals;

/// <summary>Reads signals. One instance belongs to one binding and keeps what it needs between reads (the counters of the last one).</summary>
public interface ISignalSource
{
    /// <summary>What was odd about the last good read without making it wrong, for example a source's clock that is far off; null when nothing was.</summary>
    string? Note => null;

    /// <summary>What the last read found, one for each signal; empty before the first.</summary>
    IReadOnlyList<SignalFinding> Findings { get; }

    /// <summary>Reads once and gives each sample to <paramref name="record"/>: for every rule a value, a missing or an error, never nothing.</summary>
    /// <remarks>Does not throw for what the source does wrong; throws <see cref="OperationCanceledException"/> only when <paramref name="cancellationToken"/> asks for it.</remarks>
    /// <returns>Null when the read worked, else one sentence on why not.</returns>
    Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken);
}
