namespace OpsConsole.Core.Sources.Otlp;

/// <summary>The metrics that were sent lately by whoever speaks OTLP, in memory. Safe for use by several threads.</summary>
public sealed class OtlpMetrics
{
    private const int LongestName = 255;
    private const int LongestVersion = 64;

    private static readonly TimeSpan Forgetting = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly OtlpLimits _limits;
    private readonly ulong _listening;
    private readonly Lock _lock = new();
    private readonly Dictionary<OtlpPlace, OtlpVersion> _versions = [];
    private DateTimeOffset _forgot;

    /// <param name="time">The console's clock.</param>
    /// <param name="limits">How much is kept.</param>
    public OtlpMetrics(TimeProvider time, OtlpLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _limits, _forgot) = (time, limits ?? new(), time.GetUtcNow());
        _listening = OtlpVersion.Nanoseconds(_forgot);
    }

    /// <summary>Takes in an export.</summary>
    /// <param name="batch">What was sent.</param>
    /// <param name="whyNot">Why the caller may not send metrics of an environment; null when it may.</param>
    /// <returns>What became of each point.</returns>
    public OtlpReceipt Take(OtlpBatch batch, Func<string, string?> whyNot)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(whyNot);
        var (now, receipt) = (_time.GetUtcNow(), new OtlpReceipt());
        foreach (var resource in batch.Resources.Where(static r => r.Points > 0))
        {
            var points = resource.Points;
            if (Place(resource, out var fault) is not { } place)
            {
                receipt.Reject(points, fault!);
            }
            else if (whyNot(place.Environment) is { } reason)
            {
                receipt.Forbid(points, reason);
            }
            else if (Version(place, now, out var room) is { } version)
            {
                version.Take(resource, now, room, receipt);
            }
            else
            {
                receipt.Reject(points, $"there are more than {_limits.Versions} versions of services already");
            }
        }

        return receipt;
    }

    /// <summary>What is known of a version; null when nothing was sent of it, or not for long.</summary>
    internal OtlpView? Look(OtlpPlace place)
    {
        var now = _time.GetUtcNow();
        OtlpVersion? version;
        lock (_lock)
        {
            Forget(now);
            version = _versions.GetValueOrDefault(place);
        }

        return version?.Look(now);
    }

    private static OtlpPlace? Place(OtlpResource resource, out string? fault)
    {
        var (service, version) = (resource.Find("service.name"), resource.Find("service.version"));

        // The older name of the same attribute, which many still send.
        var environment = resource.Find("deployment.environment.name") ?? resource.Find("deployment.environment");
        fault = service is not { Length: <= LongestName } ? "their resource has no service.name, or one of more than 255 characters"
            : version is not { Length: <= LongestVersion } ? "their resource has no service.version, or one of more than 64 characters: set it in OTEL_RESOURCE_ATTRIBUTES"
            : environment is not { Length: <= LongestName } ? "their resource has no deployment.environment.name: set it in OTEL_RESOURCE_ATTRIBUTES"
            : null;
        return fault is null ? new(service!, environment!, version!) : null;
    }

    private OtlpVersion? Version(OtlpPlace place, DateTimeOffset now, out int room)
    {
        lock (_lock)
        {
            Forget(now);
            room = Math.Max(0, _limits.OfAll - _versions.Values.Sum(static v => v.Lines));
            if (!_versions.TryGetValue(place, out var version) && _versions.Count < _limits.Versions)
            {
                _versions.Add(place, version = new(_limits, _listening));
            }

            return version;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (now - _forgot < Forgetting)
        {
            return;
        }

        _forgot = now;
        foreach (var (place, _) in _versions.Where(v => v.Value.Forget(now)).ToList())
        {
            _versions.Remove(place);
        }
    }
}
