using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Storage;

/// <summary>When an action was begun (carried out, where people had to agree first) and when it was confirmed.</summary>
internal sealed record ConfirmedAction(DateTimeOffset BegunAt, DateTimeOffset FinishedAt);

/// <summary>Turns confirmed actions into a measured time.</summary>
internal static class MeasuredTimes
{
    /// <summary>Median and nearest-rank 95th percentile, or null of none.</summary>
    public static MeasuredTime? Of(IReadOnlyCollection<ConfirmedAction> actions)
    {
        if (actions.Count == 0)
        {
            return null;
        }

        var times = actions.Select(a => a.FinishedAt - a.BegunAt).Order().ToList();
        var median = (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
        var p95 = times[(int)Math.Ceiling(times.Count * 0.95) - 1];
        return new MeasuredTime(times.Count, median, p95, actions.Max(a => a.FinishedAt));
    }
}
