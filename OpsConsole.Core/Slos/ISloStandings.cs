using System.Collections.Immutable;

namespace OpsConsole.Core.Slos;

/// <summary>How fast a service burns its budgets now.</summary>
/// <param name="Burn">The worst burn rate over the last hour among its objectives; null when none of them has data of now.</param>
/// <param name="AsOf">When it was worked out; null when the service has no objective, or none was evaluated yet.</param>
/// <param name="Slo">Name of the objective that it is of.</param>
public sealed record ServiceBurn(decimal? Burn, DateTimeOffset? AsOf, string? Slo);

/// <summary>The standings of all objectives as last evaluated, for gates, triggers and pages.</summary>
public interface ISloStandings
{
    /// <summary>False until the objectives were read from the record: that a service seems to have none means nothing before.</summary>
    bool IsLoaded { get; }

    /// <summary>All, the worst first.</summary>
    ImmutableArray<SloStanding> All { get; }

    /// <summary>Those of one service in one environment, the worst first; empty when it has no objective.</summary>
    IReadOnlyList<SloStanding> ForService(string service, string environment);

    /// <summary>The value of the signals <c>slo_burn_rate</c> and <c>error_budget_burn_rate</c> of a service.</summary>
    ServiceBurn BurnRateNow(string service, string environment);
}
