using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>The part of it that tells Apple's metrics of builds: power and performance by category and device, and diagnostic signatures, as Apple's examples give them.</summary>
internal sealed partial class ConnectApiServer
{
    private const string MetricsType = "application/vnd.apple.xcode-metrics+json";

    private static readonly string[] Categories = ["DISK", "HANG", "BATTERY", "LAUNCH", "MEMORY", "ANIMATION", "TERMINATION", "STORAGE"];
    private static readonly string[] Diagnostics = ["DISK_WRITES", "HANGS", "LAUNCHES"];

    private readonly List<Measured> _measured = [];
    private readonly List<Signature> _signatures = [];

    /// <summary>Whether it knows a build and has no metrics and no signatures of it.</summary>
    public bool HasNoMetrics { get; set; }

    /// <summary>Whether the key's role may not read metrics.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Gives a version its build.</summary>
    public void Build(string version, string build) => _versions.Find(v => v.Name == version)!.Build = build;

    /// <summary>Has Apple a value of a build. The number is written as it comes.</summary>
    public void Measure(string build, string category, string metric, string unit, string percentile, string version, string value, string? margin = null, string device = "all_iphones") =>
        _measured.Add(new Measured(build, category, metric, unit, percentile, version, value, margin, device));

    /// <summary>Has Apple a diagnostic signature of a build.</summary>
    public void Sign(string build, string diagnostic, string signature, string? direction = null) => _signatures.Add(new Signature(build, diagnostic, signature, direction));

    /// <summary>Forgets all metrics and signatures.</summary>
    public void ForgetMetrics()
    {
        _measured.Clear();
        _signatures.Clear();
    }

    private void MapMetrics(WebApplication app)
    {
        app.MapGet("/v1/builds/{build}/perfPowerMetrics", (HttpContext context, string build) => MetricsAsync(context, build));
        app.MapGet("/v1/builds/{build}/diagnosticSignatures", (HttpContext context, string build) => SignaturesAsync(context, build));
    }

    private Task? Refusal(HttpContext context, string build) =>
        IsForbidden ? ErrorAsync(context, 403, "FORBIDDEN_ERROR", "The API key in use does not allow this request")
        : HasNoMetrics || !_versions.Exists(v => v.Build == build) ? ErrorAsync(context, 404, $"There is no resource of type 'builds' with id '{build}'")
        : null;

    private Task MetricsAsync(HttpContext context, string build)
    {
        var query = context.Request.Query;
        var (types, devices) = (query["filter[metricType]"].ToString().Split(','), query["filter[deviceType]"].ToString().Split(','));
        if (!context.Request.Headers.Accept.ToString().Contains(MetricsType, StringComparison.Ordinal))
        {
            return ErrorAsync(context, 406, "NOT_ACCEPTABLE", "The specified Accept header is not acceptable.");
        }

        if (query["filter[platform]"] != "IOS" || types.Except(Categories).Any())
        {
            return ErrorAsync(context, 400, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value.");
        }

        if (Refusal(context, build) is { } refusal)
        {
            return refusal;
        }

        var found = _measured.Where(m => m.Build == build && types.Contains(m.Category) && devices.Contains(m.Device)).ToList();
        context.Response.ContentType = MetricsType;

        // Written by hand, so that a number can be one that JSON cannot hold.
        var categories = found.GroupBy(m => m.Category).Select(category => $$"""{"identifier":"{{category.Key}}","metrics":[{{string.Join(',', category.GroupBy(m => m.Metric).Select(WrittenMetric))}}]}""");
        return context.Response.WriteAsync(found.Count == 0
            ? """{"version":"1.0.0","productData":[],"insights":{"regressions":[],"trendingUp":[]}}"""
            : $$"""{"version":"1.0.0","productData":[{"platform":"iOS","metricCategories":[{{string.Join(',', categories)}}]}]}""");
    }

    private static string WrittenMetric(IGrouping<string, Measured> metric)
    {
        var datasets = metric.GroupBy(m => (m.Percentile, m.Device)).Select(set =>
            $$"""{"filterCriteria":{"percentile":"{{set.Key.Percentile}}","device":"{{set.Key.Device}}","deviceMarketingName":"All"},"points":[{{string.Join(',', set.Select(WrittenPoint))}}]}""");
        return $$"""{"identifier":"{{metric.Key}}","unit":{"identifier":"{{metric.First().Unit}}","displayName":"-"},"datasets":[{{string.Join(',', datasets)}}]}""";
    }

    private static string WrittenPoint(Measured point) =>
        $$"""{"version":"{{point.Version}}","value":{{point.Value}}{{(point.Margin is { } margin ? $",\"errorMargin\":{margin}" : "")}},"goal":"fair"}""";

    private Task SignaturesAsync(HttpContext context, string build)
    {
        var query = context.Request.Query;
        if (!Diagnostics.Contains(query["filter[diagnosticType]"].ToString()) || !int.TryParse(query["limit"], out var limit) || limit is < 1 or > 200)
        {
            return ErrorAsync(context, 400, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value.");
        }

        if (Refusal(context, build) is { } refusal)
        {
            return refusal;
        }

        var found = _signatures.Where(s => s.Build == build && s.Diagnostic == query["filter[diagnosticType]"]).ToList();
        var links = new JsonObject { ["self"] = context.Request.Path.Value };
        if (found.Count > limit)
        {
            links["next"] = $"{context.Request.Path}?cursor=next";
        }

        return OkAsync(context, new JsonObject
        {
            ["data"] = new JsonArray([.. found.Take(limit).Select((s, n) => new JsonObject
            {
                ["type"] = "diagnosticSignatures", ["id"] = $"s{n}",
                ["attributes"] = new JsonObject
                {
                    ["diagnosticType"] = s.Diagnostic, ["signature"] = s.Text, ["weight"] = 0.5,
                    ["insight"] = s.Direction is null ? null : new JsonObject { ["insightType"] = "TREND", ["direction"] = s.Direction, ["referenceVersions"] = new JsonArray() },
                },
            })]),
            ["links"] = links,
        });
    }

    private sealed record Measured(string Build, string Category, string Metric, string Unit, string Percentile, string Version, string Value, string? Margin, string Device);

    private sealed record Signature(string Build, string Diagnostic, string Text, string? Direction);
}
