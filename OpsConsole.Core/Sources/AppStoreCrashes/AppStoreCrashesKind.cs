using System.Globalization;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.AppStoreConnect;

namespace OpsConsole.Core.Sources.AppStoreCrashes;

/// <summary>Crashes and sessions of an app by version, a day at a time, from Apple's Analytics Reports.</summary>
public static class AppStoreCrashesKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "app-store-crashes";

    internal const string App = "App", VersionString = "VersionString", CompleteAfterDays = "CompleteAfterDays";
    internal const string CrashFreeSessions = "crash_free_sessions", Crashes = "crashes", CrashedDevices = "crashed_devices", Sessions = "sessions";

    /// <summary>Days within which Apple calls these reports complete.</summary>
    internal const int MostDays = 5;

    /// <summary>This kind of source, for a catalog.</summary>
    /// <param name="connections">How it is connected to.</param>
    public static SourceKind Kind(RemoteConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return new SourceKind(Name, Faults, binding => new AppStoreCrashesSource(binding, new AnalyticsReports(binding, connections), connections.Time))
        {
            Settings =
            [
                new(AppStoreConnectKind.Issuer, "The issuer's id, as App Store Connect shows it above its team keys."),
                new(AppStoreConnectKind.KeyId, "The key's id."),
                new(AppStoreConnectKind.Key, "The private key, the text of the file AuthKey_….p8 and not its path; a team key with the role Sales and Reports.", SettingForm.Secret),
                new(App, "The app's bundle id, or the number that Apple gives it."),
                new(VersionString, $"The version as people read it in the store; {SourceBinding.VersionPlace} stands for the version.", Default: SourceBinding.VersionPlace),
                new(CompleteAfterDays, "Days after which what Apple says of a day counts, 1 to 5: reports of crashes come in late.", Default: "2"),
            ],
            DefaultAddress = new Uri("https://api.appstoreconnect.apple.com"),
            TellsVersions = true,
            Measures =
            [
                new(CrashFreeSessions, SignalUnit.Percent, "Sessions of the day for each of which there is no crash: crashes, also of the app in the background, against sessions."),
                new(Crashes, SignalUnit.Count, "Crashes of the day."),
                new(CrashedDevices, SignalUnit.Count, "Devices on which the app crashed that day."),
                new(Sessions, SignalUnit.Count, "Sessions of the day."),
            ],

            // A day counts once it is complete, its report is made in the course of the day after, and the next day's a day later.
            UsualDelay = static (binding, _) => Days(binding) is { } days ? TimeSpan.FromDays(days + 2) : TimeSpan.Zero,
            ShortestInterval = TimeSpan.FromMinutes(30),
            DefaultInterval = TimeSpan.FromHours(1),
            DefaultTimeout = TimeSpan.FromMinutes(1),
        };
    }

    /// <summary>What <see cref="CompleteAfterDays"/> says; null where it says nothing of use.</summary>
    internal static int? Days(SourceBinding binding) =>
        int.TryParse(binding.Settings[CompleteAfterDays], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MostDays ? days : null;

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        var key = binding.Settings[AppStoreConnectKind.Key];
        if (key.Length > 0 && !ConnectToken.CanSign(key))
        {
            yield return $"{AppStoreConnectKind.Key} is no private key on the curve P-256, as the file AuthKey_….p8 holds it";
        }

        if (Days(binding) is null)
        {
            yield return $"{CompleteAfterDays} is no whole number from 1 to {MostDays}";
        }

        if (binding.VersionFault(VersionString) is { } fault)
        {
            yield return fault;
        }
    }
}
