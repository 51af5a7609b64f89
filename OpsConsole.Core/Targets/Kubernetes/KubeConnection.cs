using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>What is to be done next to bring an object to where it shall be.</summary>
/// <param name="Path">The object's path, or that of its status.</param>
/// <param name="Patch">What to change; null: nothing yet, what was asked before has to be taken up first.</param>
/// <param name="IsLast">Whether nothing comes after it.</param>
internal sealed record KubeStep(string Path, JsonObject? Patch, bool IsLast = true);

/// <summary>Speaks to the API server of one cluster about one namespace.</summary>
/// <remarks>
/// Every change is a JSON merge patch that names the <c>resourceVersion</c> it was made for, so the server refuses it (409) where anything changed in between;
/// it is then thought out anew on what is there.
/// </remarks>
internal sealed class KubeConnection
{
    /// <summary>How often a change is thought out anew, and what was asked is looked for, before the console gives up for now.</summary>
    private const int MostTries = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConnectionSettings _settings;
    private readonly TimeProvider _time;
    private readonly RemoteHttp _http;
    private readonly Uri _api;

    public KubeConnection(TargetSettings settings, RemoteConnections connections)
        : this(settings, settings.Address(KubeSettings.Api), connections)
    {
    }

    /// <param name="settings">How the server lets the console in, and the namespace.</param>
    /// <param name="api">The API server, with a slash at its end.</param>
    /// <param name="connections">Makes the connection.</param>
    public KubeConnection(ConnectionSettings settings, Uri api, RemoteConnections connections)
    {
        (_settings, _time, _api) = (settings, connections.Time, api);
        _http = connections.Connect(settings, "Kubernetes", Words, Trust);
    }

    /// <summary>Path of an object, or of a list of them, in the namespace.</summary>
    /// <param name="group">Group and version, for example <c>apps/v1</c>.</param>
    /// <param name="kind">Its plural.</param>
    /// <param name="name">The object's name; null: the list.</param>
    public string Path(string group, string kind, string? name = null) =>
        $"apis/{group}/namespaces/{Uri.EscapeDataString(_settings[KubeSettings.Namespace])}/{kind}{(name is null ? "" : "/" + Uri.EscapeDataString(name))}";

    /// <summary>Reads an object or a list.</summary>
    /// <exception cref="TargetUnreachableException">It could not be read, is not there, or is something else.</exception>
    public Task<T> ReadAsync<T>(string path, Func<JsonObject, T?> take, CancellationToken cancellationToken)
        where T : class => _http.ReadJsonAsync(() => Request(HttpMethod.Get, path, null), answer => JsonObject.Create(answer.Clone()) is { } json ? take(json) : null, cancellationToken);

    /// <summary>Path of a Deployment.</summary>
    public string DeploymentPath(string name) => Path("apps/v1", "deployments", name);

    /// <summary>Reads a Deployment.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<DeploymentState> DeploymentAsync(string name, ImageTemplate images, CancellationToken cancellationToken) =>
        ReadAsync(DeploymentPath(name), json => DeploymentState.Read(json, images), cancellationToken);

    /// <summary>Reads the ReplicaSets that belong to an object.</summary>
    public Task<KubeReplicaSets> ReplicaSetsAsync(KubeObject owner, ImageTemplate images, CancellationToken cancellationToken) => ReadAsync(
        $"{Path("apps/v1", "replicasets")}?labelSelector={Uri.EscapeDataString(LabelSelector.Text(owner.Json["spec"]?["selector"]))}", list => KubeReplicaSets.Read(list, owner, images), cancellationToken);

    /// <summary>Reads, decides and changes, step by step until nothing is left to do; begins anew where something else changed it in between.</summary>
    /// <param name="read">Reads what is there.</param>
    /// <param name="next">Decides on the next step; null: it is as it shall be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task BringAsync<T>(Func<CancellationToken, Task<T>> read, Func<T, KubeStep?> next, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (next(await read(cancellationToken).ConfigureAwait(false)) is not { } step)
            {
                return;
            }

            if (step.Patch is { } patch)
            {
                var answer = await _http.ChangeAsync(() => Request(HttpMethod.Patch, step.Path + "?fieldManager=opsconsole", patch), cancellationToken).ConfigureAwait(false);
                if (answer.Status == HttpStatusCode.Conflict && attempt < MostTries - 1)
                {
                    continue;
                }

                _http.Accept(answer);
                if (step.IsLast)
                {
                    return;
                }
            }
            else
            {
                await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
            }
        }

        throw new TargetUnreachableException("What was asked of the cluster was not taken up by its controller yet, so the rest was not asked for.");
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? patch) =>
        BearerRequest.Of(method, new Uri(_api, path), Token(), patch?.ToJsonString(), "application/merge-patch+json", accept: "application/json");

    /// <summary>The token in a file is renewed while the console runs, so the file is read each time.</summary>
    private string Token()
    {
        if (_settings[KubeSettings.Token] is { Length: > 0 } set)
        {
            return set;
        }

        try
        {
            return File.ReadAllText(_settings[KubeSettings.TokenFile]).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TargetUnreachableException($"The file {_settings[KubeSettings.TokenFile]} with the token for Kubernetes cannot be read.", e);
        }
    }

    /// <summary>What the API says of an error, in the <c>Status</c> that it answers with.</summary>
    private static string? Words(JsonElement status) => status.GetProperty("message").GetString();

    private void Trust(SocketsHttpHandler handler)
    {
        if (_settings[KubeSettings.CaFile] is { Length: > 0 } file && KubeSettings.Authorities(file) is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
    }
}
