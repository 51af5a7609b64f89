using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.CloudflareWorkers;

namespace OpsConsole.Core.Sources.CloudflareAnalytics;

/// <summary>Finds the id of a release's version, by which Cloudflare counts: the version is that id itself, or the newest with its tag.</summary>
internal sealed class VersionId
{
    /// <summary>How long an id is believed: the same tag may be given to a newer upload.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly SourceBinding _binding;
    private readonly RemoteHttp _http;
    private readonly TimeProvider _time;
    private readonly string _version;
    private readonly Uri _versions;
    private (string Id, DateTimeOffset At)? _found;

    public VersionId(SourceBinding binding, RemoteHttp http, TimeProvider time)
    {
        (_binding, _http, _time, _version) = (binding, http, time, binding.Setting(AnalyticsKind.Release));
        _versions = new Uri(
            $"{binding.Address!.OriginalString.TrimEnd('/')}/accounts/{binding.Settings[AnalyticsKind.Account]}/workers/scripts/{Uri.EscapeDataString(binding.Settings[AnalyticsKind.Script])}/versions?deployable=true");
    }

    /// <summary>The id, or why there is none, as a sentence.</summary>
    public async Task<(string? Id, string? WhyNot)> FindAsync(CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(_version, "D", out _))
        {
            return (_version, null);
        }

        if (_found is { } found && _time.GetUtcNow() - found.At < Kept)
        {
            return (found.Id, null);
        }

        var versions = await _http.ReadJsonAsync(() => BearerRequest.Of(HttpMethod.Get, _versions, _binding.Settings[AnalyticsKind.Token]), WorkersVersions.Read, cancellationToken).ConfigureAwait(false);
        var id = versions.Of(_version).FirstOrDefault();
        _found = id is null ? null : (id, _time.GetUtcNow());
        return (id, id is null ? versions.WhyNot(_version) : null);
    }
}
