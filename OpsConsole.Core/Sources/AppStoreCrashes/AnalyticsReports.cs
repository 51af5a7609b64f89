using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.AppStoreConnect;

namespace OpsConsole.Core.Sources.AppStoreCrashes;

/// <summary>The part of the App Store Connect API that Analytics Reports are read by. It changes nothing, and asks for no report that nobody asked for.</summary>
/// <remarks>See https://developer.apple.com/documentation/appstoreconnectapi/downloading-analytics-reports.</remarks>
internal sealed class AnalyticsReports
{
    /// <summary>How many days back a report may have been made.</summary>
    private const int DaysBack = 10;

    /// <summary>Longest part of a report, as it is sent, in bytes.</summary>
    private const int LongestFile = 16 * 1024 * 1024;

    private const int MostSegments = 20;

    private readonly ConnectSession _session;
    private readonly RemoteHttp _storage;
    private readonly TimeProvider _time;
    private readonly Uri _api;
    private readonly string _app;

    public AnalyticsReports(SourceBinding binding, RemoteConnections connections)
    {
        (_api, _app, _time) = (binding.Address!, binding.Settings[AppStoreCrashesKind.App], connections.Time);
        _session = new ConnectSession(binding.Settings, _api, connections);
        _storage = connections.Connect(binding.Settings, "Apple's storage of reports", static _ => null, longestFile: LongestFile);
    }

    /// <summary>The request by which Apple makes reports of the app every day.</summary>
    /// <returns>Its id; null where nobody asked for them. Stopped is true where Apple makes them no more.</returns>
    public async Task<(string? Id, bool IsStopped)> RequestAsync(CancellationToken cancellationToken)
    {
        var app = await _session.AppAsync(_app, cancellationToken).ConfigureAwait(false);
        var requests = await ListAsync($"apps/{Uri.EscapeDataString(app)}/analyticsReportRequests?{ConnectSession.Filter("accessType", "ONGOING")}", cancellationToken).ConfigureAwait(false);
        var running = requests.Find(static r => !Flag(r, "stoppedDueToInactivity"));
        return running is not null ? (running.Id, false) : (null, requests.Count > 0);
    }

    /// <summary>A report of a request; null where Apple has none of that name.</summary>
    public async Task<string?> ReportAsync(string request, string name, CancellationToken cancellationToken)
    {
        var reports = await ListAsync($"analyticsReportRequests/{Uri.EscapeDataString(request)}/reports?{ConnectSession.Filter("name", name)}", cancellationToken).ConfigureAwait(false);
        return reports.Find(r => Text(r, "name") == name)?.Id;
    }

    /// <summary>The daily instances of a report that were made lately, the newest first.</summary>
    public async Task<IReadOnlyList<(string Id, DateOnly MadeOn)>> InstancesAsync(string report, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        var days = string.Join(',', Enumerable.Range(0, DaysBack).Select(n => Day(today.AddDays(-n))));
        var what = $"analyticsReports/{Uri.EscapeDataString(report)}/instances?{ConnectSession.Filter("granularity", "DAILY")}&{ConnectSession.Filter("processingDate", days)}&limit=200";
        var instances = await ListAsync(what, cancellationToken).ConfigureAwait(false);
        return
        [
            .. instances.Where(static i => Text(i, "granularity") == "DAILY")
                .Select(static i => (i.Id, MadeOn: DateOnly.TryParseExact(Text(i, "processingDate"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Odd()))
                .OrderByDescending(static i => i.MadeOn),
        ];
    }

    /// <summary>What an instance says of a version, day by day, from all of its parts.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="version">The version as people read it in the store.</param>
    /// <param name="events">The field that counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">A part could not be read, or is not what Apple says it is.</exception>
    public async Task<IReadOnlyDictionary<DateOnly, ReportedDay>> DaysAsync(string instance, string version, string events, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, ReportedDay>();
        var segments = await ListAsync($"analyticsReportInstances/{Uri.EscapeDataString(instance)}/segments?limit=200", cancellationToken).ConfigureAwait(false);
        if (segments.Count > MostSegments)
        {
            throw new TargetUnreachableException($"Apple's report has {segments.Count} parts, more than the {MostSegments} that are read.");
        }

        foreach (var segment in segments)
        {
            AnalyticsReport.Add(await FileAsync(segment, cancellationToken).ConfigureAwait(false), version, events, days, cancellationToken);
        }

        return days;
    }

    /// <summary>A part of a report. Its address lets in by itself for five minutes, and gets no token of the console's.</summary>
    private async Task<byte[]> FileAsync(Resource segment, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(Text(segment, "url"), UriKind.Absolute, out var address) || address.Scheme != _api.Scheme)
        {
            throw Odd();
        }

        var answer = await _storage.ReadAsync(() => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new TargetUnreachableException(_storage.WhyNotRead(answer));
        }

#pragma warning disable CA5351 // Apple states an MD5: it tells a broken file, and guards nothing.
        return Text(segment, "checksum") is { } sum && !string.Equals(sum, Convert.ToHexStringLower(MD5.HashData(answer.File)), StringComparison.OrdinalIgnoreCase)
#pragma warning restore CA5351
            ? throw new TargetUnreachableException("A part of Apple's report is not what its checksum says.")
            : answer.File;
    }

    private Task<List<Resource>> ListAsync(string what, CancellationToken cancellationToken) => _session.Http.ReadJsonAsync(
        () => _session.Request(HttpMethod.Get, what),
        static answer => answer.GetProperty("data").EnumerateArray().Select(static r => new Resource(r.GetProperty("id").GetString() ?? "", r.GetProperty("attributes").Clone())).ToList(),
        cancellationToken);

    private static string? Text(Resource of, string name) => of.Attributes.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool Flag(Resource of, string name) => of.Attributes.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TargetUnreachableException Odd() => new("App Store Connect answered something else than was asked for.");

    private sealed record Resource(string Id, JsonElement Attributes);
}
