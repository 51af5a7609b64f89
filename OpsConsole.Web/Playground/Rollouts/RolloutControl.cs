using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpsConsole.Web.Playground.Rollouts;

/// <summary>The control interface of a target, behind a bearer token: read a rollout, ask for a state.</summary>
internal static class RolloutControl
{
    private const int MaxBody = 16 * 1024;

    /// <summary>A new random token.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Maps <c>GET</c> and <c>PUT</c> of <c>/{collection}/{service}</c>.</summary>
    /// <remarks><paramref name="serves"/> says whether a version of a service can be served at all.</remarks>
    public static void MapRollouts(this WebApplication app, string collection, string token, RolloutTable table, Func<string, string, bool> serves)
    {
        var expected = Encoding.UTF8.GetBytes("Bearer " + token);
        var rollouts = app.MapGroup("/" + collection).AddEndpointFilter(async (context, next) =>
        {
            var given = Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers.Authorization.ToString());
            return CryptographicOperations.FixedTimeEquals(given, expected)
                ? await next(context)
                : Problem(StatusCodes.Status401Unauthorized, "The token is not known here.");
        });
        rollouts.MapGet("/{service}", (string service) => Answer(table.Find(service)));
        rollouts.MapPut("/{service}", Task<IResult> (string service, HttpRequest request) => PutAsync(service, request, table, serves));
    }

    private static async Task<IResult> PutAsync(string service, HttpRequest request, RolloutTable table, Func<string, string, bool> serves)
    {
        RolloutChange? change;
        try
        {
            if (request.ContentLength is null or > MaxBody)
            {
                return Problem(StatusCodes.Status400BadRequest, $"The body has no length or is longer than {MaxBody} bytes.");
            }

            change = await request.ReadFromJsonAsync<RolloutChange>(JsonSerializerOptions.Web, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return Problem(StatusCodes.Status400BadRequest, "The body is not the JSON of a change.");
        }

        if (change is null || change.Problem() is not null)
        {
            return Problem(StatusCodes.Status400BadRequest, change?.Problem() ?? "The body is empty.");
        }

        if (table.Find(service) is null)
        {
            return Problem(StatusCodes.Status404NotFound, "there is no rollout of this service here.");
        }

        if (!serves(service, change.Version) || (change.PreviousVersion is { } previous && !serves(service, previous)))
        {
            return Problem(StatusCodes.Status409Conflict, "that version of this service is not there to be served.");
        }

        return table.Apply(service, change) is { } refusal ? Problem(StatusCodes.Status409Conflict, refusal) : Answer(table.Find(service));
    }

    private static IResult Answer(Rollout? rollout) => rollout is null
        ? Problem(StatusCodes.Status404NotFound, "there is no rollout of this service here.")
        : Results.Json(
            new { rollout.Service, rollout.Version, rollout.PreviousVersion, rollout.ExposurePercent, rollout.Halted, rollout.LastActionId, rollout.ChangedAt },
            JsonSerializerOptions.Web);

    private static IResult Problem(int status, string detail) =>
        Results.Json(new { title = "Refused", status, detail }, JsonSerializerOptions.Web, "application/problem+json", status);
}
