using System.Diagnostics;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads one source when its time has come, records what it says, and gives a failing source time.</summary>
/// <remarks>
/// After the first failure the source is tried again at its next interval, then after two, four, ... intervals, at most <see cref="LongestPause"/>; one good read ends that.
/// While it waits, each interval still records the last failure for every signal, so that the board shows an error and not an old value.
/// </remarks>
internal sealed class SourceCollection(SourceBinding binding, ISignalSource source, ISampleSink sink, SignalMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Longest time that a failing source is left alone, unless its interval is longer.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly SourceHealth _health = new(binding, time.GetUtcNow());
    private readonly List<SignalSample> _said = [];
    private int _busy;
    private long _next;
    private int _errors;
    private string? _lastError;
    private DateTimeOffset? _lastReadAt;
    private DateTimeOffset? _lastTriedAt;
    private bool _stopped;

    public SourceBinding Binding => binding;

    public SourceStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new(binding, _lastReadAt, _lastError, _errors, source.Note) { BegunAt = _health.BegunAt, LastTriedAt = _lastTriedAt, Signals = _health.Signals };
            }
        }
    }

    /// <summary>Nothing is recorded from here on, also not by a read that is under way.</summary>
    public void Stop() => Volatile.Write(ref _stopped, true);

    /// <summary>What happens at each interval. Never reads twice at once, and never throws but for a cancelled <paramref name="cancellationToken"/>.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _stopped) || Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return;
        }

        try
        {
            if (WaitsUntilLater())
            {
                metrics.Skipped();
                RecordFailure(_lastError!);
                return;
            }

            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Time to the try after a number of failures in a row.</summary>
    internal static TimeSpan Pause(TimeSpan interval, int errors)
    {
        var pause = interval * Math.Pow(2, Math.Clamp(errors - 1, 0, 16));
        var longest = interval > LongestPause ? interval : LongestPause;
        return pause < longest ? pause : longest;
    }

    /// <summary>Intervals never come exactly on time: a try that is due within half of one is due now.</summary>
    private bool WaitsUntilLater() => _errors > 0 && time.GetElapsedTime(time.GetTimestamp(), _next) > binding.Interval / 2;

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var span = ConsoleTrace.Begin("source read", ActivityKind.Client);
        span?.SetTag("opsconsole.source", binding.Key);
        span?.SetTag("service.name", binding.Service);
        span?.SetTag("deployment.environment.name", binding.Environment);
        span?.SetTag("server.address", binding.Address?.Host);
        var started = time.GetTimestamp();
        string? failure;
        _said.Clear();
        try
        {
            failure = await source.ReadAsync(_said.Add, cancellationToken).ConfigureAwait(false);
            Take(failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A source that breaks its promise must not stop its own reading.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "Reading source {Source} broke.", binding.Key);
            failure = "The source could not be read because the console failed; its log says why.";
            _health.Fail(failure);
            RecordFailure(failure);
        }

        if (failure is not null)
        {
            span.Fail("source", failure);
        }

        metrics.Read(time.GetElapsedTime(started), failure is not null);
        Note(started, failure);
    }

    /// <summary>What was found is known before it is recorded, so that a signal that was never there says so on the board.</summary>
    private void Take(string? failure)
    {
        if (failure is null)
        {
            _health.Take(source.Findings);
        }
        else
        {
            _health.Fail(failure);
        }

        foreach (var sample in _said)
        {
            Record(sample with { Detail = _health.Why(sample) });
        }
    }

    private void Note(long started, string? failure)
    {
        var before = _lastError;
        lock (_lock)
        {
            _lastTriedAt = time.GetUtcNow();
            _lastError = failure;
            _errors = failure is null ? 0 : _errors + 1;
            _next = started + (long)(Pause(binding.Interval, _errors).TotalSeconds * time.TimestampFrequency);
            _lastReadAt = failure is null ? time.GetUtcNow() : _lastReadAt;
        }

        if (failure is not null && failure != before)
        {
            logger.LogWarning("Source {Source} cannot be read: {Failure}", binding.Key, failure);
        }
        else if (failure is null && before is not null)
        {
            logger.LogInformation("Source {Source} can be read again.", binding.Key);
        }
    }

    private void RecordFailure(string failure)
    {
        var at = time.GetUtcNow();
        foreach (var address in binding.Addresses)
        {
            Record(new SignalSample(address, at, 0, 0, SampleKind.Error, failure));
        }
    }

    private void Record(SignalSample sample)
    {
        if (!Volatile.Read(ref _stopped))
        {
            metrics.Sample(SignalMetrics.FromSource, sink.Record(sample));
        }
    }
}
