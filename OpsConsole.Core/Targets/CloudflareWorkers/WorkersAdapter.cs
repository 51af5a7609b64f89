using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>Gives a Worker's new version a share of its requests, and reads back what is deployed.</summary>
/// <remarks>
/// The API keeps no idempotency keys, so what is deployed is read first, and nothing is deployed that is so already.
/// See <c>POST /accounts/{account_id}/workers/scripts/{script_name}/deployments</c> in Cloudflare's API reference.
/// </remarks>
internal sealed class WorkersAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    private readonly RemoteHttp _http = connections.Connect(settings, "Cloudflare", CloudflareErrors.Words);
    private readonly Uri _scripts = new(settings.Address(WorkersKind.Api), $"accounts/{settings[WorkersKind.Account]}/workers/scripts/");

    public string Target => settings.Target;

    public TargetCapabilities Capabilities => WorkersKind.Capabilities;

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var script = settings.NameOf(change.Service);
        var now = await DeployedAsync(script, cancellationToken).ConfigureAwait(false);
        var shares = await SharesAsync(script, change, now, cancellationToken).ConfigureAwait(false);
        if (now.IsHalted == change.Halted && shares.Count == now.Shares.Count && shares.All(s => now.Shares.TryGetValue(s.Key, out var share) && share.Equals(s.Value)))
        {
            return;
        }

        _http.Accept(await _http.ChangeAsync(() => Request(HttpMethod.Post, script, "deployments", Body(shares, change)), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var script = settings.NameOf(service);
        var now = await DeployedAsync(script, cancellationToken).ConfigureAwait(false);
        var versions = await WithServingAsync(script, await VersionsAsync(script, cancellationToken).ConfigureAwait(false), now, cancellationToken).ConfigureAwait(false);
        return new TargetObservation(Math.Min(100, versions.Of(version).Sum(id => now.Shares.GetValueOrDefault(id))), now.IsHalted, now.ActionId, connections.Time.GetUtcNow())
        {
            Besides = now.Shares.Count == 0 ? "Nothing is deployed to this Worker." : null,
        };
    }

    /// <summary>What is to be deployed.</summary>
    private async Task<Dictionary<string, double>> SharesAsync(string script, TargetChange change, WorkersDeployment now, CancellationToken cancellationToken)
    {
        var versions = await VersionsAsync(script, cancellationToken).ConfigureAwait(false);
        if (change.Halted)
        {
            // A halt holds what is there, whatever that is.
            bool Serves(WorkersVersions among) => among.Of(change.Version).Any(now.Shares.ContainsKey);
            return Serves(versions) || Serves(await WithServingAsync(script, versions, now, cancellationToken).ConfigureAwait(false)) ? new(now.Shares) : throw new TargetRefusedException($"{change.Version} is not deployed to the Worker {script}, so there is nothing to hold.");
        }

        if (change.ExposurePercent >= 100)
        {
            return new() { [await IdAsync(change.Version).ConfigureAwait(false)] = 100 };
        }

        if (change.PreviousVersion is not { } name)
        {
            throw new TargetRefusedException("The release has no version before it that the other requests could go to.");
        }

        var before = await IdAsync(name).ConfigureAwait(false);

        // The API takes percentages of two decimals.
        var share = Math.Round(change.ExposurePercent, 2);
        return share <= 0 ? new() { [before] = 100 } : new() { [await IdAsync(change.Version).ConfigureAwait(false)] = share, [before] = Math.Round(100 - share, 2) };

        async Task<string> IdAsync(string version) =>
            versions.Find(version, now)
            ?? (await WithServingAsync(script, versions, now, cancellationToken).ConfigureAwait(false)).Find(version, now)
            ?? throw new TargetRefusedException(versions.WhyNot(version));
    }

    /// <summary>With what serves and cannot be deployed anew, because a hundred others came since or something shuts it out.</summary>
    private async Task<WorkersVersions> WithServingAsync(string script, WorkersVersions versions, WorkersDeployment now, CancellationToken cancellationToken)
    {
        foreach (var id in versions.Missing(now))
        {
            try
            {
                versions = versions.With(await _http.ReadJsonAsync(() => Request(HttpMethod.Get, script, $"versions/{Uri.EscapeDataString(id)}"), WorkersVersions.ReadOne, cancellationToken).ConfigureAwait(false));
            }
            catch (TargetUnreachableException e)
            {
                throw new TargetUnreachableException($"Which version {id} is, that this Worker serves, could not be read. {e.Message}", e);
            }
        }

        return versions;
    }

    private Task<WorkersDeployment> DeployedAsync(string script, CancellationToken cancellationToken) =>
        _http.ReadJsonAsync(() => Request(HttpMethod.Get, script, "deployments"), WorkersDeployment.Newest, cancellationToken);

    /// <summary>Those that can be deployed: the newest hundred, without what a migration of Durable Objects shuts out.</summary>
    private Task<WorkersVersions> VersionsAsync(string script, CancellationToken cancellationToken) =>
        _http.ReadJsonAsync(() => Request(HttpMethod.Get, script, "versions?deployable=true"), WorkersVersions.Read, cancellationToken);

    private HttpRequestMessage Request(HttpMethod method, string script, string what, string? body = null) =>
        BearerRequest.Of(method, new Uri(_scripts, $"{Uri.EscapeDataString(script)}/{what}"), settings[WorkersKind.Token], body);

    private static string Body(Dictionary<string, double> shares, TargetChange change) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["strategy"] = "percentage",
        ["versions"] = shares.Select(s => new { version_id = s.Key, percentage = s.Value }).ToArray(),
        ["annotations"] = new Dictionary<string, string> { ["workers/message"] = WorkersDeployment.MessageOf(change.ActionId, change.Halted) },
    });
}
