using System.Collections.Immutable;

namespace OpsConsole.Core.Slos;

/// <summary>Something that changed about a service lately.</summary>
/// <param name="At">When.</param>
/// <param name="Text">One sentence: which release, action or switch, and what became of it.</param>
/// <param name="Actor">Who did it, if a person or token did.</param>
/// <param name="ReleaseId">The release that it belongs to.</param>
public sealed record SloChange(DateTimeOffset At, string Text, string? Actor, Guid? ReleaseId);

/// <summary>What whoever gets an alert has to know, as it was when the alert fired.</summary>
public sealed record SloAlertDetail
{
    /// <summary>The pair of windows, as <c>1h/5m</c>.</summary>
    public required string Window { get; init; }

    /// <summary>Burn rate that both windows passed.</summary>
    public required decimal Factor { get; init; }

    /// <summary>Burn rate over the short window.</summary>
    public required decimal ShortBurn { get; init; }

    /// <summary>What is broken.</summary>
    public required string What { get; init; }

    /// <summary>Why it matters.</summary>
    public required string Why { get; init; }

    /// <summary>Where to look: the objective's runbook and dashboard. Its page in the console comes with every alert.</summary>
    public SloLinks Look { get; init; } = SloLinks.None;

    /// <summary>Who owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>What changed recently, newest first; null as long as the record has not been asked.</summary>
    public ImmutableArray<SloChange>? Changes { get; init; }

    /// <summary>How it ended, once it has.</summary>
    public string? Ending { get; init; }
}

/// <summary>One burn-rate alert, from firing to resolving.</summary>
public sealed record SloAlert
{
    public required Guid Id { get; init; }

    /// <summary>Name of the objective.</summary>
    public required string Slo { get; init; }

    public required AlertSeverity Severity { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>Null while it fires.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Burn rate over the long window when it fired.</summary>
    public required decimal Burn { get; init; }

    public required SloAlertDetail Detail { get; init; }

    public bool IsFiring => ResolvedAt is null;

    /// <summary>The same alert at its end.</summary>
    public SloAlert Resolved(DateTimeOffset at, string ending) => this with { ResolvedAt = at, Detail = Detail with { Ending = ending } };
}
