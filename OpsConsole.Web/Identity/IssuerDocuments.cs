using System.Text.Json;

namespace OpsConsole.Web.Identity;

/// <summary>What the issuer publishes about itself.</summary>
/// <param name="Issuer">Its name in tokens.</param>
/// <param name="KeysAddress">Where its signing keys are.</param>
/// <param name="EndSession">Where people sign out of it; null where they cannot.</param>
internal sealed record IssuerMetadata(string Issuer, Uri KeysAddress, Uri? EndSession);

/// <summary>Reads the issuer's discovery document and signing keys, and keeps them for a while; a key that is not known is looked for anew, so that the issuer may change its keys.</summary>
internal sealed class IssuerDocuments(SignInOptions options, IHttpClientFactory http, TimeProvider time) : IDisposable
{
    /// <summary>Name of the HTTP client that every call to the issuer is made with.</summary>
    public const string ClientName = "sign-in issuer";

    /// <summary>How long documents are taken for new.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Shortest time between two looks for a key that is not known: forged tokens must not make the console ask without end.</summary>
    internal static readonly TimeSpan KeyPause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private (IssuerMetadata Value, DateTimeOffset At)? _metadata;
    private (IReadOnlyList<SigningKey> Value, DateTimeOffset At)? _keys;

    /// <summary>The discovery document, at most an hour old where the issuer answers.</summary>
    /// <exception cref="IssuerAwayException">It cannot be read, and never was.</exception>
    public async Task<IssuerMetadata> MetadataAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await ReadMetadataAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The issuer's keys that may have signed a token with this header.</summary>
    /// <exception cref="IssuerAwayException">They cannot be read, and never were.</exception>
    public async Task<IReadOnlyList<SigningKey>> KeysAsync(string? id, string algorithm, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var known = _keys is { } kept && now - kept.At < MaxAge ? Fitting(kept.Value) : null;
            if (known is { Count: > 0 } || (known is not null && now - _keys!.Value.At < KeyPause))
            {
                return known;
            }

            try
            {
                var metadata = await ReadMetadataAsync(cancellationToken);
                using var document = await ReadAsync(metadata.KeysAddress, cancellationToken);
                _keys = (SigningKey.Read(document.RootElement), now);
            }
            catch (IssuerAwayException) when (_keys is not null)
            {
                // Keys that were good an hour ago are better than nobody being able to halt.
            }

            return Fitting(_keys!.Value.Value);
        }
        finally
        {
            _one.Release();
        }

        List<SigningKey> Fitting(IReadOnlyList<SigningKey> keys) => [.. keys.Where(k => k.Fits(id, algorithm))];
    }

    public void Dispose() => _one.Dispose();

    private async Task<IssuerMetadata> ReadMetadataAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_metadata is { } kept && now - kept.At < MaxAge)
        {
            return kept.Value;
        }

        try
        {
            using var document = await ReadAsync(new Uri(options.Authority!.TrimEnd('/') + "/.well-known/openid-configuration"), cancellationToken);
            var read = Check(document.RootElement);
            _metadata = (read, now);
            return read;
        }
        catch (IssuerAwayException) when (_metadata is not null)
        {
            return _metadata.Value.Value;
        }
    }

    private IssuerMetadata Check(JsonElement document)
    {
        var issuer = Text(document, "issuer") ?? throw new IssuerAwayException("The issuer's discovery document names no issuer.");

        // Entra names its tenant by id whatever the authority calls it; every other issuer is what it is called, to the letter.
        if (options.IsMicrosoft ? !Uri.TryCreate(issuer, UriKind.Absolute, out var named) || named.Host != new Uri(options.Authority!).Host : issuer.TrimEnd('/') != options.Authority!.TrimEnd('/'))
        {
            throw new IssuerAwayException($"The discovery document of {options.Authority} is that of another issuer.");
        }

        return new IssuerMetadata(
            issuer,
            Secure(Text(document, "jwks_uri")) ?? throw new IssuerAwayException("The issuer's discovery document names no https address of its keys."),
            Secure(Text(document, "end_session_endpoint")));
    }

    private async Task<JsonDocument> ReadAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var client = http.CreateClient(ClientName);
            return JsonDocument.Parse(await client.GetByteArrayAsync(address, cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IssuerAwayException($"{address.GetLeftPart(UriPartial.Path)} cannot be read.", e);
        }
    }

    private static string? Text(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Uri? Secure(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : null;
}
