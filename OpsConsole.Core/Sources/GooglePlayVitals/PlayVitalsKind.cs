using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.GooglePlay;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>Android vitals: crashes and ANRs by version, as Google Play counts them.</summary>
public static partial class PlayVitalsKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "google-play-vitals";

    internal const string Package = "Package", Release = "Release", LeastUsers = "LeastUsers";

    /// <summary>Most version codes of one release that are asked for.</summary>
    internal const int MostCodes = 100;

    /// <summary>This kind of source, for a catalog.</summary>
    /// <param name="connections">How it is connected to.</param>
    public static SourceKind Kind(RemoteConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return new SourceKind(Name, Faults, binding => new PlayVitalsSource(binding, new PlayReporting(binding, connections), connections.Time))
        {
            Settings =
            [
                new(PlayKind.ServiceAccount, "The JSON file of a service account's key, its text and not its path; the account may view app information and nothing else.", SettingForm.Secret),
                new(Package, "The app's package name, for example com.example.shop."),
                new(Release, $"What the release is called in the Play Console, or its version codes with commas; {SourceBinding.VersionPlace} stands for the version.", Default: SourceBinding.VersionPlace),
                new(LeastUsers, "Fewest users of a day or an hour that a value is taken from.", Default: "100"),
                new(PlayKind.SignIn, "Address where access tokens are given out.", SettingForm.Address, "https://oauth2.googleapis.com/token"),
            ],
            DefaultAddress = new Uri("https://playdeveloperreporting.googleapis.com"),
            TellsVersions = true,
            Measures = [.. VitalsMeasure.All.Select(static m => m.Listed)],
            UsualDelay = static (_, rule) => VitalsMeasure.All.FirstOrDefault(m => m.Name == rule.Numerator)?.Period.Late ?? TimeSpan.Zero,
            ShortestInterval = TimeSpan.FromMinutes(1),
            DefaultInterval = TimeSpan.FromMinutes(15),
            DefaultTimeout = TimeSpan.FromSeconds(30),
        };
    }

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        var (account, package, least) = (binding.Settings[PlayKind.ServiceAccount], binding.Settings[Package], binding.Settings[LeastUsers]);
        if (account.Length > 0 && PlayAccount.Read(account) is null)
        {
            yield return $"{PlayKind.ServiceAccount} is not the JSON of a service account's key: it needs type, client_email and a private_key that can sign";
        }

        if (package.Length > 0 && !PackageName().IsMatch(package))
        {
            yield return $"{Package} is no package name of an Android app";
        }

        if (binding.VersionFault(Release) is { } fault)
        {
            yield return fault;
        }

        if (!int.TryParse(least, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{LeastUsers} is not a whole number from 0";
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex PackageName();
}
