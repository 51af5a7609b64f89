using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Components.Board;

/// <summary>What a board row carries as word, icon and colour: the verdict, with stale and missing data told apart from a judgement. Ordered from worst to calm.</summary>
public enum Mark
{
    Fail,
    Error,
    Missing,
    Stale,
    Inconclusive,
    Running,
    Pass,
    RolledBack,
}

/// <summary>Finds and names marks.</summary>
public static class Marks
{
    /// <summary>All marks, worst first.</summary>
    public static IReadOnlyList<Mark> All { get; } = Enum.GetValues<Mark>();

    /// <summary>The mark of a release. A pass on data that is not fresh is never shown as a pass.</summary>
    public static Mark Of(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release switch
        {
            { Phase: ReleasePhase.RolledBack } => Mark.RolledBack,
            { Verdict: Verdict.Fail } => Mark.Fail,
            { Verdict: Verdict.Error } => Mark.Error,
            { Verdict: Verdict.Running } => Mark.Running,
            { Quality: SignalQuality.Stale } => Mark.Stale,
            { Quality: SignalQuality.Missing } => Mark.Missing,
            { Verdict: Verdict.Inconclusive } => Mark.Inconclusive,
            _ => Mark.Pass,
        };
    }

    /// <summary>The mark of a bare verdict.</summary>
    public static Mark Of(Verdict verdict) => verdict switch
    {
        Verdict.Fail => Mark.Fail,
        Verdict.Error => Mark.Error,
        Verdict.Inconclusive => Mark.Inconclusive,
        Verdict.Running => Mark.Running,
        _ => Mark.Pass,
    };

    /// <summary>The word a person reads.</summary>
    public static string Word(this Mark mark) => mark == Mark.RolledBack ? "rolled back" : mark.ToString().ToLowerInvariant();

    /// <summary>The name in addresses, style classes and the icon sheet: "rolled-back".</summary>
    public static string Slug(this Mark mark) => mark == Mark.RolledBack ? "rolled-back" : mark.ToString().ToLowerInvariant();

    /// <summary>True when a row of this mark opens by itself to its sentence.</summary>
    public static bool IsTrouble(this Mark mark) => mark is Mark.Fail or Mark.Error;
}
