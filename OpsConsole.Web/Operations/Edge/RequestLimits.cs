using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Operations.Edge;

/// <summary>How often each caller may ask, counted after it is known who asks.</summary>
/// <remarks>A caller has three budgets that cannot use up one another: pages and their live connections, stopping, and everything else. Whoever floods the API with a person's cookie does not keep that person from opening the board or from halting.
/// Whoever is nobody yet is counted by address, at each endpoint that is open to anybody apart: a flood of one of them does not keep a person behind that address from signing in, nor a hook from being heard.</remarks>
internal static class RequestLimits
{
    /// <summary>Most long requests of one caller at the same time.</summary>
    private const int MostLongOfOne = 2;

    private static readonly Meter Meter = new(MetricsRegistry.MeterName);
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("opsconsole.requests.limited", "{request}", "Requests that were refused because their caller asked too often.");

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsCheck>();
        builder.Services.AddRateLimiter(static _ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<EdgeOptions>>(static (limiter, edge) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = Of(edge.Value);
            limiter.OnRejected = static (context, _) => AnswerAsync(context);
        });
    }

    /// <summary>Every limit there is, the callers' own before what all share, so that who is refused takes nothing of that.</summary>
    internal static PartitionedRateLimiter<HttpContext> Of(EdgeOptions edge) => PartitionedRateLimiter.CreateChained(ByCaller(edge), LongOfOne(edge), LongOnes(edge));

    private static PartitionedRateLimiter<HttpContext> ByCaller(EdgeOptions edge) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
    {
        var kind = RequestKinds.Of(context);
        return (kind, context.User.ToOperator()) switch
        {
            (RequestKind.Free, _) => RateLimitPartition.GetNoLimiter("free"),
            (RequestKind.Stop, { } by) => Bucket("stop " + by.CountedAs(), edge.StopsPerSecond, edge.StopsBurst),
            (_, { } by) => Bucket((IsForMachines(context.Request.Path) ? "api " : "page ") + by.CountedAs(), edge.RequestsPerSecond, edge.Burst),
            _ => Bucket($"from {CallerAddress.Key(context.Connection.RemoteIpAddress)} {OpenAddress(context)}", edge.RequestsPerSecond, edge.Burst),
        };
    });

    /// <summary>One caller never has all the places for long requests, however slowly it takes the answers; where there is one place, it has that.</summary>
    private static PartitionedRateLimiter<HttpContext> LongOfOne(EdgeOptions edge) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RequestKinds.Of(context) == RequestKind.Long
            ? RateLimitPartition.GetConcurrencyLimiter(
                context.User.ToOperator()?.CountedAs() ?? "from " + CallerAddress.Key(context.Connection.RemoteIpAddress),
                _ => new ConcurrencyLimiterOptions { PermitLimit = Math.Clamp(edge.LongAtOnce / 2, 1, MostLongOfOne), QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter("short"));

    private static PartitionedRateLimiter<HttpContext> LongOnes(EdgeOptions edge) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RequestKinds.Of(context) == RequestKind.Long
            ? RateLimitPartition.GetConcurrencyLimiter("long", _ => new ConcurrencyLimiterOptions { PermitLimit = edge.LongAtOnce, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter("short"));

    private static RateLimitPartition<string> Bucket(string key, int perSecond, int burst) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
    });

    /// <summary>The address of an endpoint that is open to anybody, without what varies in it; files of pages, and all that needs a sign-in, count together.</summary>
    private static string OpenAddress(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint open && open.Metadata.GetMetadata<IAllowAnonymous>() is not null && open.Metadata.GetMetadata<StaticAssetDescriptor>() is null ? open.RoutePattern.RawText ?? "" : "";

    private static bool IsForMachines(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask AnswerAsync(OnRejectedContext context)
    {
        var (http, kind) = (context.HttpContext, RequestKinds.Of(context.HttpContext));
        Refused.Add(1, KeyValuePair.Create<string, object?>("kind", kind.ToString()));
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 5;
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await Failure.DescribeAsync(
            http,
            StatusCodes.Status429TooManyRequests,
            "Too many requests",
            context.Lease.TryGetMetadata(MetadataName.RetryAfter, out _)
                ? $"You ask more often than the console answers. Ask again in {wait} s. Halting, rolling back and killing have a budget of their own."
                : $"The console is busy with other requests that take long, of yours or of others. Ask again in {wait} s.");
    }

    private sealed class EdgeOptionsCheck : IValidateOptions<EdgeOptions>
    {
        public ValidateOptionsResult Validate(string? name, EdgeOptions options) => options.Faults().ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
