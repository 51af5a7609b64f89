using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>One side of one signal of one release: its window, its chart and what was heard last. Safe for any number of writers.</summary>
internal sealed class SignalSeries
{
    /// <summary>Points a chart has: one every <see cref="ChartSlot"/>, ten minutes in all.</summary>
    public const int ChartPoints = 120;

    public static readonly TimeSpan ChartSlot = TimeSpan.FromSeconds(5);

    /// <summary>A window is kept in thirty slots, so it is exact to a thirtieth; ten more hold what is about to come in.</summary>
    private const int SlotsInWindow = 30;

    private readonly Lock _lock = new();
    private readonly TimeSpan _windowTime;
    private readonly TimeSpan _staleAfter;
    private readonly bool _isMean;
    private readonly SignalUnit _unit;
    private SampleRing _window;
    private SampleRing _chart;
    private bool _newestAlone;
    private (DateTimeOffset At, double Value, long Count)? _said;
    private DateTimeOffset? _measuredAt;
    private double _lastValue;
    private DateTimeOffset? _heardAt;
    private SampleKind _heardKind;
    private string? _detail;

    public SignalSeries(TrackedRelease release, SignalDefinition definition)
    {
        Release = release;
        _windowTime = definition.Window > TimeSpan.Zero ? definition.Window : TimeSpan.FromSeconds(1);
        _staleAfter = definition.StaleAfter;
        _unit = definition.Unit;
        _isMean = definition.Aggregation == SignalAggregation.WeightedMean;
        (_window, _chart) = Rings(definition.Aggregation);
    }

    /// <summary>The release whose snapshot a sample of this series changes.</summary>
    public TrackedRelease Release { get; }

    /// <summary>True for what is too old to be shown: older than any sample that is kept, and than the signal's own window and the age that it may have.</summary>
    public bool IsTooOld(TimeSpan age) => age > ReleaseBoard.OldestSample && age > _windowTime && age > _staleAfter;

    /// <summary>Takes in a sample that was checked. A source's clock that is a little ahead does not make the future: such a sample counts as of now.</summary>
    public void Add(in SignalSample said, DateTimeOffset now)
    {
        // What no such signal can be is told, and never judged by.
        var sample = said.Kind == SampleKind.Measured && SignalRange.Fault(said.Value, _unit) is { } impossible ? said with { Kind = SampleKind.Error, Detail = impossible } : said;
        var at = sample.At < now ? sample.At.ToUniversalTime() : now;
        lock (_lock)
        {
            ForgetTheFuture(now);
            if (sample.IsPast && (_measuredAt >= at || sample.Kind != SampleKind.Measured))
            {
                // It is on the board already, or lies under what is.
                return;
            }

            if (sample.Repeats && _measuredAt >= at)
            {
                // The source works, and has nothing new.
                (_heardAt, _heardKind, _detail) = (now, sample.Kind, sample.Detail);
                Release.MarkDirty(now);
                return;
            }

            // A source that failed and is well again may say by that what it measured before it failed.
            var heard = sample.Heard is { } then ? (then < now ? then : now) : at;
            if (_heardAt is null || heard >= _heardAt)
            {
                _heardAt = heard;
                _heardKind = sample.Kind;
                _detail = sample.Detail;
            }

            if (sample.Kind == SampleKind.Measured)
            {
                if (sample.IsSnapshot && _isMean && !_newestAlone)
                {
                    // A mean of what was measured over the same time would count the same observations again and again, also together with what came before.
                    _newestAlone = true;
                    (_window, _chart) = Rings(SignalAggregation.Latest);
                }

                var corrects = sample.Corrects is { } before && _said == (at, before.Value, before.Count) ? sample.Corrects : null;
                _said = sample.Heard is not null ? (at, sample.Value, sample.Count) : _said;
                _window.Add(at, sample.Value, sample.Count, corrects);
                _chart.Add(at, sample.Value, sample.Count, corrects);
                if (_measuredAt is null || at >= _measuredAt)
                {
                    _measuredAt = at;
                    _lastValue = sample.Value;
                }
            }
        }

        Release.MarkDirty(now);
    }

    public SeriesReading Read(DateTimeOffset now)
    {
        lock (_lock)
        {
            ForgetTheFuture(now);
            var (value, count) = _window.Aggregate(now - _windowTime);
            return new(value, _measuredAt is null ? null : value ?? _lastValue, count, _measuredAt, _heardAt, _heardKind, _detail) { IsNewestAlone = _newestAlone };
        }
    }

    /// <summary>As <see cref="Read"/>, over all the time that the chart shows.</summary>
    public SeriesReading ReadChart(DateTimeOffset now)
    {
        lock (_lock)
        {
            ForgetTheFuture(now);
            var (value, count) = _chart.Aggregate(now - (ChartPoints * ChartSlot));
            return new(value, value, count, _measuredAt, _heardAt, _heardKind, _detail);
        }
    }

    /// <summary>The chart's points, oldest first; as many as were written.</summary>
    public int CopyChart(DateTimeOffset now, Span<DateTimeOffset> at, Span<double> values)
    {
        lock (_lock)
        {
            return _chart.CopyTo(now, at, values);
        }
    }

    private (SampleRing Window, SampleRing Chart) Rings(SignalAggregation aggregation) =>
        (new(_windowTime / SlotsInWindow, SlotsInWindow + 10, aggregation), new(ChartSlot, ChartPoints, aggregation));

    /// <summary>After the clock has jumped backwards, what is kept lies in the future: it would look fresh for as long as the jump was, and keep what is new out.</summary>
    private void ForgetTheFuture(DateTimeOffset now)
    {
        if (_heardAt is { } heard && heard - now > ReleaseBoard.ClockTolerance)
        {
            _window.Clear();
            _chart.Clear();
            _said = null;
            _measuredAt = null;
            _heardAt = null;
            _detail = null;
        }
    }
}
