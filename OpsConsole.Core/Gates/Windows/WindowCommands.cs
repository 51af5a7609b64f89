using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>A window or freeze that someone asks for; see <see cref="DeployWindow"/> for what its parts mean.</summary>
public sealed record CreateWindowCommand
{
    public required string Name { get; init; }

    public required DeployWindowKind Kind { get; init; }

    public string? Service { get; init; }

    public string? Target { get; init; }

    public string? Environment { get; init; }

    /// <summary>Days of the week on which it begins; empty: it does not recur.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    public TimeSpan StartsAt { get; init; }

    public TimeSpan Lasts { get; init; }

    public string? TimeZone { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public required string Reason { get; init; }

    /// <summary>With the names of its scope as releases have them: no spaces around them, lower-case. An empty one stays empty, and is not everywhere.</summary>
    public CreateWindowCommand Plain() => this with { Service = Plain(Service), Target = Plain(Target), Environment = Plain(Environment) };

    private static string? Plain(string? name) => name?.Trim().ToLowerInvariant();
}

/// <summary>Something about the times of a window cannot be.</summary>
public sealed record WindowTimesRefusal(string Problem) : Refusal
{
    public override string Sentence => Problem;
}

/// <summary>The window was ended by hand before.</summary>
public sealed record WindowOverRefusal(string Name) : Refusal
{
    public override string Sentence => $"{Name} is over already, so there is nothing to end.";
}

/// <summary>What a window must be. Pure.</summary>
public static class WindowCheck
{
    public const int MaxName = 128;
    public const int MaxScope = 64;

    /// <summary>Longest time, in years, from the begin of a window (or now) to its end.</summary>
    public const int MaxYears = 10;

    /// <summary>Every reason against a window; empty when it may be made.</summary>
    public static IReadOnlyList<Refusal> Judge(CreateWindowCommand command, Operator? held, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        return
        [
            .. Permitted(held),
            .. TextLengthRefusal.Of("the name", command.Name, 1, MaxName),
            .. TextLengthRefusal.Of("the reason", command.Reason, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength),
            .. Scopes(command),
            .. (command.Days.Count > 0 ? Recurring(command) : OneOff(command)).Concat(Span(command, now)).Select(p => new WindowTimesRefusal(p)),
        ];
    }

    /// <summary>Who may make and end windows.</summary>
    public static IEnumerable<Refusal> Permitted(Operator? held) => MayNotRefusal.Of(held, Permission.WindowsWrite, "change deploy windows");

    private static IEnumerable<Refusal> Scopes(CreateWindowCommand command) => new[] { ("the service", command.Service), ("the target", command.Target), ("the environment", command.Environment) }
        .SelectMany(s => s.Item2 is not { } name || CatalogName.IsValid(name) ? [] : TextLengthRefusal.Of(s.Item1, name, 1, MaxScope).DefaultIfEmpty(new CatalogNameRefusal($"T{s.Item1[1..]}")));

    private static IEnumerable<string> Recurring(CreateWindowCommand command)
    {
        if (command.StartsAt < TimeSpan.Zero || command.StartsAt >= TimeSpan.FromDays(1))
        {
            yield return "At: the local time at which it begins is from 00:00 to 23:59.";
        }

        if (command.Lasts <= TimeSpan.Zero || command.Lasts > TimeSpan.FromDays(1))
        {
            yield return "For hours: it lasts longer than nothing and at most 24 h on each day.";
        }

        if (command.TimeZone is not { Length: > 0 and <= 64 } zone || Occurrences.Zone(zone) is null)
        {
            yield return $"Time zone: {command.TimeZone ?? "(none)"} is not known; give its IANA name, for example Europe/Berlin.";
        }
    }

    private static IEnumerable<string> OneOff(CreateWindowCommand command)
    {
        if (command.From is null && command.To is null)
        {
            yield return "From, To: it needs a begin or an end, or days of the week on which it recurs.";
        }

        if (command.TimeZone is { Length: > 0 } zone && Occurrences.Zone(zone) is null)
        {
            yield return $"Time zone: {zone} is not known; give its IANA name, for example Europe/Berlin.";
        }
    }

    private static IEnumerable<string> Span(CreateWindowCommand command, DateTimeOffset now)
    {
        string[] years = [.. new[] { WindowFault.OfYear("begins", command.From), WindowFault.OfYear("ends", command.To) }.OfType<string>()];
        foreach (var year in years)
        {
            yield return $"{(year.StartsWith("it begins", StringComparison.Ordinal) ? "From" : "To")}: {year}.";
        }

        if (years.Length == 0 && command.To > (command.From ?? now).AddYears(MaxYears))
        {
            yield return $"To: it ends more than {MaxYears} years after it begins.";
        }

        if (command.From is { } from && command.To is { } to && from >= to)
        {
            yield return "To: it ends before it begins.";
        }
        else if (command.To <= now)
        {
            yield return "To: its end has passed already.";
        }
    }
}
