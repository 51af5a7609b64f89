using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>The part of it that gives Apple's Analytics Reports: requests, reports, daily instances and their parts, which lie in a storage of their own, as Apple's examples give them.</summary>
internal sealed partial class ConnectApiServer
{
    /// <summary>Where parts of reports lie: an address there lets in by itself, and a token is one sign-in too many.</summary>
    private const string Storage = "/storage";

    private const string ReportRequest = "d48c69c5-9bcb-4592-abbd-08a9411b0231";

    private readonly List<Instance> _instances = [];
    private readonly List<(byte[] File, string Sum)> _files = [];

    /// <summary>Whether somebody asked for daily reports.</summary>
    public bool HasReports { get; set; } = true;

    /// <summary>Whether Apple makes them no more, because nobody read them.</summary>
    public bool HasStoppedReports { get; set; }

    /// <summary>Whether a part is another than its checksum says.</summary>
    public bool HasBrokenReports { get; set; }

    /// <summary>How often a part was fetched.</summary>
    public int Fetched { get; private set; }

    /// <summary>Has Apple made a report on a day, of parts in each of which are lines between tabs.</summary>
    public void Report(string name, DateOnly madeOn, params string[] parts) => ReportFiles(name, madeOn, [.. parts.Select(Packed)]);

    /// <inheritdoc cref="Report"/>
    public void ReportFiles(string name, DateOnly madeOn, params byte[][] parts)
    {
        var numbers = new List<int>();
        foreach (var part in parts)
        {
            numbers.Add(_files.Count);
            _files.Add((part, Sum(part)));
        }

        _instances.Add(new Instance(++_ids, name, madeOn, numbers));
    }

    /// <summary>Forgets all reports.</summary>
    public void ForgetReports() => _instances.Clear();

    private void MapReports(WebApplication app)
    {
        app.MapGet("/v1/apps/{app}/analyticsReportRequests", (HttpContext context, string app) =>
            IsForbidden ? ErrorAsync(context, 403, "FORBIDDEN_ERROR", "The API key in use does not allow this request")
            : app != App ? ErrorAsync(context, 404, "There is no resource of that id.")
            : ListAsync(context, !HasReports || context.Request.Query["filter[accessType]"] != "ONGOING" ? [] :
                [("analyticsReportRequests", ReportRequest, new JsonObject { ["accessType"] = "ONGOING", ["stoppedDueToInactivity"] = HasStoppedReports })]));
        app.MapGet("/v1/analyticsReportRequests/{request}/reports", (HttpContext context, string request) => ListAsync(context,
            [.. _instances.Select(i => i.Name).Distinct().Where(n => request == ReportRequest && n == context.Request.Query["filter[name]"])
                .Select(n => ("analyticsReports", n.Replace(' ', '-'), new JsonObject { ["name"] = n, ["category"] = "APP_USAGE" }))]));
        app.MapGet("/v1/analyticsReports/{report}/instances", (HttpContext context, string report) =>
        {
            var days = context.Request.Query["filter[processingDate]"].ToString().Split(',');
            return ListAsync(context,
                [.. _instances.Where(i => i.Name.Replace(' ', '-') == report && days.Contains(Day(i.MadeOn)) && context.Request.Query["filter[granularity]"] == "DAILY")
                    .Select(i => ("analyticsReportInstances", $"{i.Id}", new JsonObject { ["granularity"] = "DAILY", ["processingDate"] = Day(i.MadeOn) }))]);
        });
        app.MapGet("/v1/analyticsReportInstances/{instance:int}/segments", (HttpContext context, int instance) => ListAsync(context,
            [.. _instances.Where(i => i.Id == instance).SelectMany(i => i.Parts).Select(p => ("analyticsReportSegments", $"{p}", new JsonObject
            {
                ["checksum"] = HasBrokenReports ? "00000000000000000000000000000000" : _files[p].Sum, ["sizeInBytes"] = _files[p].File.Length, ["url"] = new Uri(Address, $"{Storage}/{p}/0.csv.gz?X-Amz-Signature=abc").AbsoluteUri,
            }))]));
        app.MapGet(Storage + "/{part:int}/0.csv.gz", async (HttpContext context, int part) =>
        {
            Fetched++;
            if (context.Request.Headers.Authorization.Count > 0)
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>");
                return;
            }

            context.Response.ContentType = "application/gzip";
            await context.Response.Body.WriteAsync(_files[part].File);
        });
    }

    private static Task ListAsync(HttpContext context, IEnumerable<(string Type, string Id, JsonObject Attributes)> data) => OkAsync(context, new JsonObject
    {
        ["data"] = new JsonArray([.. data.Select(d => new JsonObject { ["type"] = d.Type, ["id"] = d.Id, ["attributes"] = d.Attributes })]),
        ["links"] = new JsonObject { ["self"] = context.Request.Path.Value },
    });

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

#pragma warning disable CA5351 // Apple states an MD5.
    private static string Sum(byte[] file) => Convert.ToHexStringLower(MD5.HashData(file));
#pragma warning restore CA5351

    private sealed record Instance(int Id, string Name, DateOnly MadeOn, List<int> Parts);
}
