using OpsConsole.Core.Slos;
using OpsConsole.Web.Slos;

namespace OpsConsole.Web.Api;

/// <summary>The definition of an objective as the API shows it: what is put there, with its name and who put it.</summary>
internal sealed record SloDefinitionAnswer(
    string Name,
    string Title,
    string Service,
    string Environment,
    string? Target,
    string Owner,
    string Signal,
    SliShare Share,
    decimal ObjectivePercent,
    string Period,
    string Why,
    string? Runbook,
    string? Dashboard,
    DateTimeOffset ChangedAt,
    string ChangedBy)
{
    public static SloDefinitionAnswer From(Slo s) => new(
        s.Name, s.Title, s.Service, s.Environment, s.Target, s.Owner, s.Signal.Value, s.Share, s.ObjectivePercent, BurnRateWindows.PeriodText(s.Period), s.Why,
        s.Links.Runbook, s.Links.Dashboard, s.ChangedAt, s.ChangedBy);
}

/// <summary>An error budget, in bad events.</summary>
internal sealed record BudgetAnswer(decimal Allowed, decimal Spent, decimal Remaining, decimal Events, decimal? SpentPercent, decimal? RemainingPercent, double? ExhaustedInSeconds)
{
    public static BudgetAnswer From(ErrorBudget b) => new(Round(b.Allowed), Round(b.Spent), Round(b.Remaining), Round(b.Events), b.SpentPercent, b.RemainingPercent, b.Exhaustion?.TotalSeconds);

    private static decimal Round(decimal value) => decimal.Round(value, 4);
}

/// <summary>A pair of windows; coverages are from 0 to 1.</summary>
internal sealed record BurnWindowAnswer(string Window, AlertSeverity Severity, decimal Factor, WindowState State, decimal? LongBurn, decimal? ShortBurn, double LongCoverage, double ShortCoverage, bool Conclusive)
{
    public static BurnWindowAnswer From(WindowStanding w) => new(
        w.Window.Name, w.Window.Severity, decimal.Round(w.Window.Factor, 6), w.State, Round(w.LongBurn), Round(w.ShortBurn), w.LongCoverage, w.ShortCoverage, w.IsConclusive);

    internal static decimal? Round(decimal? burn) => burn is { } b ? decimal.Round(b, 6) : null;
}

/// <summary>One line of what changed.</summary>
internal sealed record SloChangeAnswer(DateTimeOffset At, string Text, string? Actor, Guid? ReleaseId);

/// <summary>How the windows of a firing alert burn now; what the alert says of itself is of when it fired.</summary>
internal sealed record SloAlertNow(DateTimeOffset AsOf, decimal? LongBurn, decimal? ShortBurn, bool IsConclusive, string Text);

/// <summary>An alert with all that whoever gets it has to know, as it was when it fired, and how it burns now; <c>now</c> is null once it has ended, <c>changes</c> until the record was asked.</summary>
internal sealed record SloAlertAnswer(
    Guid Id, AlertSeverity Severity, string Window, decimal Factor, decimal LongBurn, decimal ShortBurn, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt,
    string What, string Why, string Page, string? Runbook, string? Dashboard, string Owner, IReadOnlyList<SloChangeAnswer>? Changes, string? Ending, SloAlertNow? Now)
{
    public static SloAlertAnswer From(SloAlert a, SloStanding standing) => new(
        a.Id, a.Severity, a.Detail.Window, a.Detail.Factor, decimal.Round(a.Burn, 6), decimal.Round(a.Detail.ShortBurn, 6), a.FiredAt, a.ResolvedAt,
        a.Detail.What, a.Detail.Why, "/slos/" + a.Slo, a.Detail.Look.Runbook, a.Detail.Look.Dashboard, a.Detail.Owner,
        a.Detail.Changes is { } changes ? [.. changes.Select(c => new SloChangeAnswer(c.At, c.Text, c.Actor, c.ReleaseId))] : null, a.Detail.Ending,
        standing.NowOf(a) is { } w ? new(standing.AsOf, BurnWindowAnswer.Round(w.LongBurn), BurnWindowAnswer.Round(w.ShortBurn), w.IsConclusive, SloText.Now(w)) : null);
}

/// <summary>How an objective stands.</summary>
internal sealed record SloStandingAnswer(
    DateTimeOffset AsOf, SloVerdict Verdict, string Reason, BudgetAnswer Budget, decimal? BurnRateNow, double Coverage, DateTimeOffset? LastDataAt,
    IReadOnlyList<BurnWindowAnswer> Windows, IReadOnlyList<SloAlertAnswer> Alerts)
{
    public static SloStandingAnswer From(SloStanding s) => new(
        s.AsOf, s.Verdict, s.Reason, BudgetAnswer.From(s.Budget), BurnWindowAnswer.Round(s.BurnRateNow), s.Coverage, s.LastDataAt,
        [.. s.Windows.Select(BurnWindowAnswer.From)], [.. s.Alerts.Select(a => SloAlertAnswer.From(a, s))]);
}

/// <summary>An objective with its standing.</summary>
internal sealed record SloAnswerItem(SloDefinitionAnswer Definition, SloStandingAnswer Standing)
{
    public static SloAnswerItem From(SloStanding s) => new(SloDefinitionAnswer.From(s.Slo), SloStandingAnswer.From(s));
}

/// <summary>All objectives, the worst first.</summary>
internal sealed record SloList(IReadOnlyList<SloAnswerItem> Items);

/// <summary>What one release spent of the budget; <c>spentPercent</c> is null when none of its events are known.</summary>
internal sealed record ReleaseSpendAnswer(Guid ReleaseId, string Version, string Target, DateTimeOffset Since, DateTimeOffset? Until, decimal? BadEvents, decimal? Events, decimal? SpentPercent)
{
    public static ReleaseSpendAnswer From(ReleaseSpend s) => new(
        s.Release.Id, s.Release.Version, s.Release.Target, s.Release.RegisteredAt, s.Until, s.Spend is { } bad ? decimal.Round(bad.Bad, 4) : null, s.Spend?.Events, s.Spend?.BudgetPercent);
}

/// <summary>The whole story of one objective.</summary>
internal sealed record SloStory(SloDefinitionAnswer Definition, SloStandingAnswer Standing, IReadOnlyList<SloAlertAnswer> History, IReadOnlyList<ReleaseSpendAnswer> Releases);
