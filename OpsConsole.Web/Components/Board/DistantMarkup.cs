using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Board;

/// <summary>
/// The cells of a row that is far from what is on the screen: every word of it, so that it can be searched for and keeps its place, without its buttons and lines.
/// Written once for each snapshot and shared by every open board.
/// </summary>
public static class DistantMarkup
{
    private static readonly ConditionalWeakTable<ReleaseSnapshot, string> Written = [];

    /// <summary>All cells of the row.</summary>
    public static MarkupString Cells(ReleaseSnapshot release) => new(Written.GetValue(release, Write));

    private static string Write(ReleaseSnapshot release)
    {
        var html = HtmlEncoder.Default;
        var mark = Marks.Of(release);
        var cells = new StringBuilder(2048);
        cells.Append($"<td class=\"v\"><span class=\"verdict\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"img/icons.svg#{mark.Slug()}\"></use></svg><span>{mark.Word()}</span></span></td>");
        cells.Append($"<td class=\"s\"><a class=\"svc\" data-open href=\"releases/{release.Id}\">{html.Encode(release.Service)}</a>");
        cells.Append($"<div class=\"sub\">{html.Encode(release.Target)}, {html.Encode(release.Environment)}</div></td><td class=\"r\"><div class=\"ver\">");
        if (release.PreviousVersion is { } previous)
        {
            cells.Append($"<s>{html.Encode(previous)} <span class=\"to\" aria-hidden=\"true\">→</span><span class=\"sr\">to </span></s>");
        }

        cells.Append($"{html.Encode(release.Version)}</div><div class=\"sub\">{Spans.Clock(release.RegisteredAt)}, {html.Encode(release.Owner)}</div></td>");
        cells.Append($"<td class=\"st\">{StageMarkup.Stepper(release)}<div class=\"sub\">{html.Encode(StageMarkup.Words(release))}</div></td>");
        foreach (var (family, title) in SignalMarkup.Columns)
        {
            cells.Append($"<td class=\"g\" data-title=\"{title}\">{SignalMarkup.Cell(release.Leading(family))}</td>");
        }

        return cells.Append("<td class=\"a\"></td>").ToString();
    }
}
