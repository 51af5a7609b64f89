namespace OpsConsole.Core.Slos;

/// <summary>An objective as people write it, without its name.</summary>
public sealed record SloDefinition
{
    public string? Title { get; init; }

    public string? Service { get; init; }

    public string? Environment { get; init; }

    /// <summary>One target; left out, all targets of the service count.</summary>
    public string? Target { get; init; }

    public string? Owner { get; init; }

    /// <summary>Key of a ratio signal.</summary>
    public string? Signal { get; init; }

    /// <summary>Whether the signal is the good or the bad share.</summary>
    public SliShare? Share { get; init; }

    /// <summary>Good events wanted, in percent.</summary>
    public decimal? ObjectivePercent { get; init; }

    /// <summary><c>30d</c>, <c>28d</c>, <c>7d</c> or <c>24h</c>.</summary>
    public string? Period { get; init; }

    /// <summary>Why it matters.</summary>
    public string? Why { get; init; }

    public string? Runbook { get; init; }

    public string? Dashboard { get; init; }
}

/// <summary>Something wrong with a definition.</summary>
/// <param name="Path">Where, as the JSON names it.</param>
/// <param name="Sentence">What.</param>
public sealed record SloFault(string Path, string Sentence);
