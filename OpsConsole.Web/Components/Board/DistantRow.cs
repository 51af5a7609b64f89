using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Board;

/// <summary>
/// A row far from what is on the screen: every word of it, so that it can be searched for and keeps its place, without its buttons and lines.
/// Written once for each snapshot and shared by every open board; no component, because two hundred of them in a hundred boards would be most of the memory.
/// </summary>
/// <param name="Class">Style class of the row.</param>
/// <param name="Release">Id of the release.</param>
/// <param name="Version">Snapshot version shown.</param>
/// <param name="Label">Name of the row for those who listen to it.</param>
/// <param name="Cells">All cells of the row.</param>
public sealed record DistantRow(string Class, string Release, string Version, string Label, MarkupString Cells)
{
    private static readonly ConditionalWeakTable<ReleaseSnapshot, DistantRow> Written = [];

    /// <summary>The row of a snapshot.</summary>
    public static DistantRow Of(ReleaseSnapshot release) => Written.GetValue(release, Write);

    private static DistantRow Write(ReleaseSnapshot release)
    {
        var mark = Marks.Of(release);
        return new DistantRow(
            $"row {mark.Slug()}{(release.Phase.IsLive() ? "" : " ended")}",
            release.Id.ToString(),
            release.SnapshotVersion.ToString(CultureInfo.InvariantCulture),
            $"{release.Service} {release.Version} on {release.Target}: {mark.Word()}",
            new MarkupString(WriteCells(release, mark)));
    }

    private static string WriteCells(ReleaseSnapshot release, Mark mark)
    {
        var html = HtmlEncoder.Default;
        var cells = new StringBuilder(2048);
        cells.Append($"<td class=\"v\"><span class=\"verdict\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"img/icons.svg#{mark.Slug()}\"></use></svg><span>{mark.Word()}</span></span></td>");
        cells.Append($"<td class=\"s\"><a class=\"svc\" data-open href=\"releases/{release.Id}\">{html.Encode(release.Service)}</a>");
        cells.Append($"<div class=\"sub\">{html.Encode(release.Target)}, {html.Encode(release.Environment)}</div></td><td class=\"r\"><div class=\"ver\">");
        if (release.PreviousVersion is { } previous)
        {
            cells.Append($"<s>{html.Encode(previous)} <span class=\"to\" aria-hidden=\"true\">→</span><span class=\"sr\">to </span></s>");
        }

        cells.Append($"{html.Encode(release.Version)}</div><div class=\"sub\">{Spans.Clock(release.RegisteredAt)}, {html.Encode(release.Owner)}</div></td>");
        cells.Append($"<td class=\"st\">{StageMarkup.Stepper(release)}<div class=\"sub\">{html.Encode(StageMarkup.Words(release))}</div>{RolloutMark.Of(release).Value}</td>");
        foreach (var (family, title) in SignalMarkup.Columns)
        {
            cells.Append($"<td class=\"g\" data-title=\"{title}\">{SignalMarkup.Cell(release.Leading(family))}</td>");
        }

        return cells.Append("<td class=\"a\"></td>").ToString();
    }
}
