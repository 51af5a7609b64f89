using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>The recorded values of one release, looked up by time.</summary>
internal sealed class RecordedSignals
{
    /// <summary>What stands in for the previous version once everybody has the new one: as on the board, the mean of this long before.</summary>
    private static readonly TimeSpan BeforeEverybody = TimeSpan.FromMinutes(10);

    private readonly ReleaseHistory _history;
    private readonly Dictionary<(SignalKey Signal, SignalSide Side), SignalPoint[]> _series;
    private readonly Dictionary<SignalKey, double?> _before = [];
    private readonly DateTimeOffset? _everybodyAt;

    public RecordedSignals(ReleaseHistory history)
    {
        _history = history;
        Definitions = [.. history.Release.Signals.Take(ReleaseHistory.MostSignals)];
        _series = history.Points.GroupBy(p => (p.Signal, p.Side)).ToDictionary(g => g.Key, g => g.OrderBy(p => p.At).ToArray());
        _everybodyAt = history.Exposure.FirstOrDefault(s => s.Percent >= 100)?.At;
    }

    public IReadOnlyList<SignalDefinition> Definitions { get; }

    /// <summary>All points of one side of a signal, oldest first.</summary>
    public ReadOnlySpan<SignalPoint> Of(SignalKey signal, SignalSide side) => _series.TryGetValue((signal, side), out var points) ? points : default;

    public bool Has(SignalKey signal, SignalSide side) => _series.ContainsKey((signal, side));

    /// <summary>The newest point at a time, null when there is none within <see cref="ReleaseHistory.LongestAge"/>.</summary>
    public SignalPoint? At(SignalKey signal, SignalSide side, DateTimeOffset at)
    {
        var points = Of(signal, side);
        var (low, high) = (0, points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = points[middle].At <= at ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && at - points[low - 1].At <= ReleaseHistory.LongestAge && points[low - 1].At >= _history.From ? points[low - 1] : null;
    }

    /// <summary>The value of the new version with enough observations behind it, else null.</summary>
    public double? Value(SignalDefinition signal, DateTimeOffset at) => Enough(signal, At(signal.Key, SignalSide.Canary, at));

    /// <summary>The new version against the previous one, in the unit's own way; null when either side has no value or too few observations.</summary>
    public double? Delta(SignalDefinition signal, DateTimeOffset at) => VerdictRule.Difference(signal.Unit, Value(signal, at), Baseline(signal, at));

    private double? Baseline(SignalDefinition signal, DateTimeOffset at) =>
        Enough(signal, At(signal.Key, SignalSide.Baseline, at)) ?? (at >= _everybodyAt && _history.ExposureAt(at) >= 100 ? Before(signal) : null);

    /// <summary>True while a missing value only means that the release is young.</summary>
    public bool IsYoung(SignalDefinition signal, DateTimeOffset at) => at - _history.From < (2 * signal.Window) + signal.StaleAfter;

    /// <summary>What the board would have said of a signal at a time.</summary>
    public SignalJudgement Judge(SignalDefinition signal, DateTimeOffset at)
    {
        var rollout = new RolloutState(ReleasePhase.RollingOut, _history.ExposureAt(at), _history.From, _history.Release.PreviousVersion);
        var baseline = Baseline(signal, at) is { } value ? new SeriesReading(value, value, long.MaxValue, at, at, SampleKind.Measured, null) : default;
        return VerdictRule.Judge(signal, Reading(At(signal.Key, SignalSide.Canary, at), at), baseline, rollout, null, at);
    }

    /// <summary>The times to walk: those of the points, and one every <see cref="ReleaseHistory.Step"/> where there are none.</summary>
    public IEnumerable<DateTimeOffset> Instants()
    {
        var (last, until) = (_history.From, _history.Until);
        yield return last;
        foreach (var at in _history.Points.Select(p => p.At).Where(t => t > _history.From && t <= until).Distinct().Order().Append(until))
        {
            while (at - last > 1.5 * ReleaseHistory.Step)
            {
                last += ReleaseHistory.Step;
                yield return last;
            }

            // Signals that were recorded a moment apart are one step.
            if (at - last >= ReleaseHistory.Step / 2)
            {
                last = at;
                yield return at;
            }
        }
    }

    private static SeriesReading Reading(SignalPoint? point, DateTimeOffset at) =>
        point is null ? default : new SeriesReading(point.Value, point.Value, point.Count, at, at, SampleKind.Measured, null);

    private static double? Enough(SignalDefinition signal, SignalPoint? point) =>
        point is not null && point.Count >= signal.MinimumCount && double.IsFinite(point.Value) ? point.Value : null;

    private double? Before(SignalDefinition signal)
    {
        if (_before.TryGetValue(signal.Key, out var known))
        {
            return known;
        }

        var (sum, count) = (0.0, 0);
        foreach (var point in Of(signal.Key, SignalSide.Baseline))
        {
            if (point.At < _everybodyAt && point.At >= _everybodyAt - BeforeEverybody && Enough(signal, point) is { } value)
            {
                sum += value;
                count++;
            }
        }

        return _before[signal.Key] = count > 0 ? sum / count : null;
    }
}
