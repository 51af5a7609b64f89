using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>Downloads that installed programs look for by themselves: a manifest on storage that speaks the S3 protocol says who is offered which version.</summary>
public static class ChannelKind
{
    internal const string Bucket = "Bucket", Manifest = "Manifest";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "release-channel",
        [
            .. AwsSettings.Of(
                "Address of the storage without the bucket, for example https://s3.eu-central-1.amazonaws.com.",
                "s3:GetObject and s3:PutObject on the manifest, s3:GetObject on the manifests of the versions, and s3:ListBucket"),
            new(Bucket, "Name of the bucket."),
            new(Manifest, "Key of the manifest that programs read, with {service} in it where the service's name goes: an appcast of Sparkle (.xml), or a manifest of electron-updater (.yml)."),
        ],
        static (settings, connections) => new ChannelAdapter(settings, connections))
    {
        Faults = static settings =>
            settings[Manifest].Split('/').Any(static part => part is "" or "." or "..") ? [$"{Manifest} is no key of an object: it has an empty part, or one of dots."]
            : FormatOf(settings[Manifest]) is null ? [$"{Manifest} ends neither in .xml (Sparkle) nor in .yml (electron-updater)."]
            : [],
    };

    /// <summary>Everything, but that nothing takes a version back from whoever installed it.</summary>
    internal static TargetCapabilities Capabilities { get; } = new()
    {
        Title = "release channel",
        Verbs = new HashSet<ActionVerb> { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback },
        Strategies = new HashSet<RolloutStrategy> { RolloutStrategy.StorePhased, RolloutStrategy.Canary },
        ExposureUnit = "users",
        StaysAfterHalt = "Everyone who installed the new version keeps it; nobody else is offered it, those of its share neither.",
        StaysAfterRollback = "Everyone who installed the new version keeps it, because programs never go back by themselves: ship them a corrected one with a higher version. Nobody else is offered it.",
        Instead = new Dictionary<ActionVerb, string>(),
    };

    /// <summary>The format of a manifest with this key; null where there is none.</summary>
    internal static IChannelFormat? FormatOf(string key) => Path.GetExtension(key) switch
    {
        ".xml" => new SparkleAppcast(),
        ".yml" or ".yaml" => new ElectronManifest(),
        _ => null,
    };
}
