using System.Text.RegularExpressions;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>release:</c>.</summary>
internal static partial class ChecklistSection
{
    private const int LongestArtifact = 256;
    private const int LongestCommand = 1_000;

    public static ReleaseChecklist Read(PolicySection section, PolicyReading reading) => new()
    {
        Artifact = Artifact(section, "artifact", reading.Faults),
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
        var previous = Artifact(section, "previous_artifact", faults);
        if (previous is not null && section.Node("artifact") is ScalarNode artifact && artifact.Text.Trim() == previous)
        {
            faults.Error(section.Node("previous_artifact")!, "The previous artifact is the same as the artifact: it would lead nowhere back.");
        }

        return previous;
    }

    /// <summary>An artifact has a name; a version alone could never agree with the service of a release.</summary>
    private static string? Artifact(PolicySection section, string key, PolicyFaults faults)
    {
        var artifact = section.Text(key, LongestArtifact);
        if (artifact is not null && VersionAlone().IsMatch(artifact))
        {
            var other = section.Node(key == "artifact" ? "previous_artifact" : "artifact") is ScalarNode { Text: var text } && Named().Match(text.Trim()) is { Success: true } named ? named.Groups["name"].Value : null;
            faults.Error(
                section.Node(key)!, $"'{key}' is '{PolicyNames.Shown(artifact)}', a version without its service; it takes 'service:version', with a registry before it or a digest after it where there is one.",
                other is null ? $"Write the service before it, for example 'web-api:{PolicyNames.Shown(artifact)}'." : $"Did you mean '{other}:{artifact}'?");
            return null;
        }

        return artifact;
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

    [GeneratedRegex(@"\Av?[0-9]+(\.[0-9]+)+[^:/@]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex VersionAlone();

    [GeneratedRegex(@"\A(?<name>(?:[^@]*/)?[^:/@]+):[^:/@]+(@.*)?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Named();
}
