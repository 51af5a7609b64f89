using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>What was deployed to a group since all of it had one revision: what failed or was stopped on the way is on some instances still.</summary>
/// <param name="All">The deployments, newest first; the oldest of them went everywhere, where there is such a one. Those to instances that were added are among them where what they brought is not what everybody was given since.</param>
/// <param name="IsWhole">Whether nothing before them matters.</param>
internal sealed record CodeDeployHistory(IReadOnlyList<CodeDeployment> All, bool IsWhole)
{
    /// <summary>Deployments that are looked at, how many of them one call gives, and pages of ids that are read: at most.</summary>
    private const int Most = 50, MostAtOnce = 25, MostPages = 4;

    /// <summary>Whether the console may not list deployments, so that there may be others than these.</summary>
    public bool IsRefused { get; private init; }

    /// <summary>Reads it.</summary>
    /// <param name="codeDeploy">Who is asked.</param>
    /// <param name="application">The application.</param>
    /// <param name="group">Its deployment group.</param>
    /// <param name="last">The newest deployment; null where that is not known yet.</param>
    /// <param name="serving">The newest that succeeded; null where there is none, or it is not known yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CodeDeployHistory> ReadAsync(AwsJson codeDeploy, string application, string group, CodeDeployment? last, CodeDeployment? serving, CancellationToken cancellationToken)
    {
        // Only among servers are instances added.
        if (last is { IsEverywhere: true, Platform: not "Server" })
        {
            return new([last], true);
        }

        var start = last is { IsEverywhere: true } ? last.CreatedAt : serving is { IsEverywhere: true } ? serving.CreatedAt : null;
        var (ids, isComplete) = await IdsAsync(codeDeploy, application, group, start, cancellationToken).ConfigureAwait(false);
        var known = new[] { last, serving }.OfType<CodeDeployment>().Where(d => ids?.Contains(d.Id) == true).DistinctBy(d => d.Id).ToList();
        if (ids is null || await DeploymentsAsync(codeDeploy, [.. ids.Except(known.Select(d => d.Id), StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false) is not { } listed)
        {
            // What is between the newest and the newest that succeeded is not known, so that one says nothing of it.
            return new(last is null ? [] : [last], false) { IsRefused = true };
        }

        // No order of the list is promised: where it does not end, it is taken for the newest only if it begins with them.
        var position = ids.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.Ordinal);
        var sorted = listed.Concat(known).OrderByDescending(d => d.CreatedAt).ThenBy(d => position.GetValueOrDefault(d.Id)).ToList();
        if (!isComplete && !sorted.Select(d => position.GetValueOrDefault(d.Id)).SequenceEqual(Enumerable.Range(0, ids.Count)))
        {
            return new(last is null ? [] : [last], false);
        }

        if (last is not null && !sorted.Exists(d => d.Id == last.Id))
        {
            // Behind so many to instances that were added that it was cut off, or not listed yet.
            sorted.Insert(isComplete ? 0 : sorted.FindIndex(d => d.CreatedAt < last.CreatedAt) is var older and >= 0 ? older : sorted.Count, last);
        }

        if (isComplete && serving is not null && !sorted.Exists(d => d.Id == serving.Id))
        {
            sorted.Add(serving);
        }

        var all = WithoutIdle(sorted);
        var everywhere = all.FindIndex(d => d.IsEverywhere);
        return everywhere < 0 ? new(all, isComplete) : new(all.GetRange(0, everywhere + 1), true);
    }

    /// <summary>Passes over what went to instances that were added and changes nothing: it failed, so that they were not kept; it is what the newest to everybody brings; or an update took its place.</summary>
    private static List<CodeDeployment> WithoutIdle(List<CodeDeployment> sorted)
    {
        var newest = sorted.FindIndex(d => !d.IsOfNewInstances);
        return [.. sorted.Where((d, i) => !d.IsOfNewInstances || (d.IsUpdate && d.IsActive) || !IsIdle(d, i))];

        bool IsIdle(CodeDeployment d, int i) => d.IsOfGoing
            || (!d.IsActive && !d.HasSucceeded)
            || (i < newest && d.IsOfSame(sorted[newest]))
            || sorted.Take(i).Any(u => u is { IsUpdate: true, HasReachedAll: true } && !u.IsOfSame(d));
    }

    /// <summary>Reads what goes on, beside what goes to instances that are added; null where nothing does, or it is not told.</summary>
    public static async Task<CodeDeployment?> ActiveAsync(AwsJson codeDeploy, string application, string group, CancellationToken cancellationToken)
    {
        var (ids, _) = await IdsAsync(codeDeploy, application, group, null, cancellationToken, isActive: true).ConfigureAwait(false);
        var all = ids is null ? null : await DeploymentsAsync(codeDeploy, ids, cancellationToken).ConfigureAwait(false);
        return all?.Where(d => d.IsActive && (d.IsUpdate || !d.IsOfNewInstances)).MaxBy(d => d.CreatedAt);
    }

    /// <summary>Share that a version has, 0 to 100.</summary>
    /// <param name="codeDeploy">Who is asked.</param>
    /// <param name="version">The version.</param>
    /// <param name="isOf">Whether a deployment is of it.</param>
    /// <param name="isSure">True: what is known to have it; false: what may have it still.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<double> ShareAsync(AwsJson codeDeploy, string version, Func<CodeDeployment, bool> isOf, bool isSure, CancellationToken cancellationToken)
    {
        double share = IsWhole || isSure ? 0 : 100;
        var instances = 0;
        foreach (var deployment in All.Reverse())
        {
            var isOfIt = isOf(deployment);
            if (deployment.IsOfNewInstances)
            {
                // They are beside those that the others tell of.
                var (others, added) = (Math.Max(instances, 1), Math.Max(deployment.Instances, 1));
                instances = others + added;
                share = isOfIt == isSure ? share : ((share * others) + (isOfIt ? 100.0 * added : 0)) / instances;
                continue;
            }

            // What the console takes back may be on instances that no deployment tells of; what is known to have it is not more by that.
            instances = deployment.Instances;
            share = !isOfIt && !isSure && deployment.TakesBack == version ? 100 : share;
            if (!isOfIt && share <= 0)
            {
                continue;
            }

            if (!isOfIt && deployment is { IsInPlace: true, HasSucceeded: true, Instances: 0 })
            {
                // Which instances it went to is not told.
                share = isSure ? 0 : share;
                continue;
            }

            var known = await CodeDeployShare.OfAsync(codeDeploy, deployment, cancellationToken).ConfigureAwait(false);
            var most = deployment is { IsInPlace: true, Instances: > 0 } ? 100.0 * deployment.Touched / deployment.Instances : known;
            share = (isOfIt, isSure) switch
            {
                (true, true) => Math.Max(share, known),
                (true, false) => deployment.IsEverywhere ? known : Math.Min(100, share + most),
                (false, true) => Math.Max(0, share - most),
                (false, false) => Math.Min(share, 100 - known),
            };
        }

        return share;
    }

    /// <summary>The deployments with these ids, in any order; null where the console may not read them at once.</summary>
    private static async Task<List<CodeDeployment>?> DeploymentsAsync(AwsJson codeDeploy, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var all = new List<CodeDeployment>();
        foreach (var some in ids.Chunk(MostAtOnce))
        {
            if (await codeDeploy.ReadAnyAsync("BatchGetDeployments", new { deploymentIds = some }, CodeDeployment.ReadAll, AwsErrors.IsDenied, cancellationToken).ConfigureAwait(false) is not { } read)
            {
                return null;
            }

            all.AddRange(read);
        }

        return all;
    }

    /// <summary>Ids of what was deployed since a time, and whether those are all; null where the console may not list them.</summary>
    private static async Task<(List<string>? Ids, bool IsComplete)> IdsAsync(AwsJson codeDeploy, string application, string group, double? start, CancellationToken cancellationToken, bool isActive = false)
    {
        var ids = new List<string>();
        string? token = null;
        for (var page = 0; page < MostPages && ids.Count <= Most; page++)
        {
            var input = new Dictionary<string, object> { ["applicationName"] = application, ["deploymentGroupName"] = group };
            if (start is { } from)
            {
                input["createTimeRange"] = new { start = Math.Floor(from) };
            }

            if (isActive)
            {
                input["includeOnlyStatuses"] = CodeDeployment.ActiveStatuses;
            }

            if (token is not null)
            {
                input["nextToken"] = token;
            }

            var read = await codeDeploy.ReadAnyAsync(
                "ListDeployments",
                input,
                static answer => Tuple.Create(answer.GetProperty("deployments").EnumerateArray().Select(i => i.GetString()!).ToList(), answer.Text("nextToken")),
                AwsErrors.IsDenied,
                cancellationToken).ConfigureAwait(false);
            if (read is not var (some, next))
            {
                return (null, false);
            }

            ids.AddRange(some.Except(ids, StringComparer.Ordinal));
            token = next;
            if (string.IsNullOrEmpty(token))
            {
                return ids.Count <= Most ? (ids, true) : (ids.GetRange(0, Most), false);
            }
        }

        return (ids.GetRange(0, Math.Min(ids.Count, Most)), false);
    }
}
