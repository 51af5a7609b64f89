using OpsConsole.Core.Access;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A flag client to make.</summary>
/// <param name="Name">Who uses it, for people; 1 to 64 characters.</param>
/// <param name="Environment">The one environment whose flags it reads.</param>
/// <param name="NewEnvironment">True where nothing is in that environment yet. Without it an environment that is not known is refused, so that a mistyped one does not become real.</param>
internal sealed record FlagClientRequest(string? Name, string? Environment, bool NewEnvironment = false);

/// <summary>A flag client as the API shows it: never its token.</summary>
internal sealed record FlagClientAnswer(
    Guid Id, string Name, string Environment, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public static FlagClientAnswer From(FlagClient c) => new(c.Id, c.Name, c.Environment, c.CreatedAt, c.CreatedBy, c.LastUsedAt, c.RevokedAt, c.RevokedBy);
}

/// <summary>A flag client that was just made, with its token: it is shown this once.</summary>
internal sealed record NewFlagClientAnswer(Guid Id, string Name, string Environment, DateTimeOffset CreatedAt, string CreatedBy, string Token);

/// <summary>All flag clients, newest first.</summary>
internal sealed record FlagClientList(IReadOnlyList<FlagClientAnswer> Items);

/// <summary>The tokens by which services and installed apps read flags.</summary>
internal static class FlagClientsEndpoints
{
    private const int MaxBytes = 4 * 1024;

    public static void MapFlagClients(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("flag-clients", async (FlagClientDesk desk, CancellationToken cancellationToken) =>
                new FlagClientList([.. (await desk.ListAsync(cancellationToken)).Select(FlagClientAnswer.From)]))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Flags").WithName("listFlagClients").WithSummary("Who reads flags, and when their tokens were last used")
            .Produces<FlagClientList>();
        v1.MapPost("flag-clients", CreateAsync)
            .RequirePermission(Permission.FlagClientsWrite)
            .WithTags("Flags").WithName("createFlagClient").WithSummary("Make a token that reads the flags of one environment; it is shown once")
            .Accepts<FlagClientRequest>("application/json").Produces<NewFlagClientAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
        v1.MapDelete("flag-clients/{id:guid}", RevokeAsync)
            .RequirePermission(Permission.FlagClientsWrite)
            .WithTags("Flags").WithName("revokeFlagClient").WithSummary("Revoke a flag client's token: it stops counting at once")
            .Produces<FlagClientAnswer>().ProducesRecordProblems();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, FlagClientDesk desk, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<FlagClientRequest>(context, MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        // What is kept of the answer anywhere on its way is the token.
        context.Response.Headers.CacheControl = "no-store";
        return context.User.ToOperator() is { } by
            ? (await desk.CreateAsync(request!.Name, request.Environment, request.NewEnvironment, by, cancellationToken)).ToResult(made => Results.Created(
                "/api/v1/flag-clients", new NewFlagClientAnswer(made.Client.Id, made.Client.Name, made.Client.Environment, made.Client.CreatedAt, made.Client.CreatedBy, made.Token)))
            : RecordResults.NoRole();
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext context, FlagClientDesk desk, CancellationToken cancellationToken) => context.User.ToOperator() is { } by
        ? (await desk.RevokeAsync(id, by, cancellationToken)).ToResult(client => Results.Ok(FlagClientAnswer.From(client)))
        : RecordResults.NoRole();
}
