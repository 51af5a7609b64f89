using System.Globalization;
using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>Pods of one template.</summary>
/// <param name="Hash">By which the controller knows the template.</param>
/// <param name="Revision">Grows with every template that was rolled out.</param>
/// <param name="Version">The service's version; null where the images do not tell.</param>
/// <param name="Ready">Pods that answer requests.</param>
/// <param name="Made">When its template was rolled out for the first time; null where the API does not say.</param>
/// <param name="Template">As it would be rolled out again.</param>
internal sealed record KubeReplicaSet(string Hash, long Revision, string? Version, long Ready, DateTimeOffset? Made, JsonObject Template);

/// <summary>Every template of an object that is left, and the pods of each.</summary>
internal sealed class KubeReplicaSets(IReadOnlyList<KubeReplicaSet> all)
{
    /// <summary>Labels by which controllers mark the pods of a template: of Deployments, and of Argo's Rollouts.</summary>
    private static readonly string[] HashLabels = ["rollouts-pod-template-hash", "pod-template-hash"];

    private static readonly string[] RevisionNotes = ["rollout.argoproj.io/revision", "deployment.kubernetes.io/revision"];

    /// <summary>Pods of all versions that answer requests.</summary>
    public long Ready => all.Sum(s => s.Ready);

    /// <summary>Share of the pods that answer requests which have a version, 0 to 100; 0 where none answers.</summary>
    public double ShareOf(string version) => Ready == 0 ? 0 : 100.0 * all.Where(s => s.Version == version).Sum(s => s.Ready) / Ready;

    /// <summary>Holds an observation to what is known: pods that answer, and tell no version, have each version as much as none.</summary>
    /// <exception cref="TargetUnreachableException">There are such pods.</exception>
    public void RequireKnown()
    {
        if (all.FirstOrDefault(s => s is { Ready: > 0, Version: null }) is { } set)
        {
            throw new TargetUnreachableException($"Who has which version is not known: {ImageTemplate.WhyNot(set.Template)}");
        }
    }

    /// <summary>The newest template of a version; null where none is left.</summary>
    public KubeReplicaSet? Newest(string version) => all.Where(s => s.Version == version).MaxBy(s => s.Revision);

    /// <summary>Every template of a version that is left, by its hash.</summary>
    public IEnumerable<string> HashesOf(string version) => all.Where(s => s.Version == version).Select(s => s.Hash);

    /// <summary>How many templates were made after one and before a later one; null where that one is not the later, or either is not known.</summary>
    public int? MadeBetween(string? hash, string? later)
    {
        var (from, to) = (all.FirstOrDefault(s => s.Hash == hash)?.Made, all.FirstOrDefault(s => s.Hash == later)?.Made);
        return from < to ? all.Count(s => s.Made > from && s.Made < to) : null;
    }

    /// <summary>What takes a copy of the object to a template that is there; null where it is not.</summary>
    public Action<JsonObject>? To(string? hash) => all.FirstOrDefault(s => s.Hash == hash) is { } set ? To(set) : null;

    /// <summary>What takes a copy of the object back to the newest template of the version before.</summary>
    /// <param name="change">What is taken back.</param>
    /// <param name="owner">What the object is, "Deployment".</param>
    /// <exception cref="TargetRefusedException">There is no version before, or no template of it is left.</exception>
    public Action<JsonObject> Undo(TargetChange change, string owner)
    {
        var before = change.PreviousVersion ?? throw new TargetRefusedException("The release has no version before it that the pods could go back to.");
        var set = Newest(before)
            ?? throw new TargetRefusedException($"No ReplicaSet of {before} is left to go back to: the {owner} keeps as many old ones as its revisionHistoryLimit says. Deploy {before} anew.");
        return To(set);
    }

    /// <summary>The version of a template; null where it is not known.</summary>
    public string? VersionOf(string? hash) => all.FirstOrDefault(s => s.Hash == hash)?.Version;

    /// <summary>Whether a roll back has anything to do with what is deployed: what somebody else deployed since, and its pause, is left alone.</summary>
    /// <param name="change">What is taken back.</param>
    /// <param name="deployed">The version that is deployed; null where its images do not tell.</param>
    /// <param name="owner">The object that is deployed.</param>
    /// <exception cref="TargetRefusedException">Nobody knows what is deployed.</exception>
    public static bool Concerns(TargetChange change, string? deployed, KubeObject owner) => deployed is null
        ? throw new TargetRefusedException($"Which version {owner.Name} is to run is not known: {ImageTemplate.WhyNot(owner.Json.Part("spec").Part("template"))}")
        : deployed == change.Version || deployed == change.PreviousVersion;

    /// <summary>Reads those of a list that an object owns.</summary>
    public static KubeReplicaSets Read(JsonObject list, KubeObject owner, ImageTemplate images) => new(
        [.. (list["items"] as JsonArray ?? throw new FormatException("No list.")).OfType<JsonObject>().Where(s => IsOf(s, owner)).Select(s => Read(s, images))]);

    private static Action<JsonObject> To(KubeReplicaSet set) => wanted => wanted.Part("spec")["template"] = set.Template.DeepClone();

    private static bool IsOf(JsonObject set, KubeObject owner) => set.Part("metadata").Items("ownerReferences").Any(o => o.Flag("controller") && o.Text("uid") == owner.Uid);

    private static KubeReplicaSet Read(JsonObject set, ImageTemplate images)
    {
        var (metadata, template) = (set.Part("metadata"), (JsonObject)set.Part("spec").Part("template").DeepClone());
        var hash = HashLabels.Select(metadata.Part("labels").Text).OfType<string>().FirstOrDefault() ?? "";
        var revision = RevisionNotes.Select(metadata.Part("annotations").Text).OfType<string>().FirstOrDefault();

        // The controller's own label: a template with it would be another one.
        var labels = template.Part("metadata").Part("labels");
        Array.ForEach(HashLabels, label => labels.Remove(label));
        return new KubeReplicaSet(
            hash,
            long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
            images.VersionOf(template),
            set.Part("status").Number("readyReplicas"),
            DateTimeOffset.TryParse(metadata.Text("creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made) ? made : null,
            template);
    }
}
