using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Board;

/// <summary>The stepper of a release's stages, drawn as one picture with a text equivalent.</summary>
public static class StageMarkup
{
    private const int Step = 23;
    private const int Gap = 4;

    /// <summary>One bar for each stage: filled up to the current one.</summary>
    public static MarkupString Stepper(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var count = release.Stages.Count;
        var width = Math.Max(1, count * (Step + Gap) - Gap).ToString(CultureInfo.InvariantCulture);
        var picture = new StringBuilder($"<svg class=\"steps\" width=\"{width}\" height=\"6\" viewBox=\"0 0 {width} 6\" role=\"img\" aria-label=\"{Position(release)}\">");
        for (var i = 0; i < count; i++)
        {
            var state = release.Phase == ReleasePhase.RolledBack || i > release.StageIndex ? "todo" : i == release.StageIndex ? "now" : "past";
            picture.Append(CultureInfo.InvariantCulture, $"<rect class=\"{state}\" x=\"{i * (Step + Gap)}\" width=\"{Step}\" height=\"6\" rx=\"3\"></rect>");
        }

        return new MarkupString(picture.Append("</svg>").ToString());
    }

    /// <summary>Where the release is, in words: "stage 2 of 4, 25 %".</summary>
    public static string Position(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.StageIndex < 0
            ? $"not started, {release.Stages.Count} stages"
            : $"stage {release.StageIndex + 1} of {release.Stages.Count}, {Spans.Percent(release.ExposurePercent)}";
    }

    /// <summary>The stage in a word or two, under the stepper: "25 %", "halted at 5 %".</summary>
    public static string Words(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var stage = release.Phase switch
        {
            ReleasePhase.RollingOut => Spans.Percent(release.ExposurePercent),
            ReleasePhase.Registered => "not exposed yet",
            ReleasePhase.Halted => $"halted at {Spans.Percent(release.ExposurePercent)}",
            var phase => Kit.Words.Of(phase),
        };

        // Who comes next must see that the release is only healthy without what the switch turns off.
        return release.Switch is { Killed: true } ? stage + ", switch killed" : stage;
    }

    /// <summary>When the hold of the current stage is over, or null where none is running.</summary>
    public static DateTimeOffset? HoldEnds(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.Phase == ReleasePhase.RollingOut && release.StageIndex >= 0 && release.StageIndex < release.Stages.Count - 1
            ? release.StageEnteredAt + release.Stages[release.StageIndex].Hold
            : null;
    }
}
