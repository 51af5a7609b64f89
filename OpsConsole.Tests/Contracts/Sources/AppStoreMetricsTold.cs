using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Sources.AppStoreMetrics;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>What a source of Apple's metrics is told in tests.</summary>
internal static class AppStoreMetricsTold
{
    /// <summary>The settings that there are.</summary>
    public static IReadOnlyList<ConnectionSetting> Settings { get; } = AppStoreMetricsKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings;

    /// <summary>What they say, for a local server. What stands before a key in its file is no part of it.</summary>
    public static Dictionary<string, string> Values(string key, string secret) => new()
    {
        ["Issuer"] = ConnectApiServer.Issuer, ["KeyId"] = ConnectApiServer.KeyId, ["Key"] = $"{secret}\n{key}", ["App"] = ConnectApiServer.Bundle,
    };
}
