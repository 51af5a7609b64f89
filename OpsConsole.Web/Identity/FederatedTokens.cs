using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Identity;

/// <summary>What came of a pipeline's token.</summary>
/// <param name="Made">What was had for it; null where it was refused.</param>
/// <param name="Error">In the words of OAuth, <c>invalid_grant</c> for example.</param>
/// <param name="Why">In words.</param>
internal sealed record FederatedAnswer(NewServiceToken? Made, string? Error = null, string? Why = null)
{
    public const string Grant = "invalid_grant";
    public const string Scope = "invalid_scope";
    public const string Away = "temporarily_unavailable";
    public const string TooMany = "slow_down";
}

/// <summary>Gives short-lived tokens for tokens that a pipeline has of an issuer that is trusted, on record. Each of those counts once.</summary>
internal sealed class FederatedTokens : IDisposable
{
    /// <summary>Longest time that a pipeline's token may hold: what was had for one is remembered for longer, so that none counts twice.</summary>
    internal static readonly TimeSpan LongestHeld = TimeSpan.FromDays(1);

    private const int MaxNameLength = 200;

    /// <summary>Tokens without a good signature that one address may send in a minute.</summary>
    internal const int ForgedFromOne = 60;

    /// <summary>Tokens with a good signature that one subject of an issuer may send in a minute.</summary>
    internal const int SignedFromOne = 60;

    private const string Happened = "token.federated";

    private static readonly FederatedAnswer TooMany = new(null, FederatedAnswer.TooMany, "Too many tokens were sent; wait a minute.");

    private readonly List<Trust> _trusts = [];
    private readonly List<IssuerDocuments> _documents = [];
    private readonly TokenExchange _exchange;
    private readonly SignInAudit _audit;
    private readonly TimeProvider _time;
    private readonly AttemptLimit _forged;
    private readonly AttemptLimit _signed;
    private readonly RecordPace _pace = new();

