using System.Globalization;
using System.Text;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Recovery;

/// <summary>The curve of who has a bad version, as SVG path data, and its last point in words.</summary>
public static class ExposureDrawing
{
    public const int Width = 320, Height = 64;

    /// <summary>A line from the oldest point to the newest over the whole width; the top is the highest share that was measured.</summary>
    public static string Path(IReadOnlyList<ExposurePoint> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Count == 0)
        {
            return "";
        }

        var top = Top(curve);
        var span = curve[^1].At - curve[0].At;
        var path = new StringBuilder(curve.Count * 10);
        for (var i = 0; i < curve.Count; i++)
        {
            var x = span > TimeSpan.Zero ? (curve[i].At - curve[0].At) / span * Width : Width;
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x:0.#} {Height - 2 - (curve[i].Percent / top * (Height - 4)):0.#}{(curve.Count == 1 ? "h0" : "")}");
        }

        return path.ToString();
    }

    /// <summary>The share at the top of the drawing, above zero.</summary>
    public static double Top(IReadOnlyList<ExposurePoint> curve) => Math.Max(curve.Max(p => p.Percent), 0.1);

    /// <summary>"12.5 % of sessions: 25 of 200 in 30 s".</summary>
    public static string Words(Exposure exposure, TimeSpan? window)
    {
        ArgumentNullException.ThrowIfNull(exposure);
        var last = exposure.Curve[^1];
        var share = Share(last.Percent);
        return last.Of == 0
            ? $"{share}, as the target confirmed"
            : $"{share} of {Unit(exposure.Source)}: {Number(last.Count)} of {Number(last.Of)}{(window is { } w ? $" in {Spans.Age(w)}" : "")}";
    }

    /// <summary>Who still has a release that another one fixes: "12.5 % of sessions still have it".</summary>
    public static string Left(FixedForward bad)
    {
        ArgumentNullException.ThrowIfNull(bad);
        return bad.Left.Percent <= 0 ? "nobody has it any more"
            : bad.Left.Of == 0 ? $"{Share(bad.Left.Percent)} still have it, as the target confirmed"
            : $"{Share(bad.Left.Percent)} of {Unit(bad.Source)} still have it";
    }

    /// <summary>The counts of a point, to stand before something else: "25 of 200, "; nothing where it has none.</summary>
    public static string Counts(ExposurePoint point) => point.Of == 0 ? "" : $"{Number(point.Count)} of {Number(point.Of)}, ";

    /// <summary>A share with at most three significant digits.</summary>
    public static string Share(double percent) => SignalText.Value(percent, SignalUnit.Percent);

    /// <summary>How many were hurt, with numerator, denominator and window.</summary>
    public static string Words(Hurt? hurt, string version) => hurt is null
        ? "How many were hurt is not known: nothing that is measured counts them."
        : $"{Number(hurt.Count)} of {Number(hurt.Of)} {hurt.Unit} on {version} {(hurt.Unit == "requests" ? "failed" : "crashed or failed")}, {Spans.Clock(hurt.From)} to {Spans.Clock(hurt.To)}, at least.";

    private static string Unit(string source) => source.Split(' ')[0];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
