using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies.Triggers;

namespace OpsConsole.Core.Slos;

/// <summary>What gates and triggers ask about the objectives of a service, from the standings as last evaluated.</summary>
public sealed class ServiceObjectives(ISloStandings standings) : IServiceObjectives, IBurnRates
{
    /// <exception cref="InvalidOperationException">The objectives were not read yet, so that there seem to be none means nothing.</exception>
    public Task<ObjectiveStanding?> StandingAsync(string service, string environment, CancellationToken cancellationToken)
    {
        if (!standings.IsLoaded)
        {
            throw new InvalidOperationException("The objectives are still being read.");
        }

        var all = standings.ForService(service, environment);
        return Task.FromResult(all.Count == 0 ? null : new ObjectiveStanding(
            WorstBudgetLeft(all),
            all.Any(s => s.Verdict is SloVerdict.Burning or SloVerdict.Exhausted),
            [.. all.Where(s => s.HasPage).Select(s => s.Slo.Title)],
            all.Min(s => s.AsOf)));
    }

    public (double? Rate, DateTimeOffset? AsOf) Now(string service, string environment)
    {
        var burn = standings.BurnRateNow(service, environment);
        return ((double?)burn.Burn, burn.AsOf);
    }

    /// <summary>Null as soon as one objective has no data: what is not known is not healthy.</summary>
    private static double? WorstBudgetLeft(IReadOnlyList<SloStanding> all) =>
        all.Any(s => s.Budget.RemainingPercent is null || s.Verdict == SloVerdict.NoData) ? null : all.Min(s => (double)s.Budget.RemainingPercent! / 100);
}
