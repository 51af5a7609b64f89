using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>A kind of delivery target that is connected by configuration, once for each environment.</summary>
/// <param name="Name">As the configuration names it, for example <c>cloudflare-workers</c>.</param>
/// <param name="Settings">What it needs to be told.</param>
/// <param name="Create">Makes the adapter of one environment from settings without faults.</param>
public sealed record DeliveryTargetKind(string Name, IReadOnlyList<TargetSetting> Settings, Func<TargetSettings, TargetConnections, IDeliveryTargetAdapter> Create)
{
    /// <summary>What is wrong with settings beyond what holds for each alone, one sentence each.</summary>
    public Func<TargetSettings, IEnumerable<string>> Faults { get; init; } = static _ => [];
}

/// <summary>What form a setting has.</summary>
public enum TargetSettingForm
{
    Text,

    /// <summary>Never shown, logged or stored.</summary>
    Secret,

    /// <summary>Absolute http or https address.</summary>
    Address,
}

/// <summary>One setting of a kind of target.</summary>
/// <param name="Name">As the configuration names it.</param>
/// <param name="Sentence">What it is, for people.</param>
/// <param name="Form">What form it has.</param>
/// <param name="Default">What holds where it is left out; null: nothing.</param>
/// <param name="IsRequired">Whether it may be left out.</param>
public sealed record TargetSetting(string Name, string Sentence, TargetSettingForm Form = TargetSettingForm.Text, string? Default = null, bool IsRequired = true);
