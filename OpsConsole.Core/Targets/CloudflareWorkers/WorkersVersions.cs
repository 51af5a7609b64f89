using System.Text.Json;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>The versions of a Worker that can be deployed, and those that serve. A release's version is the tag that was given with the upload, or the version's id.</summary>
internal sealed class WorkersVersions(IReadOnlyList<(string Id, string? Tag)> newestFirst)
{
    /// <summary>Reads the list as the API writes it.</summary>
    public static WorkersVersions Read(JsonElement answer) => new([.. answer.GetProperty("result").GetProperty("items").EnumerateArray().Select(One)]);

    /// <summary>Reads a single version as the API writes it.</summary>
    public static WorkersVersions ReadOne(JsonElement answer) => new([One(answer.GetProperty("result"))]);

    /// <summary>The ids of a version, the newest first: more than one where it was uploaded again under the same tag.</summary>
    public IEnumerable<string> Of(string version) => newestFirst.Where(v => v.Tag == version || v.Id == version).Select(static v => v.Id);

    /// <summary>The id by which a version is deployed: of what serves already, or else of the newest; null where there is none.</summary>
    public string? Find(string version, WorkersDeployment now) => Of(version).OrderByDescending(id => now.Shares.ContainsKey(id)).FirstOrDefault();

    /// <summary>What serves and is not among these.</summary>
    public IEnumerable<string> Missing(WorkersDeployment now) => now.Shares.Keys.Except(newestFirst.Select(static v => v.Id));

    /// <summary>These, and older ones after them.</summary>
    public WorkersVersions With(WorkersVersions older) => new([.. newestFirst, .. older.All]);

    private IReadOnlyList<(string Id, string? Tag)> All => newestFirst;

    private static (string Id, string? Tag) One(JsonElement version) => (version.GetProperty("id").GetString()!, WorkersDeployment.Annotation(version, "workers/tag"));

    /// <summary>Why a version cannot be deployed, as a sentence.</summary>
    public string WhyNot(string version) => newestFirst.Count == 0
        ? $"Cloudflare has no version of this Worker that can be deployed, so neither {version}."
        : $"Cloudflare has no version {version} of this Worker that can be deployed: none of the newest hundred has that tag or id, or a Durable Object migration or a deleted binding since then shuts it out. Upload it with wrangler versions upload --tag {version}.";
}
