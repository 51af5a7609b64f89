using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.AppStoreConnect;

/// <summary>How far the App Store has come with giving a version to those who update automatically: a share for each of seven days.</summary>
/// <param name="Id">Its id at the API.</param>
/// <param name="State">As the API writes it.</param>
/// <param name="Day">The day that it is in, 1 to 7; 0 before the first.</param>
/// <param name="DaysPaused">For how many days it has stood still so far.</param>
internal sealed record PhasedRelease(string Id, string State, int Day, int DaysPaused)
{
    public const string Type = "appStoreVersionPhasedReleases";
    public const string Inactive = "INACTIVE", Active = "ACTIVE", Paused = "PAUSED", Complete = "COMPLETE";

    /// <summary>For how many days it may stand still in all.</summary>
    public const int PauseDays = 30;

    /// <summary>Share of the users on each day, as a percentage.</summary>
    private static readonly double[] Shares = [1, 2, 5, 10, 20, 50, 100];

    /// <summary>The share that a phased release begins with.</summary>
    public static double First => Shares[0];

    /// <summary>The share of the day that it is in; null where none has begun.</summary>
    public double? Percent => State switch
    {
        Complete => 100,
        Active or Paused when Day >= 1 => Shares[Math.Min(Day, Shares.Length) - 1],
        _ => null,
    };

    /// <summary>What it has used up of the days that it may stand still, as a sentence; null where nothing.</summary>
    public string? Pauses => DaysPaused > 0 || State == Paused ? $"{DaysPaused} of the {PauseDays} days that it may stand still are used up." : null;

    /// <summary>Reads one as the API writes it.</summary>
    public static PhasedRelease Read(JsonElement resource)
    {
        var attributes = resource.GetProperty("attributes");
        return new PhasedRelease(
            resource.GetProperty("id").GetString() ?? "", attributes.GetProperty("phasedReleaseState").GetString() ?? "", attributes.Whole("currentDayNumber") ?? 0, attributes.Whole("totalPauseDuration") ?? 0);
    }

    /// <summary>When a share is reached that is not there yet, as a sentence: no other share than those of the days can be had.</summary>
    public string WhenReached(string version, double percent)
    {
        var day = Array.FindIndex(Shares, share => share >= percent) + 1;
        return $"The App Store gives {version} to {Wording.Percent(Percent ?? 0)} now, on day {Day} of {Shares.Length}, and goes on by itself, a day at a time: "
            + $"{Wording.Percent(Shares[day - 1])} come on day {day}, and nothing between the days can be had. Ask again then, or give it to everyone.";
    }
}
