using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Sources.GooglePlayVitals;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>What a source of Android vitals is told in tests.</summary>
internal static class PlayVitalsTold
{
    /// <summary>The settings that there are.</summary>
    public static IReadOnlyList<ConnectionSetting> Settings { get; } = PlayVitalsKind.Kind(new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System)).Settings;

    /// <summary>What they say, for a local server.</summary>
    public static Dictionary<string, string> Values(Uri address, string account) => new()
    {
        ["ServiceAccount"] = account, ["Package"] = PlayVitalsApi.Package, ["SignIn"] = new Uri(address, "token").AbsoluteUri,
    };
}
