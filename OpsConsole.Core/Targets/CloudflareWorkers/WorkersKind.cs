using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>Cloudflare Workers, by gradual deployments of two versions.</summary>
public static class WorkersKind
{
    internal const string Account = "Account", Token = "Token", Api = "Api";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "cloudflare-workers",
        [
            new(Account, "The account's id, 32 hexadecimal digits."),
            new(Token, "An API token of that account with the permission Workers Scripts: Edit, and nothing else.", SettingForm.Secret),
            new(Api, "Address of the API.", SettingForm.Address, "https://api.cloudflare.com/client/v4"),
        ],
        static (settings, connections) => new WorkersAdapter(settings, connections))
    {
        Faults = static settings => IsAccount(settings[Account]) ? [] : [$"{Account} is not an id of 32 hexadecimal digits."],
    };

    /// <summary>Everything, both ways, for requests that arrive from then on.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "Cloudflare Workers",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.Canary, RolloutStrategy.BlueGreen, RolloutStrategy.Recreate },
        ExposureUnit = "requests",
        StaysAfterHalt = "The share that the new version has stays; nothing grows by itself here, and whoever deploys past the console ends the halt.",
        StaysAfterRollback = "New requests go to the previous version everywhere within seconds; what the new one wrote to KV, R2, D1 or Durable Objects stays written.",
        Instead = new Dictionary<ActionVerb, string>(),
    };

    /// <summary>Whether a text has the form of an account's id.</summary>
    internal static bool IsAccount(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigit);
}
