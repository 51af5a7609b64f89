using System.Globalization;
using System.Text;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Components.Charts;

/// <summary>A moment on the time axis of a replay.</summary>
/// <param name="X">Place in percent, with the sign.</param>
/// <param name="Letter">Which policy, or "real".</param>
/// <param name="Kind">Class of the drawing: real, fired, halt, rollback, recommend, pause.</param>
/// <param name="Row">Row of its label, from 0.</param>
/// <param name="At">When.</param>
/// <param name="Text">What, in a few words.</param>
public sealed record ReplayMark(string X, string Letter, string Kind, int Row, DateTimeOffset At, string Text)
{
    /// <summary>A word or two for the drawing; null for what only a dot stands for.</summary>
    public string? Label { get; init; }

    /// <summary>True where a label has to stand to the left, because the drawing ends to the right.</summary>
    public bool IsLate => double.Parse(X.AsSpan().TrimEnd('%'), CultureInfo.InvariantCulture) > 60;
}

/// <summary>One signal over the time of a replay.</summary>
public sealed record ReplaySignal
{
    public required SignalDefinition Signal { get; init; }

    public required string CanaryPath { get; init; }

    public required string BaselinePath { get; init; }

    /// <summary>Ends of its axis with their unit.</summary>
    public required string Low { get; init; }

    public required string High { get; init; }

    public required IReadOnlyList<ReplayThreshold> Thresholds { get; init; }
}

/// <summary>A threshold of a trigger as a line.</summary>
public sealed record ReplayThreshold(string Y, string Letter, string Text)
{
    /// <summary>True where its label has to stand beneath it, because the drawing ends above.</summary>
    public bool IsHigh { get; init; }
}

/// <summary>A time in which a policy would have paused.</summary>
public sealed record ReplayBand(string X, string Width, string Letter);

/// <summary>Two policies on one release as they are drawn: places in percent and path data in a box of 1000 x 100, worked out once.</summary>
public sealed record ReplayDrawing
{
    /// <summary>Letters of the policies, in their order.</summary>
    public static readonly IReadOnlyList<string> Letters = ["A", "B"];

    private const double Width = 1000;
    private const double Height = 100;
    private const double Margin = 4;
    private const int Columns = 400;
    private const int MostSignals = 4;

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>Recorded exposure as steps, 0 to 100 % over the whole height.</summary>
    public required string ExposurePath { get; init; }

    /// <summary>The signal that decided first, then those of the other triggers that could be judged; the first there is where no trigger could; none where none is recorded.</summary>
    public required IReadOnlyList<ReplaySignal> Signals { get; init; }

    public required IReadOnlyList<ReplayMark> Marks { get; init; }

    public required IReadOnlyList<ReplayBand> Pauses { get; init; }

    public static ReplayDrawing Of(ReplaySet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var history = set.History;
        var axis = new TimeAxis(history.From, history.Until);
        return new()
        {
            From = history.From, Until = history.Until, ExposurePath = Exposure(history, axis), Marks = [.. RealMarks(history, axis), .. PolicyMarks(set, axis)], Pauses = [.. Bands(set, axis)],
            Signals = [.. Leading(set).Take(MostSignals).Select(signal => Drawn(set, signal, axis))],
        };
    }

    /// <summary>The signals of the reactions, of the triggers that fired in their order, and of those that could be judged; else the first that is recorded.</summary>
    private static IEnumerable<SignalDefinition> Leading(ReplaySet set)
    {
        var triggers = set.Policies.SelectMany(p => p.Outcome?.Triggers ?? [], (p, t) => (Trigger: t, Decided: p.Outcome!.Reaction is { } reaction && reaction.Trigger == t.Trigger)).Where(t => t.Trigger is { Signal: not null, NotKnown: null }).ToList();
        var signals = triggers
            .OrderByDescending(t => t.Decided).ThenBy(t => t.Trigger.FiredAt ?? DateTimeOffset.MaxValue)
            .Select(t => t.Trigger.Signal!).DistinctBy(s => s.Key).ToList();
        return signals.Count > 0 ? signals : set.History.Release.Signals.Where(s => set.History.Points.Any(p => p.Signal == s.Key)).Take(1);
    }

