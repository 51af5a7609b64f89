using OpsConsole.Core.Access;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Flags;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A measured propagation as the API shows it. Times are milliseconds from the decision.</summary>
internal sealed record PropagationAnswer(
    Guid Id,
    string Key,
    string? Environment,
    FlagChangeKind Kind,
    DateTimeOffset FlippedAt,
    PropagationState State,
    int Clients,
    int Confirmed,
    int Gone,
    int Unconfirmed,
    double? FirstMs,
    double? P50Ms,
    double? P95Ms,
    double? LastMs,
    DateTimeOffset? ClosedAt)
{
    public static PropagationAnswer From(FlagPropagation p, PropagationState state) =>
        new(p.Id, p.Key, p.Environment, p.Kind, p.FlippedAt, state, p.Clients, p.Confirmed, p.Gone, p.Unconfirmed, p.FirstMs, p.MedianMs, p.P95Ms, p.LastMs, p.ClosedAt);
}

/// <summary>The latest propagations of a switch, newest first.</summary>
/// <param name="Items">The propagations.</param>
/// <param name="Alarms">Changes of it that clients who are there have still not heard of.</param>
/// <param name="Complete">False where the record did not answer: only what is in memory is listed.</param>
internal sealed record PropagationList(IReadOnlyList<PropagationAnswer> Items, IReadOnlyList<PropagationAlarm> Alarms, bool Complete);

/// <summary>Clients that came with one token and are there.</summary>
/// <param name="Environment">Whose flags they read.</param>
/// <param name="Token">The token's name.</param>
/// <param name="Readers">Clients.</param>
/// <param name="Streams">Streams that they hold.</param>
/// <param name="OldestHeardSeconds">How long ago the one that was silent longest was last heard of.</param>
internal sealed record FlagReaderGroupAnswer(string Environment, string Token, int Readers, int Streams, double OldestHeardSeconds);

/// <summary>Who reads flags.</summary>
/// <param name="Readers">Clients that are there, all together.</param>
/// <param name="Streams">Open streams.</param>
/// <param name="Forgotten">Clients that had to be forgotten because there were too many.</param>
/// <param name="Groups">By environment and token.</param>
/// <param name="Alarms">Changes that clients who are there have still not heard of.</param>
internal sealed record FlagReadersAnswer(int Readers, int Streams, long Forgotten, IReadOnlyList<FlagReaderGroupAnswer> Groups, IReadOnlyList<PropagationAlarm> Alarms);

/// <summary>How changes of flags reached those who read them, and who that is.</summary>
internal static class PropagationsEndpoints
{
    private const int Shown = 50;
    private const int Most = 200;

    public static void MapPropagations(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("switches/{key}/propagations", LatestAsync)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("listPropagations").WithSummary("How the latest changes of a switch reached its clients, newest first")
            .Produces<PropagationList>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithQuery(("take", "Propagations wanted.", () => ApiDescription.Number(Shown, 1, Most)));
        v1.MapGet("flag-readers", Readers)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Flags").WithName("flagReaders").WithSummary("How many clients read flags now, by environment and token")
            .Produces<FlagReadersAnswer>();
    }

    private static async Task<IResult> LatestAsync(string key, HttpContext context, PropagationBook book, FlagAudience audience, SwitchBoard switches, CancellationToken cancellationToken)
    {
        var take = Shown;
        if (context.Request.Query["take"].ToString() is { Length: > 0 } text && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out take) || take is < 1 or > Most))
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "Not understood", detail: $"'take' is a whole number from 1 to {Most}.");
        }

        var page = await book.LatestAsync(key, take, cancellationToken);
        return page is { Items.Count: 0, Complete: true } && switches.IsLoaded && switches.Find(key) is null
            ? Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: "There is no switch of that key.")
            : Results.Ok(new PropagationList([.. page.Items.Select(p => PropagationAnswer.From(p, book.StateOf(p)))], [.. audience.Alarms.Where(a => a.Key == key)], page.Complete));
    }

    private static FlagReadersAnswer Readers(FlagAudience audience, FlagStreams streams)
    {
        var groups = audience.Groups();
        return new FlagReadersAnswer(
            groups.Sum(g => g.Readers),
            streams.Count,
            audience.Forgotten,
            [.. groups.Select(g => new FlagReaderGroupAnswer(g.Environment, g.Name, g.Readers, g.Streams, Math.Round(g.OldestHeard.TotalSeconds, 1)))],
            audience.Alarms);
    }
}
