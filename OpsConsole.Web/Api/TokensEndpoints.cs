using Microsoft.AspNetCore.Mvc;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Gates;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A service token to make.</summary>
/// <param name="Name">Who uses it, as it goes on record; 1 to 64 characters, no slash.</param>
/// <param name="Scope">What it may do: <c>environment:resource:verb</c> each, <c>*</c> for every environment.</param>
/// <param name="Preset">In place of a scope: build, deploy, observe or signals, in <paramref name="Environments"/>.</param>
/// <param name="Environments">The environments of the preset.</param>
/// <param name="ExpiresInDays">How long it lives, 1 to 365 days; 90 where it is left out.</param>
/// <param name="NewEnvironment">True where nothing is yet in an environment that is named.</param>
internal sealed record TokenRequest(
    string? Name, IReadOnlyList<string>? Scope = null, string? Preset = null, IReadOnlyList<string>? Environments = null, int? ExpiresInDays = null, bool NewEnvironment = false);

/// <summary>A short-lived token to have for the one that is sent.</summary>
/// <param name="Label">What it is for, as it goes on record: "run 4711"; at most 64 characters.</param>
/// <param name="Scope">What it may do, at most what the one that is sent may; all of that where it is left out.</param>
/// <param name="ExpiresInMinutes">How long it lives, 1 to 60 minutes; 15 where it is left out.</param>
internal sealed record ExchangeRequest(string? Label = null, IReadOnlyList<string>? Scope = null, int? ExpiresInMinutes = null);

/// <summary>A service token as the API shows it: never the token itself.</summary>
internal sealed record TokenAnswer(
    Guid Id, string Name, IReadOnlyList<string> Scope, bool ShortLived, Guid? IssuedFrom, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public static TokenAnswer From(ServiceToken t) => new(
        t.Id, t.Name, t.Scopes.Split(' '), t.IsShortLived, t.IssuedFrom, t.CreatedAt, t.CreatedBy, t.ExpiresAt, t.LastUsedAt, t.RevokedAt, t.RevokedBy);
}

/// <summary>A token that was just made: it is shown this once.</summary>
internal sealed record NewTokenAnswer(Guid Id, string Name, IReadOnlyList<string> Scope, DateTimeOffset ExpiresAt, string Token)
{
    public static NewTokenAnswer From(NewServiceToken made) => new(made.Token.Id, made.Token.Name, made.Token.Scopes.Split(' '), made.Token.ExpiresAt, made.Secret);
}

/// <summary>Service tokens, newest first.</summary>
internal sealed record TokenList(IReadOnlyList<TokenAnswer> Items);

/// <summary>The tokens by which pipelines and services act.</summary>
internal static class TokensEndpoints
{
    private const int MaxBytes = 16 * 1024;

    public static void MapTokens(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("tokens", async (ServiceTokenDesk desk, CancellationToken cancellationToken, bool shortLived = false) =>
                new TokenList([.. (await desk.ListAsync(shortLived, cancellationToken)).Select(TokenAnswer.From)]))
            .RequirePermission(Permission.TokensRead)
            .WithTags("Tokens").WithName("listTokens").WithSummary("The newest 500 service tokens, those that count no more included; or the short-lived ones")
            .Produces<TokenList>();
        v1.MapPost("tokens", CreateAsync)
            .RequirePermission(Permission.TokensWrite)
            .WithTags("Tokens").WithName("createToken").WithSummary("Make a service token with a scope; it is shown once")
            .Accepts<TokenRequest>("application/json").Produces<NewTokenAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
        v1.MapDelete("tokens/{id:guid}", RevokeAsync)
            .RequirePermission(Permission.TokensWrite)
            .WithTags("Tokens").WithName("revokeToken").WithSummary("Revoke a service token and what was issued from it: they stop counting at once")
            .Produces<TokenAnswer>().ProducesRecordProblems();
        v1.MapPost("tokens/exchange", ExchangeAsync)
            .RequireAtGate(Permission.TokensExchange)
            .WithTags("Tokens").WithName("exchangeToken").WithSummary("Have a narrower token that lives at most an hour for the one that is sent")
            .Accepts<ExchangeRequest>("application/json").Produces<NewTokenAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ServiceTokenDesk desk, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<TokenRequest>(context, MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (Fault(request!) is { } fault)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be read", detail: fault);
        }

        var scope = TokenPresets.Named(request!.Preset)?.Grants(request.Environments ?? []) ?? request.Scope;
        return Made(context, context.User.ToOperator() is { } by
            ? await desk.CreateAsync(new CreateTokenCommand(request.Name, scope, request.ExpiresInDays, request.NewEnvironment), by, cancellationToken)
            : null);
    }

    private static async Task<IResult> ExchangeAsync(HttpContext context, TokenExchange exchange, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ExchangeRequest>(context, MaxBytes, cancellationToken);
        return problem ?? Made(context, context.User.ToOperator() is { } by
            ? await exchange.ExchangeAsync(new ExchangeTokenCommand(request!.Label, request.Scope, request.ExpiresInMinutes), by, cancellationToken)
            : null);
    }

    private static async Task<IResult> RevokeAsync(Guid id, [FromQuery] string? reason, HttpContext context, ServiceTokenDesk desk, CancellationToken cancellationToken) =>
        context.User.ToOperator() is { } by
            ? (await desk.RevokeAsync(id, reason, by, cancellationToken)).ToResult(token => Results.Ok(TokenAnswer.From(token)))
            : RecordResults.NoRole();

    private static IResult Made(HttpContext context, RecordAnswer<NewServiceToken>? answer)
    {
        // What is kept of the answer anywhere on its way is the token.
        context.Response.Headers.CacheControl = "no-store";
        return answer?.ToResult(made => Results.Created("/api/v1/tokens", NewTokenAnswer.From(made))) ?? RecordResults.NoRole();
    }

    private static string? Fault(TokenRequest request) => request.Preset is null ? null
        : request.Scope is not null ? "Give a scope or a preset, not both."
        : TokenPresets.Named(request.Preset) is not { } preset ? $"There is no such preset; there are {string.Join(", ", TokenPresets.All.Select(p => p.Name))}."
        : preset.NeedsEnvironments && request.Environments is not { Count: > 0 } ? $"The preset {preset.Name} needs environments: name them, or * for every one."
        : null;
}