    private static ReplaySignal Drawn(ReplaySet set, SignalDefinition signal, TimeAxis axis)
    {
        var points = set.History.Points.Where(p => p.Signal == signal.Key && p.At >= set.History.From && p.At <= set.History.Until).OrderBy(p => p.At).ToLookup(p => p.Side);
        var limits = set.Policies
            .SelectMany((p, i) => (p.Outcome?.Triggers ?? []).Where(t => t.Signal == signal && t.Trigger.Measure == TriggerMeasure.Value).Select(t => (Letter: Letters[i], t.Trigger))).ToList();
        var values = points[SignalSide.Canary].Concat(points[SignalSide.Baseline]).Select(p => p.Value).Concat(limits.Select(l => l.Trigger.Threshold)).Where(double.IsFinite).ToList();
        var (low, high) = values.Count > 0 ? (values.Min(), values.Max()) : (0, 1);
        (low, high) = high > low ? (low, high) : (low - 1, high + 1);
        double Y(double value) => Margin + ((high - value) / (high - low) * (Height - (2 * Margin)));
        return new()
        {
            Signal = signal,
            CanaryPath = Path(points[SignalSide.Canary], signal, axis, Y),
            BaselinePath = Path(points[SignalSide.Baseline], signal, axis, Y),
            Low = SignalText.Value(low, signal.Unit),
            High = SignalText.Value(high, signal.Unit),
            Thresholds = [.. limits.Select(l => new ReplayThreshold(Number(Y(l.Trigger.Threshold)) + "%", l.Letter, l.Trigger.Text) { IsHigh = Y(l.Trigger.Threshold) < 14 })],
        };
    }

    private static string Exposure(ReleaseHistory history, TimeAxis axis)
    {
        static double Y(double percent) => Height - (percent / 100 * (Height - Margin));
        var path = new StringBuilder($"M0 {Number(Y(history.ExposureAt(history.From)))}");
        foreach (var step in history.Exposure.Where(s => s.At > history.From && s.At <= history.Until))
        {
            path.Append(CultureInfo.InvariantCulture, $"H{Number(axis.Share(step.At) * Width)}V{Number(Y(step.Percent))}");
        }

        return path.Append("H1000").ToString();
    }

    /// <summary>Of each column the value that is worst for the release, so that no breach is drawn away; a time without data is left open.</summary>
    private static string Path(IEnumerable<SignalPoint> points, SignalDefinition signal, TimeAxis axis, Func<double, double> y)
    {
        var path = new StringBuilder();
        DateTimeOffset? last = null;
        foreach (var column in points.Where(p => double.IsFinite(p.Value)).GroupBy(p => (int)(axis.Share(p.At) * Columns)))
        {
            var worst = signal.Better == BetterWhen.Lower ? column.Max(p => p.Value) : column.Min(p => p.Value);
            var open = last is not { } before || column.First().At - before > ReleaseHistory.LongestAge;
            path.Append(CultureInfo.InvariantCulture, $"{(open ? 'M' : 'L')}{Number(column.Key * Width / Columns)} {Number(y(worst))}{(open ? "h1" : "")}");
            last = column.Last().At;
        }

        return path.ToString();
    }

    private static IEnumerable<ReplayMark> RealMarks(ReleaseHistory history, TimeAxis axis) => history.Exposure
        .Where(s => s.At >= history.From && s.At <= history.Until && s.Change is ExposureChange.Halted or ExposureChange.RolledBack)
        .Select(s => new ReplayMark(axis.Percent(s.At), "real", "real", 0, s.At, s.Change == ExposureChange.Halted ? "really halted" : "really rolled back") { Label = "really" });

    private static IEnumerable<ReplayMark> PolicyMarks(ReplaySet set, TimeAxis axis)
    {
        for (var i = 0; i < set.Policies.Count; i++)
        {
            var (letter, outcome) = (Letters[i], set.Policies[i].Outcome);
            if (outcome?.Reaction is { } reaction)
            {
                var word = reaction.Kind switch
                {
                    TriggerReaction.Rollback => "would have rolled back",
                    TriggerReaction.Halt => "would have halted",
                    _ => "would have recommended to stop",
                };
                yield return new(axis.Percent(reaction.At), letter, reaction.Kind.ToString().ToLowerInvariant(), i + 1, reaction.At, $"{word}: {reaction.Trigger.Text}") { Label = $"{letter}: {Word(reaction.Kind)}" };
            }

            foreach (var fired in (outcome?.Triggers ?? []).Where(t => t.FiredAt is { } at && at != outcome!.Reaction?.At).Take(20))
            {
                yield return new(axis.Percent(fired.FiredAt!.Value), letter, "fired", i + 1, fired.FiredAt.Value, $"fired: {fired.Trigger.Text}");
            }
        }
    }

    private static string Word(TriggerReaction kind) => kind switch { TriggerReaction.Rollback => "rolls back", TriggerReaction.Halt => "halts", _ => "recommends" };

    private static IEnumerable<ReplayBand> Bands(ReplaySet set, TimeAxis axis) => set.Policies.SelectMany((p, i) =>
        (p.Outcome?.Pauses ?? []).Select(pause => new ReplayBand(axis.Percent(pause.From), Number((axis.Share(pause.Until) - axis.Share(pause.From)) * 100) + "%", Letters[i])));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private readonly record struct TimeAxis(DateTimeOffset From, DateTimeOffset Until)
    {
        /// <summary>0 to 1.</summary>
        public double Share(DateTimeOffset at) => Until > From ? Math.Clamp((at - From) / (Until - From), 0, 1) : 0;

        public string Percent(DateTimeOffset at) => Number(Share(at) * 100) + "%";
    }
}
