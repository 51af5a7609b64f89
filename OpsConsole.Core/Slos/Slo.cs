using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Slos;

/// <summary>What the percent of a ratio signal says about its events.</summary>
public enum SliShare
{
    /// <summary>The signal is the share of good events, as <c>checkout_success_rate</c> is.</summary>
    Good,

    /// <summary>The signal is the share of bad events, as <c>http_5xx_rate</c> is.</summary>
    Bad,
}

/// <summary>Where to look when an objective is in danger. Absolute http or https addresses.</summary>
public sealed record SloLinks(string? Runbook = null, string? Dashboard = null)
{
    /// <summary>No link at all.</summary>
    public static SloLinks None { get; } = new();
}

/// <summary>A service-level objective: of all events of a service, how many have to be good over a period, and why anybody cares.</summary>
public sealed record Slo
{
    /// <summary>Unique, of the form of a catalogue name.</summary>
    public required string Name { get; init; }

    /// <summary>For people: "Checkouts that go through".</summary>
    public required string Title { get; init; }

    public required string Service { get; init; }

    public required string Environment { get; init; }

    /// <summary>The one delivery target whose events count; null for all targets of the service together.</summary>
    public string? Target { get; init; }

    /// <summary>Team that is asked when the budget burns.</summary>
    public required string Owner { get; init; }

    /// <summary>The ratio signal that the events are read from. Every measured sample of it is one increment: its count are the events since the sample before.</summary>
    public required SignalKey Signal { get; init; }

    /// <summary>Whether the signal's percent is the good or the bad share.</summary>
    public required SliShare Share { get; init; }

    /// <summary>Good events wanted, in percent: above 0, below 100.</summary>
    public required decimal ObjectivePercent { get; init; }

    /// <summary>Rolling time that the objective is held over; one of <see cref="BurnRateWindows.Periods"/>.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Why it matters, in a sentence that an alert carries.</summary>
    public required string Why { get; init; }

    public SloLinks Links { get; init; } = SloLinks.None;

    /// <summary>When it was last defined.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who defined it.</summary>
    public string ChangedBy { get; init; } = "";

    /// <summary>Share of events that may be bad, 0 to 1, exactly: 100 - 99.9 is 0.1 and nothing else.</summary>
    public decimal AllowedShare => (100m - ObjectivePercent) / 100m;

    /// <summary>True when both count the same events in the same way, so that what was counted for one holds for the other.</summary>
    public bool CountsAs(Slo other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Service, Environment, Target, Signal, Share) == (other.Service, other.Environment, other.Target, other.Signal, other.Share);
    }
}
