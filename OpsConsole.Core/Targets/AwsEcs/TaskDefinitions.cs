using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsEcs;

/// <summary>Finds the task definition of a version: the one that is tagged with it, or that is called so (<c>shop:42</c>, or its ARN).</summary>
/// <remarks>A tag is kept once it was read, because what runs is read often: one that is moved later is not seen.</remarks>
internal sealed class TaskDefinitions(AwsJson ecs, string tag)
{
    /// <summary>How many of the newest revisions are looked through.</summary>
    public const int Newest = 100;

    private const int Page = 20;

    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<string, string> _tagged = new(StringComparer.Ordinal);

    /// <summary>Whether a task definition is that of a version.</summary>
    public async Task<bool> IsAsync(string arn, string version, CancellationToken cancellationToken) =>
        arn == version || EcsService.Revision(arn) == version || await TagAsync(arn, cancellationToken).ConfigureAwait(false) == version;

    /// <summary>The ARN of the task definition of a version; null where none is found.</summary>
    /// <param name="family">Family that the service runs.</param>
    /// <param name="version">The version.</param>
    /// <param name="running">ARNs that the service runs or is to run.</param>
    /// <param name="isBack">Whether it is gone back to: then what runs or was seen goes first, however many were registered since. What is let out is the newest with its tag, where there are several.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> FindAsync(string family, string version, IReadOnlyList<string> running, bool isBack, CancellationToken cancellationToken)
    {
        if (IsName(family, version) && await DescribedAsync(version, cancellationToken).ConfigureAwait(false) is { } named)
        {
            return named.Arn;
        }

        return isBack
            ? await SeenAsync(family, version, running, cancellationToken).ConfigureAwait(false) ?? await ListedAsync(family, version, cancellationToken).ConfigureAwait(false)
            : await ListedAsync(family, version, cancellationToken).ConfigureAwait(false) ?? await SeenAsync(family, version, running, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsName(string family, string version) =>
        EcsService.Family(version) == family && EcsService.Number(version) is not null && (version.StartsWith("arn:", StringComparison.Ordinal) || !version.Contains('/', StringComparison.Ordinal));

    /// <summary>Why a version cannot be deployed, as a sentence.</summary>
    public string WhyNot(string family, string version) =>
        $"ECS has no task definition of {version}: none of the newest {Newest} revisions of {family} has the tag {tag}={version} or is called so. Register it with --tags key={tag},value={version}.";

    /// <summary>Among what runs, then among what was read before, the newest first. One that was deregistered since is passed over: ECS does not run it anew.</summary>
    private async Task<string?> SeenAsync(string family, string version, IReadOnlyList<string> running, CancellationToken cancellationToken)
    {
        var kept = _tagged.Where(k => k.Value == version && EcsService.Family(k.Key) == family).Select(static k => k.Key).OrderByDescending(EcsService.Number);
        foreach (var arn in running.Concat(kept).Distinct().ToList())
        {
            if (await IsAsync(arn, version, cancellationToken).ConfigureAwait(false) && await DescribedAsync(arn, cancellationToken).ConfigureAwait(false) is { IsActive: true })
            {
                return arn;
            }
        }

        return null;
    }

    /// <summary>Among the newest revisions, page by page.</summary>
    private async Task<string?> ListedAsync(string family, string version, CancellationToken cancellationToken)
    {
        string? next = null;
        for (var seen = 0; seen < Newest && (seen == 0 || next is not null); seen += Page)
        {
            var page = await ecs.ReadAsync("ListTaskDefinitions", Query(family, next), Listed.Read, cancellationToken).ConfigureAwait(false);
            foreach (var arn in page.Arns)
            {
                if (await IsAsync(arn, version, cancellationToken).ConfigureAwait(false))
                {
                    return arn;
                }
            }

            next = page.Next;
        }

        return null;
    }

    private static Dictionary<string, object> Query(string family, string? next)
    {
        var query = new Dictionary<string, object> { ["familyPrefix"] = family, ["status"] = "ACTIVE", ["sort"] = "DESC", ["maxResults"] = Page };
        if (next is not null)
        {
            query["nextToken"] = next;
        }

        return query;
    }

    private async Task<string> TagAsync(string arn, CancellationToken cancellationToken) =>
        _tagged.TryGetValue(arn, out var kept) ? kept : Keep(await ecs.ReadAsync("DescribeTaskDefinition", Of(arn), Described, cancellationToken).ConfigureAwait(false));

    /// <summary>One by its name; null where ECS has none of that name.</summary>
    private async Task<TaskDefinition?> DescribedAsync(string name, CancellationToken cancellationToken)
    {
        var found = await ecs.ReadAnyAsync("DescribeTaskDefinition", Of(name), Described, IsNone, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            Keep(found);
        }

        return found;
    }

    private string Keep(TaskDefinition read)
    {
        if (read.Tag.Length > 0)
        {
            if (_tagged.Count >= MostKept)
            {
                _tagged.Clear();
            }

            _tagged[read.Arn] = read.Tag;
        }

        return read.Tag;
    }

    private static object Of(string name) => new { taskDefinition = name, include = new[] { "TAGS" } };

    private static bool IsNone(RemoteAnswer answer) => answer.Status == HttpStatusCode.BadRequest && AwsErrors.Code(answer) == "ClientException";

    private TaskDefinition Described(JsonElement answer)
    {
        var definition = answer.GetProperty("taskDefinition");
        var value = answer.Items("tags").Where(t => t.GetProperty("key").GetString() == tag).Select(t => t.GetProperty("value").GetString()).FirstOrDefault();
        return new(definition.GetProperty("taskDefinitionArn").GetString()!, value ?? "", definition.Text("status") is null or "ACTIVE");
    }

    /// <param name="Arn">Its ARN.</param>
    /// <param name="Tag">The version that it is tagged with; empty: none.</param>
    /// <param name="IsActive">Whether it was not deregistered.</param>
    private sealed record TaskDefinition(string Arn, string Tag, bool IsActive);

    private sealed record Listed(IReadOnlyList<string> Arns, string? Next)
    {
        public static Listed Read(JsonElement answer) => new([.. answer.GetProperty("taskDefinitionArns").EnumerateArray().Select(static a => a.GetString()!)], answer.Text("nextToken"));
    }
}
