using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.AppStoreConnect;

namespace OpsConsole.Core.Sources.AppStoreMetrics;

/// <summary>Apple's metrics of an iOS app by version: hangs, terminations, launch times, diagnostic signatures.</summary>
public static class AppStoreMetricsKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "app-store-metrics";

    internal const string App = "App", VersionString = "VersionString", Device = "Device";

    /// <summary>Longest that Apple usually says the same: a value is of the time at which it was seen first.</summary>
    private static readonly TimeSpan Renewed = TimeSpan.FromDays(3);

    /// <summary>This kind of source, for a catalog.</summary>
    /// <param name="connections">How it is connected to.</param>
    public static SourceKind Kind(RemoteConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return new SourceKind(Name, Faults, binding => new AppStoreMetricsSource(binding, new AppMetrics(binding, connections), connections.Time))
        {
            Settings =
            [
                new(AppStoreConnectKind.Issuer, "The issuer's id, as App Store Connect shows it above its team keys."),
                new(AppStoreConnectKind.KeyId, "The key's id."),
                new(AppStoreConnectKind.Key, "The private key, the text of the file AuthKey_….p8 and not its path; a team key, for which the role App Manager is enough.", SettingForm.Secret),
                new(App, "The app's bundle id, or the number that Apple gives it."),
                new(VersionString, $"The version as people read it in the store; {SourceBinding.VersionPlace} stands for the version.", Default: SourceBinding.VersionPlace),
                new(Device, "Of which devices: all_iphones, all_ipads, or one as Apple writes it.", Default: "all_iphones"),
            ],
            DefaultAddress = new Uri("https://api.appstoreconnect.apple.com"),
            TellsVersions = true,
            Measures = [.. ConnectMeasure.All.Select(static m => m.Listed)],
            UsualDelay = static (_, _) => Renewed,
            ShortestInterval = TimeSpan.FromMinutes(1),
            DefaultInterval = TimeSpan.FromMinutes(30),
            DefaultTimeout = TimeSpan.FromSeconds(30),
        };
    }

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        var key = binding.Settings[AppStoreConnectKind.Key];
        if (key.Length > 0 && !ConnectToken.CanSign(key))
        {
            yield return $"{AppStoreConnectKind.Key} is no private key on the curve P-256, as the file AuthKey_….p8 holds it";
        }

        if (binding.VersionFault(VersionString) is { } fault)
        {
            yield return fault;
        }
    }
}
