using System.Globalization;
using OpsConsole.Core.Targets.AppStore;

namespace OpsConsole.Web.Playground.Devices;

/// <summary>One phone, with what the app finds on it. The same number is always the same phone.</summary>
internal sealed class Device
{
    /// <summary>Devices of each platform.</summary>
    public const int PerPlatform = 300;

    private static readonly string[] Locales = ["en-US", "en-GB", "ja-JP", "en-IN", "de-DE", "zh-CN", "ko-KR", "es-MX", "he-IL", "th-TH"];

    public Device(StorePlatform platform, int number, string version)
    {
        Platform = platform;
        Id = string.Create(CultureInfo.InvariantCulture, $"{(platform == StorePlatform.Ios ? "ios" : "android")}-{number:000}");
        Locale = Locales[number % Locales.Length];
        MemoryMegabytes = 2048 << (number / Locales.Length % 3);
        SystemVersion = (platform == StorePlatform.Ios ? 17 : 13) + (number % 3);
        DailyBudget = 1000 + (number * 7 % 900) + (number % 100 / 100m);
        Version = version;
    }

    public string Id { get; }

    public StorePlatform Platform { get; }

    public string Locale { get; }

    public int MemoryMegabytes { get; }

    /// <summary>Major version of the operating system.</summary>
    public int SystemVersion { get; }

    /// <summary>Version of the app that is installed.</summary>
    public string Version { get; private set; }

    /// <summary>What the app saved on the device when its user set a daily budget: text in the form of the device's locale.</summary>
    public string SavedBudget => Write(DailyBudget, Locale);

    private decimal DailyBudget { get; }

    /// <summary>Installs an update. A device never goes back to a lower version. True when it changed.</summary>
    public bool Install(string offered)
    {
        if (!System.Version.TryParse(offered, out var next) || next <= System.Version.Parse(Version))
        {
            return false;
        }

        Version = offered;
        return true;
    }

    /// <summary>All devices of a platform.</summary>
    public static Device[] All(StorePlatform platform, string version, IReadOnlyDictionary<string, string>? installed)
    {
        var devices = new Device[PerPlatform];
        for (var i = 0; i < devices.Length; i++)
        {
            devices[i] = new Device(platform, i, version);
            if (installed?.GetValueOrDefault(devices[i].Id) is { } newer)
            {
                devices[i].Install(newer);
            }
        }

        return devices;
    }

    private static string Write(decimal amount, string locale)
    {
        var text = amount.ToString("N2", CultureInfo.InvariantCulture);
        return AppLocale.HasDecimalComma(locale) ? text.Replace(',', '_').Replace('.', ',').Replace('_', '.') : text;
    }
}

/// <summary>What the app knows of locales.</summary>
internal static class AppLocale
{
    /// <summary>True where 1.234,50 is written for what others write 1,234.50.</summary>
    public static bool HasDecimalComma(string locale) => locale is "de-DE";
}
