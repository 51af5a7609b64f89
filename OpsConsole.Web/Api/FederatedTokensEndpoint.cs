using System.Net.Mime;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>What was had for a pipeline's token, as RFC 8693 says it.</summary>
internal sealed record FederatedTokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("issued_token_type")] string IssuedTokenType,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope);

/// <summary>Why nothing was had for it, as RFC 6749 says it.</summary>
internal sealed record FederatedTokenError([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

/// <summary>Where a pipeline has a short-lived token for the one that its own issuer gave it.</summary>
internal static class FederatedTokensEndpoint
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string Form = MediaTypeNames.Application.FormUrlEncoded;
    private const int MaxBytes = 96 * 1024;

    private static readonly string[] Accepted = ["urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt"];

    public static void MapFederatedTokens(this IEndpointRouteBuilder v1) => v1.MapPost("tokens/federated", PostAsync)
        .AllowAnonymous()
        .WithTags("Tokens").WithName("federateToken").WithSummary("Have a short-lived token for a pipeline's OpenID Connect token (RFC 8693)")
        .WithDescription("404 where the console trusts no issuer of pipelines.").ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<FederatedTokenAnswer>().Produces<FederatedTokenError>(StatusCodes.Status400BadRequest).Produces<FederatedTokenError>(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PostAsync(HttpContext context, FederatedTokens tokens, IOptions<FederationOptions> federation, TimeProvider time, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (federation.Value.Trusts.Count == 0)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status404NotFound, title: "No issuer is trusted",
                detail: $"This console exchanges no tokens of pipelines: none of their issuers is configured below {FederationOptions.Section}. Use a service token, or have whoever runs the console configure one.");
        }

        if (context.Request.ContentType?.Split(';')[0].Trim().Equals(Form, StringComparison.OrdinalIgnoreCase) != true)
        {
            return Error("invalid_request", $"Send {Form}.");
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MaxBytes, cancellationToken);
        if (body is null)
        {
            return Error("invalid_request", $"The body may have at most {MaxBytes} bytes.");
        }

        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Bytes));
        if (form.GetValueOrDefault("grant_type") != Exchange)
        {
            return Error("unsupported_grant_type", $"grant_type is {Exchange}.");
        }

        if (!Accepted.Contains(form.GetValueOrDefault("subject_token_type").ToString(), StringComparer.Ordinal))
        {
            return Error("invalid_request", $"subject_token_type is {string.Join(" or ", Accepted)}.");
        }

        var answer = await tokens.ExchangeAsync(form.GetValueOrDefault("subject_token").ToString(), form.GetValueOrDefault("scope").ToString(), context.Connection.RemoteIpAddress, cancellationToken);
        if (answer.Made is { } made)
        {
            return Results.Ok(new FederatedTokenAnswer(made.Secret, AccessToken, "Bearer", (int)(made.Token.ExpiresAt - time.GetUtcNow()).TotalSeconds, made.Token.Scopes));
        }

        if (answer.Error is FederatedAnswer.Away or FederatedAnswer.TooMany)
        {
            context.Response.Headers.RetryAfter = "60";
        }

        return Error(answer.Error!, answer.Why!, answer.Error switch
        {
            FederatedAnswer.Away => StatusCodes.Status503ServiceUnavailable,
            FederatedAnswer.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        });
    }

    private static IResult Error(string error, string description, int status = StatusCodes.Status400BadRequest) => Results.Json(new FederatedTokenError(error, description), statusCode: status);
}
