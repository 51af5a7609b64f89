using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>One deployment, as CodeDeploy describes it.</summary>
/// <param name="Id">For example <c>d-A1B2C3111</c>.</param>
/// <param name="Status"><c>Created</c>, <c>Queued</c>, <c>InProgress</c>, <c>Baking</c>, <c>Ready</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Stopped</c>.</param>
/// <param name="Bucket">Bucket of its revision; null where that is not in S3.</param>
/// <param name="Key">Key of its revision; null where that is not in S3.</param>
/// <param name="Description">What whoever made it wrote.</param>
/// <param name="Platform"><c>Server</c>, <c>Lambda</c> or <c>ECS</c>.</param>
/// <param name="IsBlueGreen">Whether other instances take the place of those that serve.</param>
/// <param name="Done">Instances that have the revision.</param>
/// <param name="Failed">Instances on which it failed: what they have is not known.</param>
/// <param name="Instances">Instances in all.</param>
/// <param name="Trouble">What went wrong, in the words of CodeDeploy.</param>
/// <param name="RolledBackBy">The deployment that takes this one back; null where none does.</param>
/// <param name="RollsBack">The deployment that CodeDeploy takes back by this one; null where it is no roll back of its own.</param>
internal sealed record CodeDeployment(
    string Id, string Status, string? Bucket, string? Key, string? Description, string Platform, bool IsBlueGreen, int Done, int Failed, int Instances, string? Trouble, string? RolledBackBy, string? RollsBack)
{
    private const string BackMark = "takes back ";

    /// <summary>How what goes on stands.</summary>
    public static IReadOnlyList<string> ActiveStatuses { get; } = ["Created", "Queued", "InProgress", "Baking", "Ready"];

    /// <summary>When it was made, in seconds since 1970; null where CodeDeploy does not say.</summary>
    public double? CreatedAt { get; init; }

    /// <summary>Whoever made it, as CodeDeploy calls that: <c>user</c>, <c>autoscaling</c>, <c>CodeDeployAutoUpdate</c> ….</summary>
    public string? Creator { get; init; }

    /// <summary>Whether it is there for instances that were added, which get what succeeded last, and not what is being deployed: it says nothing of the others.</summary>
    public bool IsOfNewInstances => IsUpdate || IsOfGoing || Creator == "autoscaling";

    /// <summary>Whether it brings instances that were added while something went on to what succeeded since. Nothing else is deployed meanwhile.</summary>
    public bool IsUpdate => Creator == "CodeDeployAutoUpdate";

    /// <summary>Whether it is there for instances that go.</summary>
    public bool IsOfGoing => Creator == "autoscalingTermination";

    /// <summary>Instances that have the revision, or may have it: those that it was begun on.</summary>
    public int Touched { get; init; }

    /// <summary>Whether it goes on.</summary>
    public bool IsActive => ActiveStatuses.Contains(Status);

    /// <summary>Whether CodeDeploy calls it succeeded. On servers that takes no more than the instances that its configuration keeps healthy: one, where all are deployed to at once.</summary>
    public bool HasSucceeded => Status == "Succeeded";

    /// <summary>Whether it puts its revision on instances that serve already: each of them has it, or has not.</summary>
    public bool IsInPlace => Platform == "Server" && !IsBlueGreen;

    /// <summary>Whether it has succeeded, and some of the instances did not get its revision.</summary>
    public bool IsPartial => HasSucceeded && IsInPlace && Done < Instances;

    /// <summary>Whether every instance that it was for has its revision. Where those are none, or not told, that says nothing.</summary>
    public bool HasReachedAll => HasSucceeded && !IsPartial && (!IsInPlace || Instances > 0);

    /// <summary>Whether nothing from before it is left.</summary>
    public bool IsEverywhere => HasReachedAll && !IsOfNewInstances;

    /// <summary>The console's action that it came from; null where somebody else made it.</summary>
    public Guid? ActionId => ActionNote.Read(Description)?.Action;

    /// <summary>The version that the console takes back by it; null where it takes back none.</summary>
    public string? TakesBack => ActionNote.Read(Description)?.More is { } more && more.StartsWith(BackMark, StringComparison.Ordinal) ? more[BackMark.Length..] : null;

    /// <summary>What goes on, as a sentence; null: nothing.</summary>
    public string? Underway => Status switch
    {
        "Ready" => $"Deployment {Id} is ready and waits to be continued in CodeDeploy.",
        _ when IsActive => $"Deployment {Id} is {Status}{(Instances > 0 ? $", with {Done} of {Instances} done" : "")}.",
        "Stopped" or "Failed" when RolledBackBy is { } by => $"Deployment {Id} is {Status}, and {by} takes it back.",
        _ => null,
    };

    /// <summary>Why it goes no further, as a sentence; null: it goes on, or everyone has its revision.</summary>
    public string? Stuck => this switch
    {
        { Status: "Failed" or "Stopped" } => $"Deployment {Id} is {Status}: {(Trouble ?? "CodeDeploy does not say why").TrimEnd('.')}.",
        { IsPartial: true, Failed: > 0 } => $"Deployment {Id} is {Status}, but {Failed} of {Instances} instances failed.",
        { IsPartial: true } => $"Deployment {Id} is {Status}, but {Instances - Done} of {Instances} instances did not get it.",
        _ => null,
    };

    /// <summary>The description by which a deployment of the console is known again, with the version that it takes back where it does.</summary>
    public static string Note(Guid action, string? takesBack) => new ActionNote(action, takesBack is null ? "" : BackMark + takesBack).ToString();

    /// <summary>Whether its revision is the one with this key.</summary>
    public bool IsOf(string bucket, string key) => Bucket == bucket && Key == key;

    /// <summary>Whether both have the same revision, as far as that is in S3.</summary>
    public bool IsOfSame(CodeDeployment other) => Key is not null && Bucket == other.Bucket && Key == other.Key;

    /// <summary>Reads the answer to <c>GetDeployment</c>.</summary>
    public static CodeDeployment Read(JsonElement answer) => Of(answer.GetProperty("deploymentInfo"));

    /// <summary>Reads the answer to <c>BatchGetDeployments</c>.</summary>
    public static List<CodeDeployment> ReadAll(JsonElement answer) => [.. answer.GetProperty("deploymentsInfo").EnumerateArray().Select(Of)];

    private static CodeDeployment Of(JsonElement info)
    {
        var place = info.Part("revision").Part("s3Location");
        var overview = info.Part("deploymentOverview");
        return new CodeDeployment(
            info.GetProperty("deploymentId").GetString()!,
            info.GetProperty("status").GetString()!,
            place.Text("bucket"),
            place.Text("key"),
            info.Text("description"),
            info.Text("computePlatform") ?? "Server",
            info.Part("deploymentStyle").Text("deploymentType") == "BLUE_GREEN",
            Count(overview, "Succeeded"),
            Count(overview, "Failed"),
            Count(overview, "Pending") + Count(overview, "InProgress") + Count(overview, "Succeeded") + Count(overview, "Failed") + Count(overview, "Skipped") + Count(overview, "Ready"),
            info.Part("errorInformation").Text("message"),
            info.Part("rollbackInfo").Text("rollbackDeploymentId"),
            info.Part("rollbackInfo").Text("rollbackTriggeringDeploymentId"))
        {
            CreatedAt = info.Number("createTime"),
            Creator = info.Text("creator"),
            Touched = Count(overview, "InProgress") + Count(overview, "Succeeded") + Count(overview, "Failed"),
        };
    }

    private static int Count(JsonElement of, string name) => of.Whole(name) ?? 0;
}
