using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>Says in the manifest of a channel who is offered a version, and reads it back.</summary>
/// <remarks>The manifest is replaced as a whole and only while it is what was read (<c>If-Match</c>): a program sees it before or after, and two writers never undo each other.</remarks>
internal sealed class ChannelAdapter : IDeliveryTargetAdapter
{
    private readonly TargetSettings _settings;
    private readonly RemoteHttp _http;
    private readonly AwsSigner _signer;
    private readonly TimeProvider _time;
    private readonly IChannelFormat _format;
    private readonly Uri _bucket;

    public ChannelAdapter(TargetSettings settings, RemoteConnections connections)
    {
        (_settings, _time) = (settings, connections.Time);
        _http = connections.Connect(settings, "S3 storage", static _ => null, busy: AwsErrors.IsSlowDown, text: AwsErrors.Words);
        _signer = AwsSettings.Signer(settings, "s3");
        _format = ChannelKind.FormatOf(settings[ChannelKind.Manifest])!;
        _bucket = new Uri(settings.Address(AwsSettings.Api), $"{Uri.EscapeDataString(settings[ChannelKind.Bucket])}/");
    }

    public string Target => _settings.Target;

    public TargetCapabilities Capabilities => ChannelKind.Capabilities;

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = KeyOf(change.Service);
        if (!change.Halted && _format.WhyNot(change.ExposurePercent) is { } why)
        {
            throw new TargetRefusedException(why);
        }

        var manifest = await ManifestAsync(key, cancellationToken).ConfigureAwait(false);
        var offer = Read(manifest.Text, change.Version);
        if (await NextAsync(change, key, manifest.Text, offer, cancellationToken).ConfigureAwait(false) is { } next)
        {
            _http.Accept(await _http.ChangeAsync(() => Put(key, next, manifest.ETag!), cancellationToken).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var manifest = await ManifestAsync(KeyOf(service), cancellationToken).ConfigureAwait(false);
        var offer = Read(manifest.Text, version);
        var (halted, note) = (IsHalted(offer, version), offer.Note?.Version == version ? offer.Note : null);
        var share = StandsAt(offer, version);
        return new TargetObservation(share, halted, note?.Action, _time.GetUtcNow())
        {
            Besides = halted ? "While it is halted nobody is offered it; whoever installed it keeps it."
                : share > 0 ? (share < 100 ? _format.Besides : null)
                : note?.State == ChannelState.Withdrawn ? "Whoever installed it keeps it: programs never go back by themselves."
                : null,
        };
    }

    /// <summary>Whether the console halted a version, and nobody has offered it since.</summary>
    private static bool IsHalted(ChannelOffer offer, string version) => offer is { Share: 0, Note: { State: ChannelState.Halted } note } && note.Version == version;

    private static double StandsAt(ChannelOffer offer, string version) => IsHalted(offer, version) ? offer.Note!.Share : offer.Share;

    /// <summary>The manifest that is wanted; null where it is as wanted already.</summary>
    private async Task<string?> NextAsync(TargetChange change, string key, string manifest, ChannelOffer offer, CancellationToken cancellationToken)
    {
        var (halted, share) = (IsHalted(offer, change.Version), StandsAt(offer, change.Version));
        if (change.Halted)
        {
            return halted ? null
                : share > 0 ? _format.Hold(manifest, new ChannelNote(change.Version, share, ChannelState.Halted, change.ActionId))
                : throw new TargetRefusedException($"Nobody is offered {change.Version} on this channel, so there is nothing to hold.");
        }

        if (change.ExposurePercent <= 0)
        {
            if (share <= 0)
            {
                return null;
            }

            var previous = _format.PutsPreviousBack ? await OfVersionAsync(key, Previous(change), cancellationToken).ConfigureAwait(false) : null;
            return _format.Withdraw(manifest, previous, new ChannelNote(change.Version, 0, ChannelState.Withdrawn, change.ActionId));
        }

        if (!halted && TargetConversation.Same(share, change.ExposurePercent))
        {
            return null;
        }

        var published = await OfVersionAsync(key, change.Version, cancellationToken).ConfigureAwait(false);
        return _format.Offer(manifest, published, new ChannelNote(change.Version, change.ExposurePercent, ChannelState.Offered, change.ActionId), _time.GetUtcNow());
    }

    private static string Previous(TargetChange change) => change.PreviousVersion ?? throw new TargetRefusedException("The release has no version before it that could be offered in its place. Halt it.");

    private ChannelOffer Read(string manifest, string version) =>
        _format.Read(manifest, version, _time.GetUtcNow()) ?? throw new TargetUnreachableException("What S3 storage has there is no manifest.");

    /// <summary>The manifest that programs read, and which state of it.</summary>
    private async Task<RemoteAnswer> ManifestAsync(string key, CancellationToken cancellationToken)
    {
        var answer = await _http.ReadAsync(() => Request(HttpMethod.Get, key, []), cancellationToken).ConfigureAwait(false);
        return !answer.IsSuccess ? throw new TargetUnreachableException(_http.WhyNotRead(answer))
            : answer.ETag is { Length: > 0 } ? answer
            : throw new TargetUnreachableException("S3 storage does not say which state of the manifest it gave, so it could not be replaced safely.");
    }

    /// <summary>The manifest of one version: beside the channel's, in a folder that is called as the version.</summary>
    private async Task<string> OfVersionAsync(string key, string version, CancellationToken cancellationToken)
    {
        if (!version.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+') || version.Trim('.').Length == 0)
        {
            throw new TargetRefusedException($"{version} cannot be part of the name of an object.");
        }

        var slash = key.LastIndexOf('/') + 1;
        var ofVersion = $"{key[..slash]}{version}/{key[slash..]}";
        var answer = await _http.ReadAsync(() => Request(HttpMethod.Get, ofVersion, []), cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { IsSuccess: true } => answer.Text,
            { Status: HttpStatusCode.NotFound or HttpStatusCode.Forbidden } =>
                throw new TargetRefusedException($"There is no manifest of {version} at {ofVersion}: {_http.Said(answer) ?? "the storage does not say why."}"),
            _ => throw new TargetUnreachableException(_http.WhyNotRead(answer)),
        };
    }

    private string KeyOf(string service) => _settings[ChannelKind.Manifest].Replace("{service}", _settings.NameOf(service), StringComparison.Ordinal);

    private HttpRequestMessage Put(string key, string manifest, string ifMatch) => Request(HttpMethod.Put, key, Encoding.UTF8.GetBytes(manifest), request =>
    {
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);

        // Programs and whatever lies between ask for the newest each time.
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(_format.ContentType);
    });

    private HttpRequestMessage Request(HttpMethod method, string key, byte[] body, Action<HttpRequestMessage>? with = null)
    {
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        var request = new HttpRequestMessage(method, new Uri(_bucket, path)) { Content = body.Length > 0 ? new ByteArrayContent(body) : null };
        with?.Invoke(request);
        _signer.Sign(request, body, _time.GetUtcNow());
        return request;
    }
}
