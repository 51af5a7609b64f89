using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.Sentry;

/// <summary>What Sentry counted over a time: of one release, or of every release of a project and environment.</summary>
/// <param name="From">Begin of the time, as Sentry took it.</param>
/// <param name="To">End of it.</param>
/// <param name="Sessions">Sessions begun.</param>
/// <param name="Users">Users, each once.</param>
/// <param name="CrashFreeSessions">Share of sessions without a crash, 0 to 1; null where Sentry gives none.</param>
/// <param name="CrashFreeUsers">Share of users without a crash, likewise.</param>
/// <param name="Newest">End of the last step in which a session was begun; null where none was.</param>
/// <param name="Points">Steps in which one was.</param>
internal sealed record SentrySessions(
    DateTimeOffset From, DateTimeOffset To, long Sessions, long Users, double? CrashFreeSessions, double? CrashFreeUsers, DateTimeOffset? Newest, int Points)
{
    /// <summary>What is asked for, as the API names it.</summary>
    public static readonly string[] Fields = ["sum(session)", "count_unique(user)", "crash_free_rate(session)", "crash_free_rate(user)"];

    /// <summary>Reads an answer of the sessions endpoint that was asked for no groups; null where it is something else.</summary>
    /// <exception cref="TargetUnreachableException">It holds several groups, so that none of them is what was asked for.</exception>
    public static SentrySessions? Read(JsonElement answer)
    {
        var (from, to) = (Time(answer.GetProperty("start")), Time(answer.GetProperty("end")));
        var groups = answer.GetProperty("groups");
        if (groups.GetArrayLength() is var several and > 1)
        {
            throw new TargetUnreachableException(string.Create(CultureInfo.InvariantCulture, $"Sentry answered with {several:N0} groups where one was asked for."));
        }

        if (groups.GetArrayLength() == 0)
        {
            return new(from, to, 0, 0, null, null, null, 0);
        }

        var starts = answer.GetProperty("intervals").EnumerateArray().Select(Time).ToArray();
        var counts = groups[0].GetProperty("series").GetProperty(Fields[0]).EnumerateArray().Select(Count).ToArray();
        if (starts.Length != counts.Length || from > to)
        {
            return null;
        }

        var totals = groups[0].GetProperty("totals");
        var last = Array.FindLastIndex(counts, static n => n > 0);
        DateTimeOffset? newest = last < 0 ? null : last + 1 < starts.Length ? starts[last + 1] : to;
        return new(
            from, to, Count(totals.GetProperty(Fields[0])), Count(totals.GetProperty(Fields[1])),
            Share(totals.GetProperty(Fields[2])), Share(totals.GetProperty(Fields[3])), newest, counts.Count(static n => n > 0));
    }

    /// <summary>Sentry writes its times in UTC, with or without a Z.</summary>
    private static DateTimeOffset Time(JsonElement time) =>
        DateTimeOffset.Parse(time.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static long Count(JsonElement count) =>
        count.GetDouble() is >= 0 and <= 1e15 and var number && double.IsInteger(number) ? (long)number : throw new FormatException("It is no count.");

    /// <summary>A share that is none is left as it is: no arithmetic makes it one.</summary>
    private static double? Share(JsonElement share) => share.ValueKind == JsonValueKind.Null ? null : share.GetDouble();
}
