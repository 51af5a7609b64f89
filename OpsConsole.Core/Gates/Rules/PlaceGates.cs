using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Rules;

/// <summary>Gates about when a place may be changed. They wait, they do not fail; a window on record that cannot be judged is an error of its own gate alone.</summary>
internal static class PlaceGates
{
    public static IEnumerable<GateResult> Judge(GateFacts facts, Release release, DateTimeOffset now)
    {
        var here = facts.Windows.Where(w => WindowRule.Covers(w, release.Service, release.Target, release.Environment)).ToList();
        yield return Window(WindowRule.Allowed(here, now));
        if (here.Any(w => w.Kind == DeployWindowKind.Freeze))
        {
            yield return Freeze(WindowRule.Frozen(here, now));
        }
    }

    private static GateResult Window(WindowStanding standing) => new(
        GateNames.DeployWindow, Of(standing), standing.Sentence, "deploy windows", null);

    private static GateResult Freeze(WindowStanding standing) => new(
        GateNames.Freeze, Of(standing), standing.Sentence, "deploy windows", null);

    private static Verdict Of(WindowStanding standing) => standing.Broken ? Verdict.Error : standing.Open ? Verdict.Pass : Verdict.Running;
}
