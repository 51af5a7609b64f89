using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>Apple's App Store, by phased releases of seven days.</summary>
public static class AppStoreConnectKind
{
    internal const string Issuer = "Issuer", KeyId = "KeyId", Key = "Key", Platform = "Platform", Api = "Api";

    internal const string InsteadOfRollback =
        "The App Store has no way back: an installed update stays, and an older version cannot be offered again. Halt the phased release, turn the feature off with its kill switch where it has one, "
        + "and fix forward: ask Apple for an expedited review of a corrected version.";

    /// <summary>Platforms as the API writes them.</summary>
    private static readonly string[] Platforms = ["IOS", "MAC_OS", "TV_OS", "VISION_OS"];

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "app-store-connect",
        [
            new(Issuer, "The issuer's id, as App Store Connect shows it above its team keys."),
            new(KeyId, "The key's id."),
            new(Key, "The private key, the text of the file AuthKey_….p8 and not its path; a team key with the role App Manager.", SettingForm.Secret),
            new(Platform, $"The platform of the apps: {string.Join(", ", Platforms)}.", Default: "IOS"),
            new(Api, "Address of the App Store Connect API.", SettingForm.Address, "https://api.appstoreconnect.apple.com"),
        ],
        static (settings, connections) => new AppStoreConnectAdapter(settings, connections))
    {
        Faults = static settings =>
        [
            .. ConnectToken.CanSign(settings[Key]) ? Array.Empty<string>() : [$"{Key} is no private key on the curve P-256, as the file AuthKey_….p8 holds it."],
            .. Platforms.Contains(settings[Platform]) ? Array.Empty<string>() : [$"{Platform} is none of {string.Join(", ", Platforms)}."],
        ],
    };

    /// <summary>Days that go on by themselves, a pause between them, or everyone at once; never fewer.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "App Store",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.StorePhased },
        ExposureUnit = "users",
        StaysAfterHalt = "Everyone who installed it keeps it, those whose turn has come may still get it, and anyone may install it anew or update by hand; nobody else is offered it.",
        HaltCosts = $"The App Store lets a phased release stand still for {PhasedRelease.PauseDays} days in all, however often it is halted.",
        HaltsAtFull = false,
        StaysAfterRollback = "The App Store has no roll back: everyone who installed the new version keeps it.",
        Instead = new Dictionary<ActionVerb, string> { [ActionVerb.Rollback] = InsteadOfRollback },
    };
}
