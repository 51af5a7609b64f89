using Microsoft.Extensions.Options;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flags;

namespace OpsConsole.Web.Targets;

/// <summary>A target in one environment, as configured.</summary>
/// <param name="Kind">What kind it is.</param>
/// <param name="Settings">How it is reached there.</param>
public sealed record ConfiguredTarget(DeliveryTargetKind Kind, TargetSettings Settings);

/// <summary>Delivery targets as configured, section <c>OpsConsole:Targets</c>: one entry for each, named as releases name it.</summary>
public sealed class TargetOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Targets";

    /// <summary>Targets whose exposure is the percentage of a switch.</summary>
    public IReadOnlyList<FlagTargetOptions> Flags { get; set; } = [];

    /// <summary>Every other target, once for each of its environments.</summary>
    public IReadOnlyList<ConfiguredTarget> Targets { get; set; } = [];

    /// <summary>Targets of the catalogue that are in force. Another list takes the place of this one when that changes.</summary>
    public IReadOnlyList<ConfiguredTarget> FromCatalog { get; set; } = [];

    /// <summary>The same for targets whose exposure is the percentage of a switch.</summary>
    public IReadOnlyList<FlagTargetOptions> FlagsFromCatalog { get; set; } = [];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}

/// <summary>Stops a console whose targets are configured wrongly, naming every fault at once.</summary>
internal sealed class TargetOptionsCheck : IValidateOptions<TargetOptions>
{
    public ValidateOptionsResult Validate(string? name, TargetOptions options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
