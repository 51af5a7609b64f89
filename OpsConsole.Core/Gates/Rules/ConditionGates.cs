using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Gates.Rules;

/// <summary>The conditions of <c>promote_if</c>. What is not known never passes.</summary>
internal static class ConditionGates
{
    /// <summary>Age from which the standing of objectives says nothing any more: several of their evaluations are missing then.</summary>
    private static readonly TimeSpan OldObjectives = TimeSpan.FromMinutes(2);

    public static IEnumerable<GateResult> Judge(GateFacts facts, Release release, ReleaseSnapshot? snapshot, DateTimeOffset now) =>
        (facts.Policy?.Canary?.PromoteIf ?? []).Distinct().Select(condition => condition switch
        {
            PromoteCondition.SyntheticChecksPass => Signals(GateNames.SyntheticChecks, "synthetic check", SignalFamily.Synthetic, release, snapshot, now),
            PromoteCondition.BusinessMetricsStable => Signals(GateNames.BusinessMetrics, "business signal", SignalFamily.Business, release, snapshot, now),
            PromoteCondition.ErrorBudgetHealthy => Budget(facts, now),
            PromoteCondition.NoCriticalAlerts => Alerts(facts, now),
            PromoteCondition.AnalysisPasses => Analysis(facts, release),
            _ => throw new ArgumentOutOfRangeException(nameof(facts), condition, "Unknown condition."),
        });

    private static GateResult Signals(string gate, string what, SignalFamily family, Release release, ReleaseSnapshot? snapshot, DateTimeOffset now)
    {
        if (!release.Signals.Any(s => s.Family == family))
        {
            return new(gate, Verdict.Inconclusive, $"The policy asks for it, and the release has no {what}; register it with one.", "release record", null);
        }

        if (release.StageIndex < 0)
        {
            return new(gate, Verdict.Pass, $"Nobody has the release yet; every {what} is judged from its first stage on.", "release record", null);
        }

        var seen = snapshot?.Signals.Where(s => s.Definition.Family == family).ToList() ?? [];
        if (snapshot is null || seen.Count == 0)
        {
            return new(gate, Verdict.Inconclusive, $"No {what} is on the live board yet; wait until they arrive.", "board", null);
        }

        var source = string.Create(CultureInfo.InvariantCulture, $"board, snapshot {snapshot.SnapshotVersion}");
        DateTimeOffset? oldest = seen.Min(s => s.AsOf);
        var old = seen.Where(s => s.Quality != SignalQuality.Fresh || s.AsOf is not { } at || now - at > s.Definition.StaleAfter + TimeSpan.FromSeconds(1)).ToList();
        var worst = seen.MaxBy(s => s.Verdict)!;
        if (worst.Verdict != Verdict.Pass)
        {
            return new(gate, worst.Verdict, string.Join(" ", seen.Where(s => s.Verdict != Verdict.Pass).Select(s => s.Reason.TrimEnd('.') + ".")), source, oldest);
        }

        return old.Count > 0
            ? new(gate, Verdict.Inconclusive, $"No fresh data of {string.Join(", ", old.Select(s => s.Definition.Title))}; look at the source.", source, oldest)
            : new(gate, Verdict.Pass, $"Passing on fresh data: {string.Join(", ", seen.Select(s => $"{s.Definition.Title} {s.CanaryText}"))}.", source, oldest);
    }

    private static GateResult Budget(GateFacts facts, DateTimeOffset now)
    {
        if (Unknown(GateNames.ErrorBudget, facts, now) is { } unknown)
        {
            return unknown;
        }

        var (left, asOf) = (facts.Objectives!.WorstBudgetLeft, facts.Objectives.AsOf);
        return left switch
        {
            null => new(GateNames.ErrorBudget, Verdict.Inconclusive, "No objective of the service has data yet.", "objectives", asOf),
            <= 0 => new(GateNames.ErrorBudget, Verdict.Fail, "The error budget is used up; promote again when it has recovered.", "objectives", asOf),
            { } share when facts.Objectives.Burning => new(GateNames.ErrorBudget, Verdict.Fail, $"The error budget burns at a rate that alerts; {Wording.Percent(share * 100)} are left.", "objectives", asOf),
            { } share => new(GateNames.ErrorBudget, Verdict.Pass, $"{Wording.Percent(share * 100)} of the worst error budget are left, and none burns at an alerting rate.", "objectives", asOf),
        };
    }

    private static GateResult Alerts(GateFacts facts, DateTimeOffset now)
    {
        if (Unknown(GateNames.NoCriticalAlerts, facts, now) is { } unknown)
        {
            return unknown;
        }

        var (alerts, asOf) = (facts.Objectives!.PagingAlerts, facts.Objectives.AsOf);
        if (alerts.Count == 0 && facts.Objectives.WorstBudgetLeft is null)
        {
            return new(GateNames.NoCriticalAlerts, Verdict.Inconclusive, "An objective of the service has no data, so that nothing pages says nothing.", "objectives", asOf);
        }

        return alerts.Count == 0
            ? new(GateNames.NoCriticalAlerts, Verdict.Pass, "No paging alert of the service is firing.", "objectives", asOf)
            : new(GateNames.NoCriticalAlerts, Verdict.Fail, $"Paging now: {string.Join("; ", alerts)}.", "objectives", asOf);
    }

    private static GateResult? Unknown(string gate, GateFacts facts, DateTimeOffset now) => facts switch
    {
        { ObjectivesFault: { } fault } => new(gate, Verdict.Error, $"The objectives cannot be read: {fault.TrimEnd('.')}.", "objectives", null),
        { Objectives: null } => new(gate, Verdict.Inconclusive, "The service has no objective in this environment, so nothing shows it; define one.", "objectives", null),
        { Objectives.AsOf: var asOf } when now - asOf > OldObjectives =>
            new(gate, Verdict.Inconclusive, $"The objectives were last worked out {Wording.Duration(now - asOf)} ago; {Wording.Duration(OldObjectives)} are allowed.", "objectives", asOf),
        _ => null,
    };

    private static GateResult Analysis(GateFacts facts, Release release)
    {
        if (release.StageIndex < 0)
        {
            return new(GateNames.Analysis, Verdict.Pass, "Nobody has the release yet; the judge begins in its first stage.", "judge", null);
        }

        if (facts.Analysis is not { } run || run.StageIndex != release.StageIndex || run.At < release.StageEnteredAt)
        {
            return new(GateNames.Analysis, Verdict.Inconclusive, "There is no analysis of this stage yet.", "judge", facts.Analysis?.At);
        }

        var score = run.Score.ToString("0.#", CultureInfo.InvariantCulture);
        return run.Verdict switch
        {
            "pass" => new(GateNames.Analysis, Verdict.Pass, $"Score {score} of 100, which passes.", "judge", run.At),
            "fail" => new(GateNames.Analysis, Verdict.Fail, $"Score {score} of 100, which fails.", "judge", run.At),
            "marginal" => new(GateNames.Analysis, Verdict.Inconclusive, $"Score {score} of 100 is marginal: neither pass nor fail.", "judge", run.At),
            "error" => new(GateNames.Analysis, Verdict.Error, "The analysis went wrong.", "judge", run.At),
            _ => new(GateNames.Analysis, Verdict.Inconclusive, "The analysis could not tell; most often there are too few points.", "judge", run.At),
        };
    }
}
