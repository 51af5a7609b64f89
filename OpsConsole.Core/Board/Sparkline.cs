using System.Globalization;
using System.Text;

namespace OpsConsole.Core.Board;

/// <summary>A small line of a signal's recent past, as SVG path data in a box of 96 x 24.</summary>
/// <param name="Path">Path data, empty without points.</param>
/// <param name="LimitY">Height of the limit, 0 (top) to 24; null without one.</param>
public readonly record struct Sparkline(string Path, double? LimitY)
{
    public const double Width = 96;

    public const double Height = 24;

    /// <summary>Kept free above and below, so that a line at the edge shows its full width.</summary>
    private const double Margin = 2;

    /// <summary>Points closer than this are drawn as their mean: the path goes to every open board with every change, and finer than this nobody sees.</summary>
    private const int ColumnWidth = 3;

    private static readonly TimeSpan ShortestSpan = TimeSpan.FromMinutes(2);

    /// <summary>Draws points, oldest first, up to <paramref name="until"/> at the right edge. The limit is always inside the box, so that the distance to it can be seen; a point that is not a number leaves the line open.</summary>
    public static Sparkline Draw(ReadOnlySpan<ChartPoint> points, double? limit, DateTimeOffset until)
    {
        if (points.IsEmpty)
        {
            return new("", null);
        }

        var (low, high) = (limit ?? points[0].Value, limit ?? points[0].Value);
        foreach (var point in points)
        {
            if (double.IsFinite(point.Value))
            {
                low = Math.Min(low, point.Value);
                high = Math.Max(high, point.Value);
            }
        }

        var span = until - points[0].At;
        span = span < ShortestSpan ? ShortestSpan : span;
        var path = new StringBuilder(256);
        var open = true;
        var (column, sum, count) = (-1, 0.0, 0);
        foreach (var point in points)
        {
            var at = (int)((Width - ((until - point.At) / span * Width)) / ColumnWidth);
            if (at != column || !double.IsFinite(point.Value))
            {
                Flush();
                column = at;
            }

            if (double.IsFinite(point.Value))
            {
                sum += point.Value;
                count++;
            }
            else
            {
                open = true;
            }
        }

        Flush();
        return new(path.ToString(), limit is { } l ? Math.Round(Y(l), 1) : null);

        void Flush()
        {
            if (count > 0)
            {
                // A line of no length first: a point alone between two gaps shows as a dot where ends are round.
                path.Append(CultureInfo.InvariantCulture, $"{(open ? 'M' : 'L')}{column * ColumnWidth} {Y(sum / count):0.#}{(open ? "h0" : "")}");
                open = false;
            }

            (sum, count) = (0, 0);
        }

        double Y(double value) => high > low ? Margin + ((high - value) / (high - low) * (Height - (2 * Margin))) : Height / 2;
    }
}
