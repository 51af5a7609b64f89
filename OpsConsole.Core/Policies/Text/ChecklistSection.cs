using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>release:</c>.</summary>
internal static class ChecklistSection
{
    private const int LongestArtifact = 256;
    private const int LongestCommand = 1_000;

    public static ReleaseChecklist Read(PolicySection section, PolicyReading reading) => new()
    {
        Artifact = section.Text("artifact", LongestArtifact),
        PreviousArtifact = Previous(section, reading.Faults),
        DatabaseMigration = section.Named("database_migration", PolicyNames.Migrations),
        FeatureFlag = Flag(section, reading.Faults),
        Strategy = section.Named("rollout_strategy", PolicyNames.Strategies),
        InitialExposurePercent = section.Percent("initial_exposure"),
        RollbackTriggers = reading.ReadTriggers(section, "rollback_triggers"),
        RollbackCommand = section.Text("rollback_command", LongestCommand),
    };

    private static string? Previous(PolicySection section, PolicyFaults faults)
    {
        var previous = section.Text("previous_artifact", LongestArtifact);
        if (previous is not null && section.Node("artifact") is ScalarNode artifact && artifact.Text.Trim() == previous)
        {
            faults.Error(section.Node("previous_artifact")!, "The previous artifact is the same as the artifact: it would lead nowhere back.");
        }

        return previous;
    }

    private static string? Flag(PolicySection section, PolicyFaults faults)
    {
        var flag = section.Text("feature_flag", CatalogName.MaxLength);
        if (flag is not null && !CatalogName.IsValid(flag))
        {
            faults.Error(section.Node("feature_flag")!, $"'feature_flag' is the key of a flag: {CatalogName.Form}.");
        }
        else if (flag is "none" or "no" or "false")
        {
            faults.Error(section.Node("feature_flag")!, "'feature_flag' is the key of a flag.", "Leave the key out when there is no flag.");
        }

        return flag;
    }
}
