namespace OpsConsole.Core.Policies.Triggers;

/// <summary>Where the engine takes the burn rate of a service from. Answers from memory: it is asked for every release once a second.</summary>
public interface IBurnRates
{
    /// <summary>The worst burn rate of the service's objectives over the last hour, and when it was worked out; null where the service has no objective or none could be judged.</summary>
    (double? Rate, DateTimeOffset? AsOf) Now(string service, string environment);
}
