using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreCrashes;
using OpsConsole.Core.Sources.AppStoreMetrics;
using OpsConsole.Core.Sources.CloudflareAnalytics;
using OpsConsole.Core.Sources.GooglePlayVitals;
using OpsConsole.Core.Sources.Sentry;

namespace OpsConsole.Tests.Core.Sources;

/// <summary>Kinds whose newest value is old by nature: a sound source of theirs is not too old.</summary>
public sealed class UsualDelayTests
{
    private static readonly RemoteConnections Connections = new(() => new SocketsHttpHandler(), TimeProvider.System);
    private static readonly SourceCatalog Kinds = new([SentryKind.Kind(Connections), AnalyticsKind.Kind(Connections), PlayVitalsKind.Kind(Connections), AppStoreMetricsKind.Kind(Connections), AppStoreCrashesKind.Kind(Connections)]);

    [Theory]
    [InlineData("sentry", "crash_free_sessions", null, null, 5)]
    [InlineData("sentry", "crash_free_sessions", "StepMinutes", "60", 60)]
    [InlineData("sentry", "session_adoption", null, null, 5)]
    [InlineData("cloudflare-analytics", "error_rate", null, null, 2)]
    [InlineData("cloudflare-analytics", "error_rate", "DelaySeconds", "600", 10)]
    [InlineData("google-play-vitals", "crash_free_users_hourly", null, null, 24 * 60)]
    [InlineData("google-play-vitals", "crash_free_users", null, null, 4 * 24 * 60)]
    [InlineData("google-play-vitals", "user_perceived_anr_rate_28d", null, null, 4 * 24 * 60)]
    [InlineData("app-store-metrics", "hang_rate_p90", null, null, 3 * 24 * 60)]
    [InlineData("app-store-crashes", "crashes", null, null, 4 * 24 * 60)]
    [InlineData("app-store-crashes", "crashes", "CompleteAfterDays", "5", 7 * 24 * 60)]
    public void A_value_may_be_as_old_as_it_is_by_nature_and_two_reads_more(string kind, string measure, string? setting, string? value, int minutes)
    {
        var signal = new SignalKey("told");
        var binding = new SourceBinding
        {
            Key = "shop", Kind = kind, Service = "shop", Target = "gateway", Environment = "production", Version = "1",
            Settings = new ConnectionSettings(kind, Kinds.Find(kind)!.Settings, setting is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [setting] = value! }),
            Rules = [new() { Signal = signal, Kind = SignalRuleKind.Measure, Numerator = measure }],
        };

        Assert.Equal(TimeSpan.FromMinutes(minutes) + (2 * binding.Interval) + binding.Timeout, Kinds.UsualStaleAfter(binding, signal));
    }
}
