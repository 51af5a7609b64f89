using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>Tells from the images of a pod which version it is, and gives it those of another.</summary>
internal sealed class ImageTemplate
{
    public const string Version = "{version}";

    private const string Service = "{service}";

    /// <summary>Longest tag, in characters.</summary>
    private const int MaxTag = 128;

    private static readonly string[] Lists = ["containers", "initContainers"];

    private readonly string _before;
    private readonly string _after;
    private readonly bool _isPinned;

    /// <param name="template">With the version's place in it once.</param>
    /// <param name="service">What the service is called there.</param>
    public ImageTemplate(string template, string service)
    {
        var parts = template.Replace(Service, service, StringComparison.Ordinal).Split(Version);
        (_before, _after, _isPinned) = (parts[0], parts[1], template.Contains('@', StringComparison.Ordinal));
    }

    /// <summary>The version of a pod template: that of its images of the service; null where it has none of them, or several versions.</summary>
    public string? VersionOf(JsonObject template)
    {
        var versions = Containers(template).Select(c => VersionOf(c.Text("image"))).OfType<string>().Distinct().Take(2).ToList();
        return versions.Count == 1 ? versions[0] : null;
    }

    /// <summary>Why a pod template tells no version, as a sentence.</summary>
    public static string WhyNot(JsonObject template) =>
        $"the images of its pods ({RemoteWords.Plain(string.Join(", ", template.Part("spec").Items("containers").Select(static c => c.Text("image"))), [])}) do not tell one version of the service by the setting Image.";

    /// <summary>What gives a copy of an object that makes pods the images of a version.</summary>
    /// <inheritdoc cref="Set(JsonObject, string)" path="/exception"/>
    public Action<JsonObject> Set(string version) => wanted => Set(wanted.Part("spec").Part("template"), version);

    /// <summary>Gives every container of the service the image of a version.</summary>
    /// <exception cref="TargetRefusedException">No container is the service's, or the version cannot be a tag.</exception>
    public void Set(JsonObject template, string version)
    {
        if (version.Length is 0 or > MaxTag || !version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' || (_isPinned && c == ':')) || version[0] is '.' or '-')
        {
            throw new TargetRefusedException($"{version} cannot be the tag of an image: letters, digits, dots, hyphens and underscores, at most {MaxTag}.");
        }

        var found = Containers(template).Where(c => VersionOf(c.Text("image")) is not null).ToList();
        if (found.Count == 0)
        {
            throw new TargetRefusedException($"No container there has an image of the form {_before}{Version}{_after}.");
        }

        foreach (var container in found)
        {
            if (VersionOf(container.Text("image")) != version)
            {
                container["image"] = _before + version + _after;
            }
        }
    }

    private string? VersionOf(string? image)
    {
        // What was admitted may be pinned behind its tag: shop:2.15.0@sha256:...
        var plain = _isPinned || image is null ? image : image.Split('@')[0];
        return plain is not null && plain.Length > _before.Length + _after.Length && plain.StartsWith(_before, StringComparison.Ordinal) && plain.EndsWith(_after, StringComparison.Ordinal)
            && plain[_before.Length..^_after.Length] is var version && !version.Contains('/', StringComparison.Ordinal) ? version : null;
    }

    private static IEnumerable<JsonObject> Containers(JsonObject template)
    {
        var spec = template.Part("spec");
        return Lists.SelectMany(spec.Items);
    }
}
