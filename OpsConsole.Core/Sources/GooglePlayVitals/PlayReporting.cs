using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.GooglePlay;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>The part of the Google Play Developer Reporting API that Android vitals are read by, version v1beta1. It changes nothing.</summary>
internal sealed class PlayReporting
{
    private const string Scope = "https://www.googleapis.com/auth/playdeveloperreporting";

    private readonly PlaySession _play;
    private readonly string _app;

    public PlayReporting(SourceBinding binding, RemoteConnections connections)
    {
        _play = new PlaySession(binding.Settings, Scope, connections);
        _app = $"{binding.Address!.AbsoluteUri.TrimEnd('/')}/v1beta1/apps/{Uri.EscapeDataString(binding.Settings[PlayVitalsKind.Package])}";
    }

    /// <summary>The releases that are served on any track: what they are called, and their version codes.</summary>
    public Task<IReadOnlyList<PlayServing>> ServingAsync(CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, ":fetchReleaseFilterOptions", null, PlayServing.Read, cancellationToken);

    /// <summary>Up to when a metric set has been counted, by the names of periods; what is not counted by a period is left out.</summary>
    public Task<IReadOnlyDictionary<string, DateTime>> CountedAsync(string set, CancellationToken cancellationToken) => AskAsync<IReadOnlyDictionary<string, DateTime>>(HttpMethod.Get, $"/{set}", null, Counted, cancellationToken);

    /// <summary>The rows of a metric set for some version codes together, one for each period that Google tells of.</summary>
    /// <param name="set">The metric set.</param>
    /// <param name="period">By days or by hours.</param>
    /// <param name="until">The end of the last one.</param>
    /// <param name="metrics">Which metrics.</param>
    /// <param name="codes">The version codes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<VitalsRow>> RowsAsync(
        string set, VitalsPeriod period, DateTime until, IEnumerable<string> metrics, IEnumerable<string> codes, CancellationToken cancellationToken)
    {
        var query = new
        {
            timelineSpec = new { aggregationPeriod = period.Name, startTime = period.Write(period.Before(until, period.Back)), endTime = period.Write(until) },
            metrics,
            filter = string.Join(" OR ", codes.Select(static code => $"versionCode = {code}")),
            pageSize = period.Back,
        };
        var rows = await AskAsync(HttpMethod.Post, $"/{set}:query", JsonSerializer.Serialize(query), answer => VitalsRow.Read(answer, period), cancellationToken).ConfigureAwait(false);
        return rows.Count <= period.Back && rows.DistinctBy(static r => r.Begin).Count() == rows.Count
            ? rows
            : throw new TargetUnreachableException($"Google Play answered {rows.Count} rows where one for each of {period.Back} {period.Noun}s was asked for.");
    }

    private static Dictionary<string, DateTime> Counted(JsonElement answer)
    {
        var counted = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        if (answer.TryGetProperty("freshnessInfo", out var info) && info.TryGetProperty("freshnesses", out var all))
        {
            foreach (var one in all.EnumerateArray())
            {
                var name = one.GetProperty("aggregationPeriod").GetString();
                if (VitalsPeriod.All.FirstOrDefault(p => p.Name == name) is { } period)
                {
                    counted[period.Name] = period.Read(one.GetProperty("latestEndTime")) ?? throw new FormatException("That is no time.");
                }
            }
        }

        return counted;
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string what, string? body, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class => _play.Http.TakeRead(await _play.ReadAsync(method, new Uri(_app + what), body, cancellationToken).ConfigureAwait(false), take);
}
