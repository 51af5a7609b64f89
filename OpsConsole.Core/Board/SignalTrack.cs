using System.Collections.Immutable;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>One signal of one release, both sides: what its snapshots are made from. Built by one thread at a time.</summary>
internal sealed class SignalTrack
{
    /// <summary>A time without values longer than this is drawn as a gap.</summary>
    private static readonly TimeSpan Gap = 4 * SignalSeries.ChartSlot;

    private readonly SignalDefinition _definition;
    private DateTimeOffset? _breachedSince;
    private DateTimeOffset? _failedAt;
    private DateTimeOffset? _baselineAt;
    private SeriesReading? _beforeEverybody;
    private long _chartedSlot;
    private ImmutableArray<ChartPoint> _canaryPoints = [];
    private ImmutableArray<ChartPoint> _baselinePoints = [];
    private Sparkline _sparkline = new("", null);

    public SignalTrack(TrackedRelease release, SignalDefinition definition, bool hasBaseline)
    {
        _definition = definition;
        Canary = new SignalSeries(release, definition);
        Baseline = hasBaseline ? new SignalSeries(release, definition) : null;
    }

    public SignalKey Key => _definition.Key;

    public SignalSeries Canary { get; }

    public SignalSeries? Baseline { get; }

    /// <summary>Works out the signal as it stands. The previous snapshot is returned when nothing that shows has changed.</summary>
    public SignalSnapshot Build(in RolloutState rollout, SignalSnapshot? previous, DateTimeOffset now)
    {
        var canary = Canary.Read(now);
        var baseline = Baseline?.Read(now) ?? default;
        _baselineAt = baseline.MeasuredAt;

        // Read once, while the ten minutes before are still there: from now on nobody is sent to the previous version.
        _beforeEverybody = rollout.ExposurePercent >= 100 ? _beforeEverybody ?? Baseline?.ReadChart(now) : null;
        var judgement = VerdictRule.Judge(_definition, canary, baseline, rollout, _breachedSince, now, _beforeEverybody ?? default, _failedAt);
        (_breachedSince, _failedAt) = (judgement.BreachedSince, judgement.FailedAt);
        Chart(now);

        var shown = canary.LastValue;
        var failedAt = judgement.Verdict == Verdict.Fail ? null : judgement.FailedAt;
        if (previous is not null && previous.Canary == shown && previous.Baseline == baseline.Value && previous.AsOf == canary.MeasuredAt
            && previous.Samples == canary.Count && previous.BaselineSamples == baseline.Count && previous.Verdict == judgement.Verdict && previous.Quality == judgement.Quality
            && previous.Delta == judgement.Delta && previous.ComparedWith == judgement.ComparedWith && previous.Reason == judgement.Reason && previous.FailedAt == failedAt
            && previous.CanaryPoints == _canaryPoints && previous.BaselinePoints == _baselinePoints)
        {
            return previous;
        }

        return new SignalSnapshot
        {
            Definition = _definition,
            Quality = judgement.Quality,
            Verdict = judgement.Verdict,
            Reason = judgement.Reason,
            Canary = shown,
            Baseline = baseline.Value,
            ComparedWith = judgement.ComparedWith,
            Delta = judgement.Delta,
            AsOf = canary.MeasuredAt,
            Samples = canary.Count,
            BaselineSamples = baseline.Count,
            BreachedSince = judgement.Verdict == Verdict.Fail ? judgement.BreachedSince : null,
            FailedAt = failedAt,
            CanaryText = SignalText.Value(shown, _definition.Unit),
            BaselineText = SignalText.Value(baseline.Value, _definition.Unit),
            DeltaText = SignalText.Delta(judgement.Delta, _definition.Unit),
            SparklinePath = _sparkline.Path,
            LimitY = _sparkline.LimitY,
            CanaryPoints = _canaryPoints,
            BaselinePoints = _baselinePoints,
        };
    }

    /// <summary>The next time at which the signal may read differently without a new sample, or null.</summary>
    public DateTimeOffset? NextDeadline(SignalSnapshot snapshot, in RolloutState rollout, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        Consider(snapshot.AsOf + _definition.StaleAfter);
        Consider(_baselineAt + _definition.StaleAfter);
        Consider(rollout.CollectingSince + _definition.Window + _definition.StaleAfter);
        Consider(rollout.CollectingSince + (2 * _definition.Window));
        return next;

        void Consider(DateTimeOffset? at)
        {
            if (at > now && (next is null || at < next))
            {
                next = at;
            }
        }
    }

    /// <summary>Charts are redrawn when their newest slot is over, not with every sample: a line of ten minutes does not change visibly in between.</summary>
    private void Chart(DateTimeOffset now)
    {
        var slot = now.UtcTicks / SignalSeries.ChartSlot.Ticks;
        if (slot == _chartedSlot)
        {
            return;
        }

        _chartedSlot = slot;
        _canaryPoints = Points(Canary, _canaryPoints, now);
        _baselinePoints = Baseline is null ? [] : Points(Baseline, _baselinePoints, now);

        // The line ends at the right edge while values come, and moves away from it when they stop.
        var until = _canaryPoints.IsEmpty || now - _canaryPoints[^1].At > Gap ? now : _canaryPoints[^1].At;
        _sparkline = Sparkline.Draw(_canaryPoints.AsSpan(), _definition.Limit, until);
    }

    private static ImmutableArray<ChartPoint> Points(SignalSeries series, ImmutableArray<ChartPoint> before, DateTimeOffset now)
    {
        Span<DateTimeOffset> at = stackalloc DateTimeOffset[SignalSeries.ChartPoints];
        Span<double> values = stackalloc double[SignalSeries.ChartPoints];
        var count = series.CopyChart(now, at, values);
        var points = ImmutableArray.CreateBuilder<ChartPoint>(count);
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && at[i] - at[i - 1] > Gap)
            {
                points.Add(new ChartPoint(at[i - 1] + SignalSeries.ChartSlot, double.NaN));
            }

            points.Add(new ChartPoint(at[i], values[i]));
        }

        var drawn = points.DrainToImmutable();
        return before.AsSpan().SequenceEqual(drawn.AsSpan()) ? before : drawn;
    }
}
