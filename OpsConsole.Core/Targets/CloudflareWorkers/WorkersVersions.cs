using System.Text.Json;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>The versions of a Worker that can be deployed. A release's version is the tag that was given with the upload, or the version's id.</summary>
internal sealed class WorkersVersions(IReadOnlyList<(string Id, string? Tag)> newestFirst)
{
    /// <summary>Reads the list as the API writes it.</summary>
    public static WorkersVersions Read(JsonElement answer) => new(
        [.. answer.GetProperty("result").GetProperty("items").EnumerateArray().Select(v => (v.GetProperty("id").GetString()!, WorkersDeployment.Annotation(v, "workers/tag")))]);

    /// <summary>The id of a version, of the newest with that tag where there are several; null where none can be deployed.</summary>
    public string? Find(string version) => newestFirst.FirstOrDefault(v => v.Tag == version || v.Id == version).Id;

    /// <summary>Why a version cannot be deployed, as a sentence.</summary>
    public string WhyNot(string version) => newestFirst.Count == 0
        ? $"Cloudflare has no version of this Worker that can be deployed, so neither {version}."
        : $"Cloudflare has no version {version} of this Worker that can be deployed: none of the newest hundred has that tag or id, or a Durable Object migration or a deleted binding since then shuts it out. Upload it with wrangler versions upload --tag {version}.";
}
