using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.AwsCodeDeploy;

/// <summary>What was deployed to a group since all of it had one revision: what failed or was stopped on the way is on some instances still.</summary>
/// <param name="All">The deployments, newest first; the oldest of them went everywhere, where there is such a one.</param>
/// <param name="IsWhole">Whether nothing before them matters.</param>
internal sealed record CodeDeployHistory(IReadOnlyList<CodeDeployment> All, bool IsWhole)
{
    /// <summary>Deployments that are looked at, how many of them one call gives, and pages of ids that are read: at most.</summary>
    private const int Most = 50, MostAtOnce = 25, MostPages = 4;

    /// <summary>Reads it.</summary>
    /// <param name="codeDeploy">Who is asked.</param>
    /// <param name="application">The application.</param>
    /// <param name="group">Its deployment group.</param>
    /// <param name="last">The newest deployment; null where that is not known yet.</param>
    /// <param name="serving">The newest that succeeded; null where there is none, or it is not known yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CodeDeployHistory> ReadAsync(AwsJson codeDeploy, string application, string group, CodeDeployment? last, CodeDeployment? serving, CancellationToken cancellationToken)
    {
        if (last is { IsEverywhere: true })
        {
            return new([last], true);
        }

        var start = serving is { IsEverywhere: true } ? serving.CreatedAt : null;
        var (ids, isComplete) = await IdsAsync(codeDeploy, application, group, start, cancellationToken).ConfigureAwait(false);
        var listed = new List<CodeDeployment>();
        foreach (var some in ids.Chunk(MostAtOnce))
        {
            listed.AddRange(await codeDeploy.ReadAsync("BatchGetDeployments", new { deploymentIds = some }, CodeDeployment.ReadAll, cancellationToken).ConfigureAwait(false));
        }

        // No order of the list is promised: where it does not end, it is taken for the newest only if it begins with them.
        var position = ids.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.Ordinal);
        var sorted = listed.OrderByDescending(d => d.CreatedAt).ThenBy(d => position.GetValueOrDefault(d.Id)).ToList();
        if (!isComplete && !sorted.Select(d => position.GetValueOrDefault(d.Id)).SequenceEqual(Enumerable.Range(0, ids.Count)))
        {
            return new(last is null ? [] : [last], false);
        }

        var all = sorted.Where(d => !d.IsOfNewInstances).ToList();
        if (last is not null && !all.Exists(d => d.Id == last.Id))
        {
            all.Insert(0, last);
        }

        if (isComplete && serving is not null && !all.Exists(d => d.Id == serving.Id))
        {
            all.Add(serving);
        }

        var everywhere = all.FindIndex(d => d.IsEverywhere);
        return everywhere < 0 ? new(all, isComplete) : new(all.GetRange(0, everywhere + 1), true);
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
        foreach (var deployment in All.Reverse())
        {
            // What the console takes back may be on instances that no deployment tells of.
            var isOfIt = isOf(deployment);
            share = !isOfIt && deployment.TakesBack == version ? 100 : share;
            if (!isOfIt && share <= 0)
            {
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

    /// <summary>Ids of what was deployed since a time, and whether those are all.</summary>
    private static async Task<(IReadOnlyList<string> Ids, bool IsComplete)> IdsAsync(AwsJson codeDeploy, string application, string group, double? start, CancellationToken cancellationToken)
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

            if (token is not null)
            {
                input["nextToken"] = token;
            }

            var (some, next) = await codeDeploy.ReadAsync(
                "ListDeployments",
                input,
                static answer => Tuple.Create(answer.GetProperty("deployments").EnumerateArray().Select(i => i.GetString()!).ToList(), answer.Text("nextToken")),
                cancellationToken).ConfigureAwait(false);
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
