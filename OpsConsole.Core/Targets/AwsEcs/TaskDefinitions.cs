using System.Collections.Concurrent;
using System.Text.Json;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsEcs;

/// <summary>Finds the task definition of a version: the one that is tagged with it, or that is called so (<c>shop:42</c>, or its ARN).</summary>
/// <remarks>A tag is kept once it was read, because what runs is read often: one that is moved later is not seen.</remarks>
internal sealed class TaskDefinitions(AwsJson ecs, string tag)
{
    /// <summary>How many of the newest revisions are looked through.</summary>
    public const int Newest = 20;

    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<string, string> _tagged = new(StringComparer.Ordinal);

    /// <summary>Whether a task definition is that of a version.</summary>
    public async Task<bool> IsAsync(string arn, string version, CancellationToken cancellationToken) =>
        arn == version || EcsService.Revision(arn) == version || await TagAsync(arn, cancellationToken).ConfigureAwait(false) == version;

    /// <summary>The ARN of the task definition of a version, of the newest where there are several; null where none of the newest is it.</summary>
    public async Task<string?> FindAsync(string family, string version, CancellationToken cancellationToken)
    {
        var newest = await ecs.ReadAsync(
            "ListTaskDefinitions",
            new { familyPrefix = family, status = "ACTIVE", sort = "DESC", maxResults = Newest },
            static answer => answer.GetProperty("taskDefinitionArns").EnumerateArray().Select(a => a.GetString()!).ToList(),
            cancellationToken).ConfigureAwait(false);
        foreach (var arn in newest)
        {
            if (await IsAsync(arn, version, cancellationToken).ConfigureAwait(false))
            {
                return arn;
            }
        }

        return null;
    }

    /// <summary>Why a version cannot be deployed, as a sentence.</summary>
    public string WhyNot(string family, string version) =>
        $"ECS has no task definition of {version}: none of the newest {Newest} revisions of {family} has the tag {tag}={version} or is called so. Register it with --tags key={tag},value={version}.";

    private async Task<string> TagAsync(string arn, CancellationToken cancellationToken)
    {
        if (_tagged.TryGetValue(arn, out var kept))
        {
            return kept;
        }

        var read = await ecs.ReadAsync("DescribeTaskDefinition", new { taskDefinition = arn, include = new[] { "TAGS" } }, Tag, cancellationToken).ConfigureAwait(false);
        if (read.Length > 0)
        {
            if (_tagged.Count >= MostKept)
            {
                _tagged.Clear();
            }

            _tagged[arn] = read;
        }

        return read;
    }

    /// <summary>The tag's value; empty where there is no such tag.</summary>
    private string? Tag(JsonElement answer)
    {
        _ = answer.GetProperty("taskDefinition");
        return answer.Items("tags").Where(t => t.GetProperty("key").GetString() == tag).Select(t => t.GetProperty("value").GetString()).FirstOrDefault() ?? "";
    }
}
