using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>Google Play, by staged rollouts on one track.</summary>
public static class PlayKind
{
    internal const string ServiceAccount = "ServiceAccount", Track = "Track", Api = "Api", SignIn = "SignIn";

    internal const string InsteadOfRollback =
        "An installed update stays installed. Halt the release, which ends its offer; turn the feature off with its kill switch where it has one, and ship a corrected build with a higher version code.";

    /// <summary>Tracks whose releases Play does not halt once everyone is served them: the one for internal tests, under both of its names.</summary>
    private static readonly HashSet<string> Internal = new(StringComparer.Ordinal) { "internal", "qa" };

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "google-play",
        [
            new(ServiceAccount, "The JSON file of a service account's key, its text and not its path; the account may release this app and nothing else.", SettingForm.Secret),
            new(Track, "The track that releases go to.", Default: "production"),
            new(Api, "Address of the Google Play Developer API.", SettingForm.Address, "https://androidpublisher.googleapis.com"),
            new(SignIn, "Address where access tokens are given out.", SettingForm.Address, "https://oauth2.googleapis.com/token"),
        ],
        static (settings, connections) => new PlayAdapter(settings, connections))
    {
        Faults = static settings => PlayAccount.Read(settings[ServiceAccount]) is null
            ? [$"{ServiceAccount} is not the JSON of a service account's key: it needs type, client_email and a private_key that can sign."]
            : [],
    };

    /// <summary>More people, and no more people; never fewer.</summary>
    internal static TargetCapabilities Capabilities(string track) => new()
    {
        Title = "Google Play",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.StorePhased },
        ExposureUnit = "users",
        StaysAfterHalt = "Everyone who installed it keeps it; Google Play offers it to nobody else, and where everyone was offered it, the release before it is offered again.",
        HaltCosts = "Other changes of the app that are in review at Google go into review anew.",
        HaltsAtFull = !Internal.Contains(track),
        StaysAfterRollback = "Google Play has no roll back: everyone who installed the new version keeps it.",
        Instead = new Dictionary<ActionVerb, string> { [ActionVerb.Rollback] = InsteadOfRollback },
    };
}
