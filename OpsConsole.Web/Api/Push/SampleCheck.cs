using System.Globalization;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Api.Push;

/// <summary>Makes a sample of what was pushed, or says what is wrong with it.</summary>
internal static class SampleCheck
{
    /// <summary>How far ahead of the console's clock a sample may be: what the board tolerates.</summary>
    public static readonly TimeSpan MostAhead = ReleaseBoard.ClockTolerance;

    /// <summary>How old a sample may be: about what the board keeps.</summary>
    public static readonly TimeSpan MostBehind = TimeSpan.FromMinutes(10);

    private const int LongestId = 128;
    private const double MostCounted = 9_007_199_254_740_992;

    /// <returns>Null when <paramref name="sample"/> is sound, else every fault in one sentence.</returns>
    public static string? Check(PushedSample pushed, DateTimeOffset now, out SignalSample sample)
    {
        var faults = new List<string>();
        Name(faults, "service", pushed.Service);
        Name(faults, "target", pushed.Target);
        Name(faults, "environment", pushed.Environment);
        Require(faults, pushed.Version is { Length: > 0 and <= 64 }, "'version' has to be 1 to 64 characters");
        Require(faults, SignalKey.IsValid(pushed.Signal), "'signal' has to be 1 to 64 lower-case letters, digits and underscores, beginning with a letter");
        Require(faults, pushed.Id is null or { Length: > 0 and <= LongestId }, $"'id' has to be 1 to {LongestId} characters, or left out");
        var at = Time(faults, pushed.At, now);
        var (value, count, kind) = pushed.Good is null && pushed.Total is null ? Value(faults, pushed) : Ratio(faults, pushed);
        if (faults.Count == 0)
        {
            var key = new SignalKey(pushed.Signal!);
            sample = new SignalSample(new(pushed.Service!, pushed.Target!, pushed.Environment!, pushed.Version!, key), at, value, (long)count, kind);
            Require(faults, kind != SampleKind.Measured || Fits(key, value), $"'value' {Text(value)} cannot be right for {key}: {Range(key)}");
        }
        else
        {
            sample = default;
        }

        return faults.Count == 0 ? null : string.Join("; ", faults) + ".";
    }

    private static void Require(List<string> faults, bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }

    private static void Name(List<string> faults, string what, string? value) =>
        Require(faults, CatalogName.IsValid(value), value is null ? $"'{what}' is missing" : $"'{what}' has to be {CatalogName.Form}");

    private static DateTimeOffset Time(List<string> faults, string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return now;
        }

        if (!Rfc3339.TryParse(text, out var at))
        {
            faults.Add("'at' has to be a time as RFC 3339 writes it, with an offset: 2026-01-31T12:00:00Z");
            return now;
        }

        var ahead = (at - now).TotalSeconds;
        Require(faults, at - now <= MostAhead, $"'at' is {Text(ahead)} s ahead of the console's clock, more than {MostAhead.TotalSeconds} s: one of the two clocks is wrong");
        Require(faults, now - at <= MostBehind, $"'at' is {Text(-ahead)} s behind the console's clock, more than the {MostBehind.TotalSeconds} s that the board keeps");
        return at;
    }

    private static (double Value, double Count, SampleKind Kind) Value(List<string> faults, PushedSample pushed)
    {
        Require(faults, pushed.Value is not null, "'value' is missing, or 'good' and 'total'");
        Require(faults, pushed.Value is null || double.IsFinite(pushed.Value.Value), "'value' has to be a finite number");
        Count(faults, "count", pushed.Count);
        return (pushed.Value ?? 0, pushed.Count ?? 1, SampleKind.Measured);
    }

    private static (double Value, double Count, SampleKind Kind) Ratio(List<string> faults, PushedSample pushed)
    {
        Require(faults, pushed.Value is null && pushed.Count is null, "either 'value' and 'count' or 'good' and 'total', not both");
        Require(faults, pushed.Good is not null, "'good' is missing beside 'total'");
        Require(faults, pushed.Total is not null, "'total' is missing beside 'good'");
        Count(faults, "good", pushed.Good);
        Count(faults, "total", pushed.Total);
        Require(faults, !(pushed.Good > pushed.Total), "'good' is more than 'total'");
        return pushed.Total > 0
            ? (100 * (pushed.Good ?? 0) / pushed.Total.Value, pushed.Total.Value, SampleKind.Measured)
            : (0, 0, SampleKind.Missing);
    }

    private static void Count(List<string> faults, string what, double? count) => Require(
        faults, count is null || (count >= 0 && count <= MostCounted && double.IsInteger(count.Value)), $"'{what}' has to be a whole number, 0 or more");

    /// <summary>Held against the unit of signals that the console knows; others may have any.</summary>
    private static bool Fits(SignalKey key, double value) => KnownSignals.Find(key.Value)?.Unit switch
    {
        SignalUnit.Percent => value is >= 0 and <= 100,
        SignalUnit.Milliseconds or SignalUnit.PerSecond or SignalUnit.Count => value >= 0,
        _ => true,
    };

    private static string Range(SignalKey key) => KnownSignals.Find(key.Value)?.Unit == SignalUnit.Percent ? "it is a percentage, 0 to 100" : "it is never below 0";

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
