using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets.Webhook;

/// <summary>Any system that answers two signed HTTP calls: one that asks for a state, and one that reads it.</summary>
public static class WebhookKind
{
    internal const string Address = "Address", Secret = "Secret";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "webhook",
        [
            new(Address, "Address below which it answers change and state.", SettingForm.Address),
            new(Secret, "The key that calls are signed with: whsec_ and 24 to 64 random bytes in Base64.", SettingForm.Secret),
            .. DeclaredCapabilities.Settings("webhook"),
        ],
        static (settings, connections) => new WebhookAdapter(settings, connections))
    {
        Faults = static settings => WebhookSignature.Key(settings[Secret]) is null
            ? [$"{Secret} is not whsec_ and 24 to 64 bytes in Base64.", .. DeclaredCapabilities.Faults(settings)]
            : DeclaredCapabilities.Faults(settings),
    };
}
