using System.Globalization;
using System.Net;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Web.Playground.Devices;

/// <summary>What a session of the app came to when it did not crash.</summary>
/// <param name="Launch">From opening to the first screen.</param>
/// <param name="SignedUp">Whether the guest pass was made.</param>
/// <param name="FailedRequests">Requests that failed.</param>
/// <param name="Requests">Requests made.</param>
internal readonly record struct SessionResult(TimeSpan Launch, bool SignedUp, int FailedRequests, int Requests);

/// <summary>The code of the app "pocket": opens, shows what is new and from 7.4.0 on the daily budget, and makes a guest pass for the session.</summary>
internal sealed class PocketApp(HttpClient http, Uri gateway, PocketFlags flags, TimeProvider time)
{
    /// <summary>Key of the flag that turns the daily budget on the first screen on and off.</summary>
    public const string BudgetFlag = "daily-budget";

    /// <summary>The first version that shows the daily budget, and the one whose Android build reads it in the wrong way.</summary>
    private static readonly Version WithBudget = new(7, 4, 0);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Runs one session as the version that is installed on the device.</summary>
    /// <remarks>Throws what the app's code throws: that is a crash.</remarks>
    public async Task<SessionResult> OpenAsync(Device device, CancellationToken cancellationToken)
    {
        var from = time.GetTimestamp();
        var asked = Version.Parse(device.Version) < WithBudget ? Task.FromResult(false) : flags.IsOnAsync(BudgetFlag, device, cancellationToken);
        var news = await RequestAsync(HttpMethod.Get, "search/search?q=radio", device, cancellationToken);
        if (await asked)
        {
            _ = ReadBudget(device);
        }

        var launch = time.GetElapsedTime(from);
        var signedUp = await RequestAsync(HttpMethod.Post, "accounts/guests", device, cancellationToken);
        return new SessionResult(launch, signedUp, (news ? 0 : 1) + (signedUp ? 0 : 1), 2);
    }

    /// <summary>Reads the budget that the app saved on the device.</summary>
    /// <exception cref="FormatException">The text is not a number to this version: on Android, 7.4.0 forgot that locales differ.</exception>
    internal static decimal ReadBudget(Device device) =>
        device.Platform == StorePlatform.Android && Version.Parse(device.Version) == WithBudget
            ? decimal.Parse(device.SavedBudget, NumberStyles.Number, CultureInfo.InvariantCulture)
            : decimal.Parse(device.SavedBudget, NumberStyles.Number, FormatOf(device.Locale));

    private static NumberFormatInfo FormatOf(string locale) => AppLocale.HasDecimalComma(locale)
        ? new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." }
        : NumberFormatInfo.InvariantInfo;

    private async Task<bool> RequestAsync(HttpMethod method, string path, Device device, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(gateway, path));
            request.Headers.TryAddWithoutValidation(ShopService.UserHeader, device.Id);
            using var response = await http.SendAsync(request, either.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
