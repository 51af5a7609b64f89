using System.Globalization;
using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Components.Slos;

/// <summary>Words, classes and lines that the pages of the objectives share.</summary>
internal static class SloMarkup
{
    /// <summary>Most points of a budget line.</summary>
    public const int Points = 240;

    /// <summary>Size of a budget line in its own units.</summary>
    public const double Width = 600;

    /// <summary>Height of a budget line in its own units.</summary>
    public const double Height = 120;

    public static string Word(SloVerdict verdict) => verdict switch
    {
        SloVerdict.Healthy => "healthy",
        SloVerdict.NoData => "no data",
        SloVerdict.Burning => "burning",
        _ => "exhausted",
    };

    /// <summary>The style that says the same as the word.</summary>
    public static string Tone(SloVerdict verdict) => verdict switch
    {
        SloVerdict.Healthy => "pass",
        SloVerdict.NoData => "missing",
        SloVerdict.Burning => "inconclusive",
        _ => "fail",
    };

    public static string Word(WindowStanding standing) => standing.State switch
    {
        WindowState.Firing => standing.IsCalm ? "fires; ends if it stays below" : standing.IsConclusive ? "fires" : "fires; too little data to end it",
        WindowState.Inconclusive => "inconclusive",
        _ => "below",
    };

    public static string Tone(WindowStanding standing) => standing.State switch
    {
        WindowState.Firing => standing.Window.Severity == AlertSeverity.Page ? "fail" : "inconclusive",
        WindowState.Inconclusive => "missing",
        _ => "pass",
    };

    public static string Word(AlertSeverity severity) => severity == AlertSeverity.Page ? "page" : "ticket";

    /// <summary>How many alerts of which kind: "1 page, 2 tickets".</summary>
    public static string Alerts(SloStanding standing)
    {
        var pages = standing.Alerts.Count(a => a.Severity == AlertSeverity.Page);
        var tickets = standing.Alerts.Length - pages;
        return (pages, tickets) switch
        {
            (0, 0) => "none",
            (0, _) => Counted(tickets, "ticket"),
            (_, 0) => Counted(pages, "page"),
            _ => $"{Counted(pages, "page")}, {Counted(tickets, "ticket")}",
        };
    }

    /// <summary>Share of a bar to fill, 0 to 100.</summary>
    public static string Fill(decimal? remainingPercent) => Math.Clamp(remainingPercent ?? 0, 0, 100).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>How the budget of the period that ends now was spent: from all of it down to what is left, one point a bucket. Measured against the events of the whole period, so that the line ends where the budget stands.</summary>
    /// <param name="windows">Buckets of the period, oldest first.</param>
    /// <param name="allowedShare">Share of events that may be bad.</param>
    /// <param name="now">Where the last bucket ends, which is not over yet.</param>
    public static IReadOnlyList<(DateTimeOffset At, double LeftPercent)> BurnDown(IReadOnlyList<SloWindow> windows, decimal allowedShare, DateTimeOffset now)
    {
        var allowed = windows.Sum(w => w.Total) * (double)allowedShare;
        if (allowed <= 0)
        {
            return [];
        }

        var line = new List<(DateTimeOffset, double)>(windows.Count + 1) { (windows[0].Start, 100) };
        double spent = 0;
        foreach (var window in windows)
        {
            spent += window.Total - window.Good;
            var end = window.Start.AddSeconds(window.WidthSeconds);
            line.Add((end < now ? end : now, 100 * (1 - (spent / allowed))));
        }

        return line.Count <= Points ? line : [.. line.Where((_, i) => i % ((line.Count / Points) + 1) == 0), line[^1]];
    }

    /// <summary>The line as an SVG path: time from left to right, the whole budget at the top. The bottom is an empty budget, or what is overspent where it is.</summary>
    public static string Path(IReadOnlyList<(DateTimeOffset At, double LeftPercent)> line)
    {
        var (first, span) = (line[0].At, Math.Max((line[^1].At - line[0].At).TotalSeconds, 1));
        var floor = Floor(line);
        return "M" + string.Join('L', line.Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{Width * (p.At - first).TotalSeconds / span:0.#} {Y(p.LeftPercent, floor):0.#}")));
    }

    /// <summary>Where an empty budget lies in the drawing.</summary>
    public static string EmptyAt(IReadOnlyList<(DateTimeOffset At, double LeftPercent)> line) => Y(0, Floor(line)).ToString("0.#", CultureInfo.InvariantCulture);

    private static double Floor(IReadOnlyList<(DateTimeOffset At, double LeftPercent)> line) => Math.Min(0, line.Min(p => p.LeftPercent));

    private static double Y(double leftPercent, double floor) => 2 + ((Height - 4) * (100 - leftPercent) / (100 - floor));

    private static string Counted(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
