using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.Flags;

/// <summary>What the percentage of a switch can do: everything, both ways, as fast as clients ask for their flags. It ships nothing and takes nothing away.</summary>
public static class FlagCapabilities
{
    public static TargetCapabilities Value { get; } = new()
    {
        Title = "feature flag",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.FeatureFlag },
        ExposureUnit = "users",
        StaysAfterHalt = "Whoever the flag is on for keeps it; it goes on for nobody else, and nobody can raise the share by hand.",
        StaysAfterRollback = "The flag is off for everyone but whom a rule of its targeting names, for each client as soon as it has asked again; the code stays shipped to everyone who has it, and what it wrote stays written.",
        Instead = new Dictionary<ActionVerb, string>(),
    };
}
