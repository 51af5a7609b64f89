using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>Keeps what is recorded.</summary>
internal sealed class KeepingSink : ISampleSink
{
    private readonly List<SignalSample> _samples = [];

    public Func<SignalSample, RecordOutcome> Outcome { get; set; } = static _ => RecordOutcome.Recorded;

    public IReadOnlyList<SignalSample> Samples
    {
        get
        {
            lock (_samples)
            {
                return [.. _samples];
            }
        }
    }

    public RecordOutcome Record(in SignalSample sample)
    {
        var outcome = Outcome(sample);
        lock (_samples)
        {
            _samples.Add(sample);
        }

        return outcome;
    }
}

/// <summary>A source that does what the test says.</summary>
internal sealed class FakeSource(SourceBinding binding) : ISignalSource
{
    private int _reads;
    private int _inside;

    public Func<CancellationToken, Task<string?>> Answer { get; set; } = static _ => Task.FromResult<string?>(null);

    public IReadOnlyList<SignalFinding> Findings { get; private set; } = [];

    /// <summary>What each good sample says, and of when.</summary>
    public (SampleKind Kind, DateTimeOffset At, string? Detail) Says { get; set; } = (SampleKind.Measured, default, null);

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>True once two reads were under way at the same time.</summary>
    public bool Overlapped { get; private set; }

    public void Finds(params SignalFinding[] findings) => Findings = findings;

    public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
    {
        Overlapped |= Interlocked.Increment(ref _inside) > 1;
        Interlocked.Increment(ref _reads);
        try
        {
            var failure = await Answer(cancellationToken);
            foreach (var rule in binding.Rules)
            {
                record(failure is null ? new SignalSample(binding.AddressOf(rule), Says.At, 1, 1, Says.Kind, Says.Detail) : new SignalSample(binding.AddressOf(rule), default, 1, 1, SampleKind.Error, failure));
            }

            return failure;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}

/// <summary>Counts what the console measures of itself.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public Measurements()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (_sums)
            {
                var name = instrument.Name + string.Concat(tags.ToArray().Select(t => $" {t.Key}={t.Value}"));
                _sums[name] = _sums.GetValueOrDefault(name) + value;
            }
        });
        _listener.Start();
    }

    public IMeterFactory Meters { get; }

    public double this[string name]
    {
        get
        {
            lock (_sums)
            {
                return _sums.GetValueOrDefault(name);
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}
