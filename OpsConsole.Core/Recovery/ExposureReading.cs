using System.Collections.Immutable;
using System.Text.Json;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Recovery;

/// <summary>Who has a bad version and how many it hurt, from what was measured: sessions or requests by version where the release's signals count them, else the exposure that the target confirmed. What is not measured is null.</summary>
public static class ExposureReading
{
    public const string ByTarget = "exposure confirmed by the target";

    /// <summary>While a kill shadows what the target confirmed. Who has heard of the kill is measured as its propagation.</summary>
    public const string ByConsole = "what this console answers since the kill";

    /// <summary>Highest share in percent from which a version that falls silent counts as gone, where its fix is heard by the same signal. One that falls silent with more may have lost its measurements instead.</summary>
    public const double MayFallSilentFrom = 5;

    /// <summary>Most points of a curve.</summary>
    public const int MostPoints = 300;

    /// <summary>Shortest time between two points of a curve.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Adds what the board measures now. The same object where that adds nothing.</summary>
    /// <param name="before">As measured so far.</param>
    /// <param name="release">As the board shows it.</param>
    /// <param name="onset">Begin of the fault.</param>
    /// <param name="counting">Whether those hurt are still counted: until the clock has ended.</param>
    /// <param name="shadowed">True while a kill shadows the exposure that the target confirmed.</param>
    /// <param name="successor">The release on the board that fixes it: whoever has that one is among all that are seen.</param>
    public static Exposure? Measure(Exposure? before, ReleaseSnapshot release, DateTimeOffset onset, bool counting, bool shadowed = false, ReleaseSnapshot? successor = null)
    {
        ArgumentNullException.ThrowIfNull(release);
        var signal = Counting(release);
        var source = signal is null || release.PreviousVersion is null ? (shadowed ? ByConsole : ByTarget) : $"{SignalText.Noun(signal.Definition)} by version";
        var curve = before?.Source == source ? before.Curve : [];
        if (PointOf(release, source is ByTarget or ByConsole ? null : signal, shadowed, successor, curve is [.., { Percent: <= MayFallSilentFrom }]) is { } point)
        {
            curve = Extended(curve, point);
        }

        var hurt = counting && signal is not null ? Counted(before?.Hurt, signal, onset) : before?.Hurt;
        return before is not null && before.Source == source && before.Curve == curve && before.Hurt == hurt ? before
            : curve.IsEmpty && hurt is null ? before
            : new Exposure(source, curve, hurt);
    }

    /// <summary>Time that the counts of one point are of; null where nothing counts.</summary>
    public static TimeSpan? WindowOf(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.PreviousVersion is null ? null : Counting(release)?.Definition.Window;
    }

    /// <summary>As a clock keeps it.</summary>
    public static string Write(Exposure? exposure) => exposure is null ? "{}" : JsonSerializer.Serialize(exposure, Json);

    /// <summary>What <see cref="Write"/> wrote; null of what it did not.</summary>
    public static Exposure? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Exposure>(json, Json) is { Source: not null } read ? read with { Curve = read.Curve.IsDefault ? [] : read.Curve } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The signal whose observations are users or requests: sessions before requests.</summary>
    private static SignalSnapshot? Counting(ReleaseSnapshot release) => release.Signals
        .Where(s => s.Definition is { Family: SignalFamily.CrashFree or SignalFamily.Errors, Unit: SignalUnit.Percent, Aggregation: SignalAggregation.WeightedMean })
        .OrderByDescending(s => s.Definition.Family).FirstOrDefault();

    /// <summary>Null where it is not known now: the bad version is silent, and neither the target shows that nobody has it nor were they few and its fix is heard of by the same signal.</summary>
    private static ExposurePoint? PointOf(ReleaseSnapshot release, SignalSnapshot? signal, bool shadowed, ReleaseSnapshot? successor, bool few)
    {
        if (signal is null)
        {
            return new(release.AsOf, shadowed ? 0 : release.ExposurePercent, 0, 0);
        }

        var fix = successor?.Signals.FirstOrDefault(s => s.Definition.Key == signal.Definition.Key && s.Quality == SignalQuality.Fresh && s.Samples > 0);
        var fresh = signal.Quality == SignalQuality.Fresh;
        if (!fresh && release.ExposurePercent > 0 && (fix is null || !few))
        {
            return null;
        }

        var bad = fresh ? signal.Samples : 0;
        var all = bad + signal.BaselineSamples + (fix?.Samples ?? 0);
        return all == 0 ? null : new(fresh && bad > 0 ? signal.AsOf ?? release.AsOf : release.AsOf, 100d * bad / all, bad, all);
    }

    private static ImmutableArray<ExposurePoint> Extended(ImmutableArray<ExposurePoint> curve, ExposurePoint point)
    {
        if (curve.IsEmpty)
        {
            return [point];
        }

        // The longer it has become the further points lie apart, so that it never grows beyond its limit for good.
        var step = (curve[^1].At - curve[0].At) / (MostPoints / 2);
        if (point.At - curve[^1].At < (step > Step ? step : Step))
        {
            return curve;
        }

        return curve.Length < MostPoints ? curve.Add(point) : [.. curve.Where((_, i) => i % 2 == 0), point];
    }

    /// <summary>Adds the bad part of a window that begins where the one before ended, or later: none is counted twice. The first is the one in which the fault was seen, so that what is stopped at once has hurt someone too. What falls between two windows is not counted, so it is a lower bound.</summary>
    private static Hurt? Counted(Hurt? before, SignalSnapshot signal, DateTimeOffset onset)
    {
        var definition = signal.Definition;
        if (signal is not { Quality: SignalQuality.Fresh, AsOf: { } asOf, Canary: { } value, Samples: > 0 } || asOf < onset || (before is not null && asOf - definition.Window < before.To))
        {
            return before;
        }

        var percent = Math.Clamp(definition.Better == BetterWhen.Lower ? value : 100 - value, 0, 100);
        var bad = (long)Math.Round(signal.Samples * percent / 100);
        return before is null
            ? new Hurt(bad, signal.Samples, SignalText.Noun(definition), asOf - definition.Window, asOf)
            : before with { Count = before.Count + bad, Of = before.Of + signal.Samples, To = asOf };
    }
}
