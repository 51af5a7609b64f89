using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets.Aws;

/// <summary>What everything at AWS, and storage that speaks its protocol, needs to be told.</summary>
internal static class AwsSettings
{
    public const string Api = "Api", Region = "Region", AccessKey = "AccessKey", SecretKey = "SecretKey", SessionToken = "SessionToken";

    /// <summary>The settings.</summary>
    /// <param name="api">What address is asked for, as a sentence.</param>
    /// <param name="rights">What the credential may do, at the end of a sentence.</param>
    public static IReadOnlyList<ConnectionSetting> Of(string api, string rights) =>
    [
        new(Api, api, SettingForm.Address),
        new(Region, "The region that signatures are made for, for example eu-central-1."),
        new(AccessKey, "Id of an access key."),
        new(SecretKey, $"The secret of that access key; it needs {rights}, and nothing else.", SettingForm.Secret),
        new(SessionToken, "The token that comes with temporary credentials.", SettingForm.Secret, IsRequired: false),
    ];

    /// <summary>Signs for a service with the configured credential.</summary>
    /// <param name="settings">The settings, without faults.</param>
    /// <param name="service">As AWS names it in a signature.</param>
    public static AwsSigner Signer(TargetSettings settings, string service) => new(settings[AccessKey], settings[SecretKey], settings[SessionToken], settings[Region], service);
}
