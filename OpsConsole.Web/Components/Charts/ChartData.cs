using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Charts;

/// <summary>A line across the time axis of a chart: something that was done to the release.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="Text">What, in a few words.</param>
public sealed record ChartMark(double At, string Text);

/// <summary>What a chart of one signal begins with.</summary>
public sealed record ChartData
{
    /// <summary>Most points a series keeps.</summary>
    public const int Cap = 300;

    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(45);

    public required SignalDefinition Signal { get; init; }

    /// <summary>Points of the new version, oldest first; NaN is a gap.</summary>
    public required IReadOnlyList<ChartPoint> Canary { get; init; }

    /// <summary>Points of the previous version, likewise.</summary>
    public required IReadOnlyList<ChartPoint> Baseline { get; init; }

    /// <summary>The chart of a signal from the stored points of its release and from the board, where the release is on it.</summary>
    public static ChartData For(SignalDefinition signal, IEnumerable<SignalPoint> stored, SignalSnapshot? live)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var sides = stored.Where(p => p.Signal == signal.Key).ToLookup(p => p.Side);
        return new ChartData
        {
            Signal = signal,
            Canary = Join(sides[SignalSide.Canary], live?.CanaryPoints ?? []),
            Baseline = Join(sides[SignalSide.Baseline], live?.BaselinePoints ?? []),
        };
    }

    /// <summary>Joins stored history with what the board holds now: the history up to the board's first point, then the board's.</summary>
    public static IReadOnlyList<ChartPoint> Join(IEnumerable<SignalPoint> stored, IReadOnlyList<ChartPoint> live)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(live);
        var begins = live.Count > 0 ? live[0].At : DateTimeOffset.MaxValue;
        ChartPoint[] points = [.. stored.Where(p => p.At < begins).Select(p => new ChartPoint(p.At, p.Value)), .. live];
        return WithGaps(points.Length > Cap ? points[^Cap..] : points);
    }

    // Time without values is drawn as a gap and not as a line across it: far longer than the usual distance, and than the time between two stored points.
    private static IReadOnlyList<ChartPoint> WithGaps(ChartPoint[] points)
    {
        if (points.Length < 3)
        {
            return points;
        }

        TimeSpan[] distances = [.. points.Zip(points.Skip(1), (a, b) => b.At - a.At).Order()];
        var longest = 5 * distances[distances.Length / 2];
        longest = longest > ShortestGap ? longest : ShortestGap;
        var drawn = new List<ChartPoint>(points.Length + 4) { points[0] };
        foreach (var (before, after) in points.Zip(points.Skip(1)))
        {
            if (after.At - before.At > longest)
            {
                drawn.Add(new ChartPoint(before.At + (longest / 2), double.NaN));
            }

            drawn.Add(after);
        }

        return drawn;
    }

    /// <summary>The events that are drawn on every chart: what changed exposure, and what people asked for.</summary>
    public static IReadOnlyList<ChartMark> Marks(IEnumerable<ReleaseEvent> events) =>
        [.. events.Where(e => Label(e) is not null).Select(e => new ChartMark(e.At.ToUnixTimeMilliseconds(), Label(e)!))];

    /// <summary>Points as the chart takes them: milliseconds since 1970 and the value, null in a gap.</summary>
    public static double?[][] Wire(IEnumerable<ChartPoint> points) =>
        [.. points.Select(p => new double?[] { p.At.ToUnixTimeMilliseconds(), double.IsFinite(p.Value) ? p.Value : null })];

    /// <summary>The unit as it follows a number.</summary>
    public static string Suffix(SignalUnit unit) => unit switch
    {
        SignalUnit.Percent => " %",
        SignalUnit.Milliseconds => " ms",
        SignalUnit.PerSecond => "/s",
        SignalUnit.Factor => "x",
        _ => "",
    };

    private static string? Label(ReleaseEvent e) => e.Kind switch
    {
        ReleaseEventKind.StageChanged => e.ExposurePercent is { } exposure ? $"stage {Spans.Percent(exposure)}" : "stage",
        ReleaseEventKind.Halted => "halted",
        ReleaseEventKind.Resumed => "resumed",
        ReleaseEventKind.RolledBack => "rolled back",
        ReleaseEventKind.SwitchKilled => "switch killed",
        ReleaseEventKind.SwitchRestored => "switch restored",
        ReleaseEventKind.Completed => "done",
        ReleaseEventKind.Drift => "drift",
        _ => null,
    };
}
