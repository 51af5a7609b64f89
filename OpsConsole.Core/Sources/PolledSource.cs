using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources;

/// <summary>A source that comes to one reading for each of its rules at each read. Whatever cannot be right becomes an error here, so that no kind of source can forget it.</summary>
/// <param name="binding">What is read.</param>
/// <param name="time">The console's clock.</param>
public abstract class PolledSource(SourceBinding binding, TimeProvider time) : ISignalSource
{
    private const string NotFinite = "The value is not a finite number.";
    private const string BadCount = "The number of observations is negative.";

    /// <summary>How far ahead of the console's a source's clock may be; such a measurement counts as of now.</summary>
    private static readonly TimeSpan AheadAtMost = TimeSpan.FromMinutes(1);

    private readonly SignalUnit[] _units = [.. binding.Rules.Select(static r => KnownSignals.Find(r.Signal.Value)?.Unit ?? SignalUnit.None)];
    private readonly (bool IsSnapshot, TimeSpan LooksAt)[] _overlaps = [.. binding.Rules.Select(r => (binding.IsSnapshot(r), r.Kind == SignalRuleKind.Measure ? TimeSpan.Zero : binding.LooksAt(r)))];
    private readonly (DateTimeOffset At, double Value, long Count)?[] _last = new (DateTimeOffset, double, long)?[binding.Rules.Count];

    /// <inheritdoc />
    public string? Note { get; protected set; }

    /// <inheritdoc />
    public IReadOnlyList<SignalFinding> Findings { get; private set; } = [];

    /// <summary>What is read.</summary>
    protected SourceBinding Binding { get; } = binding;

    /// <summary>The console's clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <inheritdoc />
    public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var timeout = new CancellationTokenSource(Binding.Timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var readings = await ReadAsync(either.Token).ConfigureAwait(false);
            if (readings.Count != Binding.Rules.Count)
            {
                throw new InvalidOperationException($"{Binding.Kind} came to {readings.Count} readings for {Binding.Rules.Count} rules.");
            }

            Record([.. readings], record);
            return null;
        }
        catch (Exception e) when (Failure(e) is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Record([.. Binding.Rules.Select(_ => SignalReading.Error(failure))], record);
            return failure;
        }
    }

    /// <summary>Reads once: one reading for each rule, in their order.</summary>
    /// <exception cref="TargetUnreachableException">The source could not be read; its message says why to people.</exception>
    /// <exception cref="TargetRefusedException">Likewise.</exception>
    protected abstract Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Why a read failed, as a sentence for people without secrets; null for what is a fault of the console.</summary>
    protected virtual string? Failure(Exception exception) =>
        exception is TargetUnreachableException or TargetRefusedException ? Ended(exception.Message) : SourceFailure.Describe(exception, Binding.Timeout);

    /// <summary>The words of the other side often end without a full stop.</summary>
    private static string Ended(string sentence) => sentence.Length > 0 && sentence[^1] is '.' or '!' or '?' or '…' ? sentence : sentence + ".";

    private void Record(SignalReading[] readings, Action<SignalSample> record)
    {
        var now = Time.GetUtcNow();
        var findings = new SignalFinding[readings.Length];
        for (var i = 0; i < readings.Length; i++)
        {
            var rule = Binding.Rules[i];
            var reading = Checked(readings[i], rule, _units[i], now);
            RecordPast(reading, i, now, record);
            var at = reading.At is { } stated && stated < now ? stated.ToUniversalTime() : now;
            var measured = reading.Kind == SampleKind.Measured;
            var said = measured && reading.At is not null ? _last[i] : null;
            var repeats = said is { } last && (at < last.At || (at, reading.Value, reading.Count) == last);
            (double, long)? corrects = !repeats && said is { } before && before.At == at ? (before.Value, before.Count) : null;
            var newPart = NewPart(_overlaps[i].LooksAt, _last[i] is { } newest && at > newest.At ? at - newest.At : Binding.Interval);
            if (measured && !repeats)
            {
                _last[i] = (at, reading.Value, reading.Count);
            }

            record(new SignalSample(Binding.AddressOf(rule), at, reading.Value, reading.Count, reading.Kind, reading.Sentence, repeats, now, _overlaps[i].IsSnapshot, corrects, NewPart: newPart));
            findings[i] = new(rule.Signal, reading.Kind, measured ? reading.Value : null, reading.Count, measured ? at : null, reading.Series, reading.Points, reading.Sentence);
        }

        Findings = findings;
    }

    /// <summary>What the source says of times before goes first, so that the newest stands last. What cannot be right of it is left out: of now it would be an error, of then it is a gap.</summary>
    private void RecordPast(in SignalReading reading, int i, DateTimeOffset now, Action<SignalSample> record)
    {
        foreach (var (at, said, count) in reading.Past ?? [])
        {
            var value = said * Binding.Rules[i].Scale;
            if (at < now && count >= 0 && double.IsFinite(value) && SignalRange.Fault(value, _units[i]) is null)
            {
                record(new SignalSample(Binding.AddressOf(Binding.Rules[i]), at, value, count, IsSnapshot: _overlaps[i].IsSnapshot, IsPast: true));
            }
        }
    }

    /// <summary>The part of what a rule looks at that lies after the measurement before. Of what a source measures by itself it is not known, and counts as all.</summary>
    private static double NewPart(TimeSpan looksAt, TimeSpan since) => looksAt > since ? since / looksAt : 1;

    private static SignalReading Checked(in SignalReading reading, SignalRule rule, SignalUnit unit, DateTimeOffset now)
    {
        if (reading.Kind != SampleKind.Measured)
        {
            return reading;
        }

        var value = reading.Value * rule.Scale;
        return reading.Count < 0 ? SignalReading.Error(BadCount, reading.Series)
            : !double.IsFinite(value) ? SignalReading.Error(NotFinite, reading.Series)
            : SignalRange.Fault(value, unit) is { } impossible ? SignalReading.Error(impossible, reading.Series)
            : reading.At is { } stated && stated - now > AheadAtMost ? SignalReading.Error(string.Create(CultureInfo.InvariantCulture, $"The source states a time {(stated - now).TotalSeconds:0} s ahead of the console's clock."), reading.Series)
            : reading with { Value = value };
    }
}
