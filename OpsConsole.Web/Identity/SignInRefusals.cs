using System.Net;

namespace OpsConsole.Web.Identity;

/// <summary>Puts refused sign-ins on the record. Those of nobody in particular are bounded: anyone who can reach the console can cause them.</summary>
internal sealed class SignInRefusals(SignInAudit audit, TimeProvider time)
{
    private readonly AttemptLimit _limit = new(mostFromOne: 10, mostFromAll: 100, TimeSpan.FromMinutes(5), time);

    /// <summary>Writes a line about a refused sign-in.</summary>
    /// <param name="name">Who it was, where the issuer said so.</param>
    /// <param name="detail">Why.</param>
    /// <param name="from">Where it came from.</param>
    public Task RecordAsync(string? name, string detail, IPAddress? from) => name is not null || _limit.TryTake(from)
        ? audit.RecordAsync(name ?? "unknown", "none", "sign-in", "refused", from is null ? detail : $"{detail} From {from}.")
        : Task.CompletedTask;
}

/// <summary>A sign-in that came to nothing, for the page that says why.</summary>
internal sealed class SignInFailure(string why) : Exception("The sign-in was refused.")
{
    public const string State = "state";
    public const string Denied = "denied";
    public const string Refused = "refused";
    public const string Away = "away";
    public const string NoRole = "no-role";
    public const string TooManyGroups = "too-many-groups";

    /// <summary>The page's address.</summary>
    public const string Path = "/sign-in/failed";

    /// <summary>Which it is.</summary>
    public string Why => why;

    /// <summary>The page for a failure.</summary>
    public static string Address(string why) => $"{Path}?why={why}";
}
