using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AwsEcs;

/// <summary>One set of tasks of a service: the one that it is to run, or one that is being replaced.</summary>
/// <param name="IsPrimary">Whether it is what the service is to run.</param>
/// <param name="TaskDefinition">ARN of the task definition.</param>
/// <param name="Desired">How many tasks it is to have.</param>
/// <param name="Running">How many run.</param>
/// <param name="RolloutState"><c>IN_PROGRESS</c>, <c>COMPLETED</c> or <c>FAILED</c>; null where ECS does not tell.</param>
/// <param name="RolloutReason">Why, in the words of ECS.</param>
internal sealed record EcsDeployment(bool IsPrimary, string TaskDefinition, int Desired, int Running, string? RolloutState, string? RolloutReason)
{
    /// <summary>True where the circuit breaker or an alarm ended it: it starts no more tasks.</summary>
    public bool HasFailed => RolloutState == "FAILED";
}

/// <summary>How a service stands, as ECS describes it.</summary>
/// <param name="Status"><c>ACTIVE</c>, <c>DRAINING</c> or <c>INACTIVE</c>.</param>
/// <param name="TaskDefinition">ARN of the task definition that it is to run.</param>
/// <param name="Controller">What deploys it: <c>ECS</c>, <c>CODE_DEPLOY</c> or <c>EXTERNAL</c>.</param>
/// <param name="Strategy"><c>ROLLING</c>, or a way of shifting traffic by a clock of its own.</param>
/// <param name="Deployments">What runs or is to run.</param>
internal sealed record EcsService(string Status, string TaskDefinition, string Controller, string Strategy, IReadOnlyList<EcsDeployment> Deployments)
{
    /// <summary>What it is to run; null where ECS does not tell.</summary>
    public EcsDeployment? Primary => Deployments.FirstOrDefault(d => d.IsPrimary);

    /// <summary>Tasks that run.</summary>
    public int Running => Deployments.Sum(d => d.Running);

    /// <summary>Why the console cannot deploy to it or read it, as a sentence; null: it can.</summary>
    public string? WhyNot => this switch
    {
        { Status: not "ACTIVE" } => $"The service is {Status} in ECS: it is being deleted.",
        { Controller: "CODE_DEPLOY" } => "CodeDeploy deploys this service: connect it as aws-codedeploy.",
        { Controller: not "ECS" } => $"The service is deployed by {Controller} and not by ECS.",
        { Strategy: not "ROLLING" } => $"The service deploys by {Strategy}, and ECS shifts its traffic by a clock of its own that the console does not follow; it follows rolling updates.",
        { Primary: null } => "ECS does not tell what this service runs.",
        _ => null,
    };

    /// <summary>What ECS still does by itself, as a sentence; null: nothing.</summary>
    public string? Underway => Primary is { HasFailed: false } now && (now.RolloutState == "IN_PROGRESS" || (now.RolloutState is null && (Deployments.Count > 1 || now.Running != now.Desired)))
        ? $"{now.Running} of {now.Desired} tasks run {Revision(now.TaskDefinition)}, and {Running - now.Running} others still run{(now.RolloutReason is { Length: > 0 } why ? $"; {why.TrimEnd('.')}" : "")}."
        : null;

    /// <summary>"shop:42" of an ARN.</summary>
    public static string Revision(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    /// <summary>"shop" of an ARN.</summary>
    public static string Family(string arn) => Revision(arn).Split(':')[0];

    /// <summary>42 of an ARN, or of "shop:42"; null where there is no such number.</summary>
    public static int? Number(string arn) => Revision(arn).Split(':') is [{ Length: > 0 }, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;

    /// <summary>The services of an answer: one, or none where ECS has none of that name.</summary>
    public static IReadOnlyList<EcsService> Read(JsonElement answer) => [.. answer.GetProperty("services").EnumerateArray().Select(One)];

    private static EcsService One(JsonElement service) => new(
        service.Text("status") ?? "",
        service.Text("taskDefinition") ?? "",
        service.Part("deploymentController").Text("type") ?? "ECS",
        service.Part("deploymentConfiguration").Text("strategy") ?? "ROLLING",
        [.. service.Items("deployments").Select(Deployment)]);

    private static EcsDeployment Deployment(JsonElement deployment) => new(
        deployment.Text("status") == "PRIMARY",
        deployment.Text("taskDefinition") ?? "",
        deployment.GetProperty("desiredCount").GetInt32(),
        deployment.GetProperty("runningCount").GetInt32(),
        deployment.Text("rolloutState"),
        deployment.Text("rolloutStateReason"));
}
