using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Webhook;

/// <summary>Asks any system for a state by a signed call, and reads by another what it is in.</summary>
/// <remarks>Both are posted, so that all that they say is in the body and signed with it. The id of a change is the action's, whichever try it is: whoever answers knows it again by that.</remarks>
internal sealed class WebhookAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    private readonly RemoteHttp _http = connections.Connect(settings, $"The {settings[DeclaredCapabilities.Title]}", Words);
    private readonly WebhookSignature _signature = new(settings[WebhookKind.Secret]);
    private readonly Uri _address = settings.Address(WebhookKind.Address);

    public string Target => settings.Target;

    public TargetCapabilities Capabilities { get; } = DeclaredCapabilities.Of(settings);

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var body = Body("rollout.change", new
        {
            actionId = change.ActionId,
            service = settings.NameOf(change.Service),
            environment = change.Environment,
            version = change.Version,
            previousVersion = change.PreviousVersion,
            exposurePercent = change.ExposurePercent,
            halted = change.Halted,
        });
        _http.Accept(await _http.ChangeAsync(() => Request("change", change.ActionId, body), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var body = Body("rollout.state", new { service = settings.NameOf(service), environment, version });
        return _http.ReadJsonAsync(() => Request("state", Guid.NewGuid(), body), State, cancellationToken);
    }

    /// <summary>Reads <c>{ "exposurePercent": 25, "halted": false, "lastActionId": "...", "besides": "..." }</c>.</summary>
    private TargetObservation State(JsonElement answer) =>
        RolloutAnswer.Read(answer, settings, $"The {settings[DeclaredCapabilities.Title]} answered something else than was asked for", connections.Time.GetUtcNow());

    /// <summary>Signed anew for each try: its time is of the sending.</summary>
    private HttpRequestMessage Request(string what, Guid action, byte[] body)
    {
        var (id, at) = (action.ToString("D"), connections.Time.GetUtcNow().ToUnixTimeSeconds());
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, what)) { Content = content };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", _signature.Of(id, at, body));
        return request;
    }

    private byte[] Body(string type, object data) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, timestamp = connections.Time.GetUtcNow(), data }, JsonSerializerOptions.Web);

    /// <summary>What is said of an error: the sentence of a problem document, or what is commonly there in its place.</summary>
    private static string? Words(JsonElement answer) => new[] { "detail", "title", "message", "error" }
        .Select(name => answer.Text(name))
        .FirstOrDefault(static words => !string.IsNullOrWhiteSpace(words));
}
