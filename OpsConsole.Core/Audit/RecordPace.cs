using System.Globalization;

namespace OpsConsole.Core.Audit;

/// <summary>Lets the same thing onto the record once a minute, and counts meanwhile what is left out: whoever tries again and again does not flood it, and the next line says how often.</summary>
/// <remarks>Safe for use from several threads.</remarks>
public sealed class RecordPace
{
    /// <summary>The same is on record once in this time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Most things of one caller that are told apart within a minute; what comes beyond shares one place.</summary>
    public const int MostOfOne = 100;

    /// <summary>How long what was left out is remembered for the next line.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, Told>> _byActor = new(StringComparer.Ordinal);

    /// <summary>Says whether a line is due, and what its detail ends with.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="what">What was asked, and of what: "promote release:0198…".</param>
    /// <param name="why">Why it came to nothing, without what differs from one time to the next.</param>
    /// <param name="now">The time of now.</param>
    /// <returns>Null where the same was told less than a minute ago; otherwise what was left out since, as a sentence with a space before it, or nothing.</returns>
    public string? Next(string actor, string what, string why, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_byActor.TryGetValue(actor, out var told))
            {
                Tidy(now);
                _byActor[actor] = told = new Dictionary<string, Told>(StringComparer.Ordinal);
            }

            var key = $"{what}\n{why}";
            if (!told.ContainsKey(key) && told.Count >= MostOfOne)
            {
                Tidy(told, now);
                key = told.Count >= MostOfOne ? "" : key;
            }

            if (!told.TryGetValue(key, out var last))
            {
                told[key] = new Told(now, 0);
                return "";
            }

            if (now - last.At < Pause)
            {
                told[key] = last with { LeftOut = last.LeftOut + 1 };
                return null;
            }

            told[key] = new Told(now, 0);
            return last.LeftOut == 0 ? ""
                : string.Create(CultureInfo.InvariantCulture, $" {(key.Length == 0 ? "Of this caller" : "Of the same")}, {last.LeftOut} more {(last.LeftOut == 1 ? "was" : "were")} left out since {last.At.UtcDateTime:HH:mm:ss} UTC.");
        }
    }

    private void Tidy(DateTimeOffset now)
    {
        foreach (var (actor, told) in _byActor)
        {
            Tidy(told, now);
            if (told.Count == 0)
            {
                _byActor.Remove(actor);
            }
        }
    }

    private static void Tidy(Dictionary<string, Told> told, DateTimeOffset now)
    {
        foreach (var (key, last) in told)
        {
            if (now - last.At >= (last.LeftOut == 0 ? Pause : Kept))
            {
                told.Remove(key);
            }
        }
    }

    private readonly record struct Told(DateTimeOffset At, int LeftOut);
}
