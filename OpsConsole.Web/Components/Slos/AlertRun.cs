using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Components.Slos;

/// <summary>Alerts of one pair of windows that followed each other so closely that they speak of the same trouble.</summary>
/// <param name="Latest">The newest, which fires or fired last.</param>
/// <param name="Earlier">Those before it, newest first.</param>
internal sealed record AlertRun(SloAlert Latest, IReadOnlyList<SloAlert> Earlier)
{
    /// <summary>Longest time from the end of one to the beginning of the next.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromHours(1);

    /// <summary>Puts alerts together, in the order in which the newest of each stands in the list.</summary>
    public static IReadOnlyList<AlertRun> Of(IReadOnlyList<SloAlert> alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        var runs = new List<(SloAlert Latest, List<SloAlert> Earlier)>();
        foreach (var pair in alerts.GroupBy(a => a.Detail.Window))
        {
            foreach (var alert in pair.OrderByDescending(a => a.FiredAt))
            {
                if (runs.Count > 0 && runs[^1] is var (latest, earlier) && latest.Detail.Window == pair.Key
                    && (earlier.Count > 0 ? earlier[^1] : latest).FiredAt - (alert.ResolvedAt ?? alert.FiredAt) <= Gap)
                {
                    earlier.Add(alert);
                }
                else
                {
                    runs.Add((alert, []));
                }
            }
        }

        return [.. runs.OrderByDescending(r => r.Latest.IsFiring).ThenByDescending(r => r.Latest.FiredAt).Select(r => new AlertRun(r.Latest, r.Earlier))];
    }
}
