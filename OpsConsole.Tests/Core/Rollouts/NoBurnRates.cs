using OpsConsole.Core.Policies.Triggers;

namespace OpsConsole.Tests.Core.Rollouts;

/// <summary>A console without objectives: no burn rate is known, so a trigger on one is inconclusive.</summary>
internal sealed class NoBurnRates : IBurnRates
{
    public (double? Rate, DateTimeOffset? AsOf) Now(string service, string environment) => (null, null);
}
