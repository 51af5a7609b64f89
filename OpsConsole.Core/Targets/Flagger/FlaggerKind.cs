using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.Flagger;

/// <summary>A Canary of Flagger, begun and stopped from here; its weights are its own.</summary>
public static class FlaggerKind
{
    internal const string HookToken = "HookToken";

    /// <summary>Shortest token for the calls of Flagger, in characters.</summary>
    private const int MinToken = 20;

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "flagger",
        [.. KubeSettings.All, new(HookToken, "Token that a Canary's webhooks carry as metadata, where Flagger asks the console before it goes on.", SettingForm.Secret, IsRequired: false)],
        static (settings, connections) => new FlaggerAdapter(settings, connections))
    {
        Faults = static settings => settings[HookToken] is { Length: > 0 and < MinToken }
            ? [.. KubeSettings.Faults(settings), $"{HookToken} is shorter than {MinToken} characters."]
            : KubeSettings.Faults(settings),
    };

    /// <summary>All or nothing, at the pace of Flagger's analysis.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "Flagger canary",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Canary },
        ExposureUnit = "requests",
        StaysAfterHalt = "The share that the new version has stays, without analysis: Flagger neither raises it nor takes it back; a step that it had begun may still be made.",
        StaysAfterRollback = "The canary's pods go back to the previous version one after another; from 100 % Flagger leads the previous version through its analysis first, as slowly as a promotion.",
        HaltCosts = "While a Canary is suspended, Flagger does not fail a bad version by itself.",
        Instead = new Dictionary<ActionVerb, string>(),
    };
}
