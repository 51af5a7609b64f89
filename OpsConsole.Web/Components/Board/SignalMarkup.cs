using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Board;

/// <summary>The inside of a signal cell. Written once for each snapshot and shared by every open board: with many boards open, four cells a row would otherwise be most of the work.</summary>
public static class SignalMarkup
{
    /// <summary>The families that have a column, in order.</summary>
    public static ImmutableArray<(SignalFamily Family, string Title)> Columns { get; } =
    [
        (SignalFamily.Errors, "Errors"),
        (SignalFamily.Latency, "Latency"),
        (SignalFamily.CrashFree, "Crash-free"),
        (SignalFamily.Business, "Business"),
    ];

    /// <summary>Shown where the release has no signal of a family.</summary>
    public static MarkupString NotMeasured { get; } = new(
        "<span class=\"none\" title=\"not measured on this target\">—<span class=\"sr\">not measured on this target</span></span>");

    private static readonly ConditionalWeakTable<SignalSnapshot, string> Written = [];
    private static readonly ConditionalWeakTable<string, string> Drawn = [];

    /// <summary>A whole cell without its line.</summary>
    public static string Cell(SignalSnapshot? signal) =>
        signal is null ? NotMeasured.Value : $"<div class=\"{Class(signal)}\" title=\"{HtmlEncoder.Default.Encode(signal.Reason)}\">{Words(signal)}</div>";

    /// <summary>The words of a cell: value, delta or note, and the signal's title.</summary>
    public static MarkupString Words(SignalSnapshot signal) => new(Written.GetValue(signal, Write));

    /// <summary>The line of a cell, apart from its words: those change with every sample, this every few seconds.</summary>
    public static MarkupString Line(SignalSnapshot signal)
    {
        ArgumentNullException.ThrowIfNull(signal);

        // Kept by the path, which is the same string for as long as the line is.
        return new MarkupString(signal.SparklinePath.Length == 0 ? Draw(signal) : Drawn.GetValue(signal.SparklinePath, _ => Draw(signal)));
    }

    /// <summary>Style class of a cell by how far its value can be trusted and how it is judged.</summary>
    public static string Class(SignalSnapshot signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal switch
        {
            { Quality: SignalQuality.Missing } => "sig missing",
            { Quality: SignalQuality.Stale } => "sig stale",
            { Verdict: Verdict.Fail } => "sig bad",
            { Verdict: Verdict.Error } => "sig error",
            { Verdict: Verdict.Inconclusive } => "sig few",
            _ => "sig",
        };
    }

    private static string Write(SignalSnapshot signal)
    {
        var html = HtmlEncoder.Default;
        var invariant = CultureInfo.InvariantCulture;
        var title = html.Encode(signal.Definition.Title);
        var note = signal switch
        {
            { Quality: SignalQuality.Missing } => "no data",
            { Quality: SignalQuality.Stale, AsOf: { } asOf } =>
                $"<time data-at=\"{Spans.Stamp(asOf)}\" data-suffix=\" old\" title=\"{Spans.Full(asOf)}\">{Spans.Clock(asOf)}</time>",
            { Verdict: Verdict.Inconclusive or Verdict.Running } when signal.Samples < signal.Definition.MinimumCount =>
                $"{signal.Samples.ToString("N0", invariant)} of {signal.Definition.MinimumCount.ToString("N0", invariant)}",
            { DeltaText.Length: > 0 } => html.Encode(signal.DeltaText),
            _ => "",
        };
        return $"<b>{html.Encode(signal.CanaryText)}</b><em>{note}</em><u>{title}</u>";
    }

    private static string Draw(SignalSnapshot signal)
    {
        var invariant = CultureInfo.InvariantCulture;
        var limit = signal.LimitY is { } y
            ? $"<line x1=\"0\" x2=\"96\" y1=\"{y.ToString("0.#", invariant)}\" y2=\"{y.ToString("0.#", invariant)}\"></line>"
            : "";
        var path = signal.SparklinePath.Length > 0 ? $"<path d=\"{HtmlEncoder.Default.Encode(signal.SparklinePath)}\"></path>" : "";
        return $"<svg class=\"spark\" viewBox=\"0 0 96 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{limit}{path}</svg>";
    }
}