    public FederatedTokens(FederationOptions options, IHttpClientFactory http, TokenExchange exchange, SignInAudit audit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_exchange, _audit, _time) = (exchange, audit, time);
        _forged = new AttemptLimit(ForgedFromOne, int.MaxValue, TimeSpan.FromMinutes(1), time);
        _signed = new AttemptLimit(SignedFromOne, int.MaxValue, TimeSpan.FromMinutes(1), time);
        foreach (var group in options.Trusts.GroupBy(t => t.Value.Issuer!.TrimEnd('/')))
        {
            var documents = new IssuerDocuments(new SignInOptions { Authority = group.First().Value.Issuer }, http, time);
            _documents.Add(documents);
            _trusts.AddRange(group.Select(t => new Trust(
                t.Key, t.Value, ScopeText.Read(t.Value.Scope).Scope!, new IdTokenValidator(new SignInOptions { Authority = t.Value.Issuer, ClientId = t.Value.Audience }, documents, time))));
        }
    }

    /// <summary>A short-lived token for a pipeline's, or why not.</summary>
    /// <param name="token">The pipeline's token, a signed JWT.</param>
    /// <param name="wanted">What it is to be good for, grants with a space between; null: everything that the trust gives.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FederatedAnswer> ExchangeAsync(string? token, string? wanted, IPAddress? from, CancellationToken cancellationToken)
    {
        if (!_forged.HasLeft(from))
        {
            return TooMany;
        }

        var (why, signed) = ("Tokens of that issuer are not trusted here.", false);
        var issuer = Issuer(token);
        foreach (var trust in _trusts.Where(t => t.Options.Issuer!.TrimEnd('/') == issuer?.TrimEnd('/')))
        {
            try
            {
                var claims = await trust.Validator.ValidateAsync(token, null, null, cancellationToken);
                if (!signed && !_signed.TryTakeFor($"{issuer} {claims.Subject}"))
                {
                    return TooMany;
                }

                signed = true;
                why = Missing(trust, claims) ?? "";
                if (why.Length == 0)
                {
                    return await GiveAsync(trust, token!, claims, wanted, cancellationToken);
                }
            }
            catch (IdTokenException e)
            {
                why = e.Message;
            }
            catch (IssuerAwayException e)
            {
                // Each such token may have the console ask the issuer.
                _forged.TryTake(from);
                return new(null, FederatedAnswer.Away, $"{e.Message} Ask again in a minute.");
            }
            catch (RecordUnavailableException)
            {
                return new(null, FederatedAnswer.Away, "The record cannot be written now, so nothing was given; ask again in a minute.");
            }
        }

        if (!signed)
        {
            // Whoever sends these has nothing but an address: they use up no one else's tries.
            _forged.TryTake(from);
        }

        return await RefuseAsync("a pipeline", FederatedAnswer.Grant, why);
    }

    public void Dispose() => _documents.ForEach(d => d.Dispose());

    private async Task<FederatedAnswer> GiveAsync(Trust trust, string token, IdToken claims, string? wanted, CancellationToken cancellationToken)
    {
        var scope = trust.Scope;
        if (!string.IsNullOrWhiteSpace(wanted))
        {
            var (read, faults) = ScopeText.Read(wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (read is null || !trust.Scope.Covers(read))
            {
                return await RefuseAsync(trust.Name, FederatedAnswer.Scope, faults.Count > 0 ? faults[0] : $"The trust {trust.Name} gives no more than {trust.Scope}.");
            }

            scope = read;
        }

        var now = _time.GetUtcNow();
        var name = $"{trust.Name}{ServiceTokenTable.Separator}{PlainText.Of(claims.Subject)}";
        var made = await _exchange.IssueAsync(
            new Operator(trust.Name, Role.Service, IsService: true), nameof(Role.Service), name.Length <= MaxNameLength ? name : name[..MaxNameLength], scope, now.AddMinutes(trust.Options.Minutes), null, now,
            cancellationToken, Once(trust, token, claims));
        return made is null ? await RefuseAsync(trust.Name, FederatedAnswer.Grant, $"The token of {PlainText.Of(claims.Subject)} was used before; each counts once.") : new(made);
    }

    private async Task<FederatedAnswer> RefuseAsync(string actor, string error, string why)
    {
        await _pace.TellAsync(actor, Happened, $"{error} {why}", _time.GetUtcNow(), leftOut => _audit.RecordAsync(actor, nameof(Role.Service), Happened, "refused", why + leftOut));
        return new(null, error, why);
    }

    private string? Missing(Trust trust, IdToken claims) =>
        claims.Expires is not { } expires || expires - _time.GetUtcNow() > LongestHeld ? $"The token holds for longer than {LongestHeld.TotalHours:0} hours."
        : trust.Options.Claims.Where(c => !claims.Values(c.Key).Intersect(c.Value, StringComparer.Ordinal).Any()).Select(c => $"The token's claim {c.Key} is not one that the trust {trust.Name} asks for.").FirstOrDefault();

    /// <summary>The same for the same token, whatever its signature looks like: a second one of that id is refused by the record, also from another console.</summary>
    private static Guid Once(Trust trust, string token, IdToken claims) => new(
        SHA256.HashData(Encoding.UTF8.GetBytes(claims.Text("jti") is { Length: > 0 } id ? $"jti {trust.Options.Issuer!.TrimEnd('/')} {id}" : $"token {token[..token.LastIndexOf('.')]}")).AsSpan(0, 16));

    /// <summary>The issuer that a token names; it is believed only once the signature was verified.</summary>
    private static string? Issuer(string? token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token?.Split('.') is [_, var body, _] ? body : ""));
            return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty("iss", out var issuer) && issuer.ValueKind == JsonValueKind.String ? issuer.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record Trust(string Name, FederatedTrust Options, AccessScope Scope, IdTokenValidator Validator);
}
