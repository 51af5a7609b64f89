using System.Globalization;
using OpsConsole.Tests.Contracts.Targets;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>Writes reports of crashes and sessions as Apple describes their fields.</summary>
internal static class AppleReports
{
    public const string Crashes = "App Crashes";

    public const string Sessions = "App Sessions Standard";

    /// <summary>A report of crashes.</summary>
    /// <param name="rows">Day, version, crashes and devices; a number is written as it comes.</param>
    public static string CrashLines(params (DateOnly Day, string Version, string Crashes, string Devices)[] rows) =>
        "Date\tApp Name\tApp Apple Identifier\tApp Version\tDevice\tPlatform Version\tCrashes\tUnique Devices\n"
        + string.Concat(rows.Select(r => $"{Day(r.Day)}\tShop\t{ConnectApiServer.App}\t{r.Version}\tiPhone\tiOS 19.1\t{r.Crashes}\t{r.Devices}\n"));

    /// <summary>A report of sessions.</summary>
    /// <param name="rows">Day, version, sessions and devices; a number is written as it comes.</param>
    public static string SessionLines(params (DateOnly Day, string Version, string Sessions, string Devices)[] rows) =>
        "Date\tApp Name\tApp Apple Identifier\tApp Version\tDevice\tPlatform Version\tSource Type\tPage Type\tApp Download Date\tTerritory\tSessions\tTotal Session Duration\tUnique Devices\n"
        + string.Concat(rows.Select(r => $"{Day(r.Day)}\tShop\t{ConnectApiServer.App}\t{r.Version}\tiPhone\tiOS 19.1\tApp Store search\tProduct page\t\tDE\t{r.Sessions}\t9000\t{r.Devices}\n"));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
