using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>Over what time Google Play adds up its users: days of Los Angeles, or hours of UTC. It knows no others.</summary>
internal sealed class VitalsPeriod
{
    /// <summary>A calendar day in Los Angeles.</summary>
    public static readonly VitalsPeriod Day = new("DAILY", "day", 7, TimeSpan.FromDays(4), "America/Los_Angeles", "Pacific Standard Time");

    /// <summary>An hour.</summary>
    public static readonly VitalsPeriod Hour = new("HOURLY", "hour", 48, TimeSpan.FromHours(24), "UTC", "Etc/UTC");

    /// <summary>Both of them.</summary>
    public static readonly IReadOnlyList<VitalsPeriod> All = [Day, Hour];

    private readonly string[] _zones;

    private VitalsPeriod(string name, string noun, int back, TimeSpan late, params string[] zones) => (Name, Noun, Back, Late, _zones) = (name, noun, back, late, zones);

    /// <summary>As the API writes it.</summary>
    public string Name { get; }

    /// <summary>For people.</summary>
    public string Noun { get; }

    /// <summary>How many of them are asked for, so that the newest is found that has a value.</summary>
    public int Back { get; }

    /// <summary>Age of the newest one that is more than Google's usual delay.</summary>
    public TimeSpan Late { get; }

    /// <summary>The begin of the one that is <paramref name="count"/> before, or after where that is negative.</summary>
    public DateTime Before(DateTime civil, int count) => this == Day ? civil.AddDays(-count) : civil.AddHours(-count);

    /// <summary>When a civil time of the API was.</summary>
    /// <exception cref="TargetUnreachableException">This machine does not know the time zone.</exception>
    public DateTimeOffset Instant(DateTime civil)
    {
        foreach (var zone in _zones)
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            {
                return new DateTimeOffset(civil, found.GetUtcOffset(civil));
            }
        }

        throw new TargetUnreachableException($"Google Play counts by the days of {_zones[0]}, and this machine does not know that time zone: install its time zone data.");
    }

    /// <summary>As the API writes a civil time: what is 0 is left out, and without a time zone it answers nothing at all.</summary>
    public object Write(DateTime civil) => this == Day
        ? new { year = civil.Year, month = civil.Month, day = civil.Day, timeZone = new { id = _zones[0] } }
        : new { year = civil.Year, month = civil.Month, day = civil.Day, hours = civil.Hour, timeZone = new { id = _zones[0] } };

    /// <summary>Reads a civil time of the API; null where it is none, or of another time zone.</summary>
    public DateTime? Read(JsonElement time)
    {
        int Part(string name) => time.TryGetProperty(name, out var part) ? part.GetInt32() : 0;
        if (time.TryGetProperty("utcOffset", out _) || (time.TryGetProperty("timeZone", out var zone) && !_zones.Contains(zone.GetProperty("id").GetString())))
        {
            return null;
        }

        var (year, month, day, hour) = (Part("year"), Part("month"), Part("day"), Part("hours"));
        return year is >= 2000 and <= 9000 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour is >= 0 and <= 23
            ? new DateTime(year, month, day, this == Day ? 0 : hour, 0, 0, DateTimeKind.Unspecified)
            : null;
    }
}
