using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Access;

namespace OpsConsole.Core.Audit;

/// <summary>Lets the same thing onto the record once a minute, and counts meanwhile what is left out: whoever tries again and again does not flood it, and the next line says how often.</summary>
/// <remarks>Safe for use from several threads.</remarks>
public sealed class RecordPace
{
    /// <summary>The same is on record once in this time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Most things of one caller that are told apart within a minute; what comes beyond shares one place.</summary>
    public const int MostOfOne = 100;

    /// <summary>Longest part of what was asked that is kept as it is, in characters.</summary>
    private const int MaxPart = 64;

    /// <summary>How long what was left out is remembered for the next line.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, Told>> _byActor = new(StringComparer.Ordinal);

    /// <summary>A part of what was asked, of a length that a caller cannot stretch.</summary>
    public static string Part(string? text) => text is { Length: > MaxPart } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : text ?? "";

    /// <summary>Has a line written where one is due. What was issued from a token counts with that token, each name in a place of its own.</summary>
    /// <inheritdoc cref="TellAsync(string, string, string, DateTimeOffset, Func{string, Task{bool}})"/>
    public Task TellAsync(Operator by, string what, string why, DateTimeOffset now, Func<string, Task<bool>> write) => TellAsync(by.CountedAs(), $"{by.Name} {what}", why, now, write);

    /// <summary>Has a line written where one is due; one that could not be written is due again at once.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="what">What was asked, and of what: "promote release:0198…".</param>
    /// <param name="why">Why it came to nothing, without what differs from one time to the next.</param>
    /// <param name="now">The time of now.</param>
    /// <param name="write">Writes the line, given what its detail ends with; false, or an exception that is passed on, where it could not.</param>
    public async Task TellAsync(string actor, string what, string why, DateTimeOffset now, Func<string, Task<bool>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (Next(actor, what, why, now) is not { } leftOut)
        {
            return;
        }

        var written = false;
        try
        {
            written = await write(leftOut).ConfigureAwait(false);
        }
        finally
        {
            if (!written)
            {
                Forget(actor, what, why, now);
            }
        }
    }

    /// <summary>Says whether a line is due, and what its detail ends with.</summary>
    /// <returns>Null where the same was told less than a minute ago; otherwise what was left out since, as a sentence with a space before it, or nothing.</returns>
    internal string? Next(string actor, string what, string why, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_byActor.TryGetValue(actor, out var told))
            {
                Tidy(now);
                _byActor[actor] = told = new Dictionary<string, Told>(StringComparer.Ordinal);
            }

            var key = KeyOf(what, why);
            if (!told.ContainsKey(key) && told.Count >= MostOfOne)
            {
                Tidy(told, now);
                key = told.Count >= MostOfOne ? "" : key;
            }

            if (!told.TryGetValue(key, out var last))
            {
                told[key] = new Told(now, 0, now);
                return "";
            }

            if (!last.IsDue && now - last.At < Pause)
            {
                told[key] = last with { LeftOut = last.LeftOut + 1 };
                return null;
            }

            told[key] = new Told(now, 0, now) { Before = last.LeftOut, BeforeSince = last.Since };
            return last.LeftOut == 0 ? ""
                : string.Create(CultureInfo.InvariantCulture, $" {(key.Length == 0 ? "Of this caller" : "Of the same")}, {last.LeftOut} more {(last.LeftOut == 1 ? "was" : "were")} left out since {last.Since.UtcDateTime:HH:mm:ss} UTC.");
        }
    }

    /// <summary>Takes back that a line was told, because it could not be written: the next of the same is due at once, and counts this one among those left out.</summary>
    internal void Forget(string actor, string what, string why, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_byActor.TryGetValue(actor, out var told))
            {
                return;
            }

            var key = KeyOf(what, why);
            key = told.ContainsKey(key) ? key : "";
            if (!told.TryGetValue(key, out var last))
            {
                return;
            }

            // Where another line was let through since, that one told of what was left out before.
            told[key] = last.At != at ? last with { LeftOut = last.LeftOut + 1 }
                : new Told(last.At, last.LeftOut + last.Before + 1, last.Before == 0 ? last.At : last.BeforeSince) { IsDue = true };
        }
    }

    private static string KeyOf(string what, string why) => $"{what}\n{why}";

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

    /// <summary>A line that was let through.</summary>
    /// <param name="At">When.</param>
    /// <param name="LeftOut">How many no line has told of yet.</param>
    /// <param name="Since">From when those are counted.</param>
    private readonly record struct Told(DateTimeOffset At, int LeftOut, DateTimeOffset Since)
    {
        /// <summary>How many the line tells of.</summary>
        public int Before { get; init; }

        /// <summary>From when those were counted.</summary>
        public DateTimeOffset BeforeSince { get; init; }

        /// <summary>True where the line could not be written.</summary>
        public bool IsDue { get; init; }
    }
}
