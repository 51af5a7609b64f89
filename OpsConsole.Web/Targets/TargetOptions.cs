using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Targets;

/// <summary>Delivery targets as configured, section <c>OpsConsole:Targets</c>: one entry for each, named as releases name it.</summary>
public sealed class TargetOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Targets";

    /// <summary>Targets whose exposure is the percentage of a switch.</summary>
    public IReadOnlyList<FlagTargetOptions> Flags { get; set; } = [];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}

/// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
internal sealed class TargetSection(IConfigurationSection section) : FaultySection([])
{
    /// <summary>The one kind that is configured here.</summary>
    public const string FlagKind = "feature-flag";

    private static readonly string[] Keys = ["Kind", "Timeout"];

    public void Read(TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Flags = [.. section.GetChildren().Select(ReadTarget).OfType<FlagTargetOptions>()];
        options.Faults = Noted;
    }

    private FlagTargetOptions? ReadTarget(IConfigurationSection entry)
    {
        var before = Noted.Count;
        RefuseUnknown(entry, Keys);
        if (!CatalogName.IsValid(entry.Key))
        {
            Noted.Add($"{entry.Path}: a target's name is {CatalogName.Form}.");
        }

        if (Required(entry, "Kind") is { Length: > 0 } kind && !string.Equals(kind, FlagKind, StringComparison.OrdinalIgnoreCase))
        {
            Fault(entry, "Kind", $"is not {FlagKind}");
        }

        var noted = Noted.Count;
        var timeout = Duration(entry, "Timeout", new FlagTargetOptions().Timeout);
        if (Noted.Count == noted && (timeout < FlagTargetOptions.MinTimeout || timeout > FlagTargetOptions.MaxTimeout))
        {
            Fault(entry, "Timeout", "is not from 100ms to 10s");
        }

        return Noted.Count > before ? null : new FlagTargetOptions { Target = entry.Key, Timeout = timeout };
    }
}

/// <summary>Stops a console whose targets are configured wrongly, naming every fault at once.</summary>
internal sealed class TargetOptionsCheck : IValidateOptions<TargetOptions>
{
    public ValidateOptionsResult Validate(string? name, TargetOptions options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
