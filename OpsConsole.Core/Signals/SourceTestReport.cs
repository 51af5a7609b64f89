namespace OpsConsole.Core.Signals;

/// <summary>What came of testing a source.</summary>
public sealed record SourceTestReport
{
    /// <summary>Key of the binding that was tested.</summary>
    public required string Key { get; init; }

    /// <summary>The version that it was read for; null where it was not read.</summary>
    public string? Version { get; init; }

    /// <summary>When the test began.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>How often the source was read: twice where a signal is made of what rises between two reads.</summary>
    public int Reads { get; init; }

    /// <summary>Why it was not read at all, one sentence each; empty where it was.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Why the last read failed; null where it worked.</summary>
    public string? Failure { get; init; }

    /// <summary>What was odd about the last read without making it wrong.</summary>
    public string? Note { get; init; }

    /// <summary>What was found for each signal; empty where it was not read.</summary>
    public IReadOnlyList<SignalFinding> Findings { get; init; } = [];

    /// <summary>Signals whose value is too old to judge by, with its age.</summary>
    public IReadOnlyList<(SignalKey Signal, TimeSpan Age)> Old { get; init; } = [];

    /// <summary>Signals of which nothing new was sent while the test ran, so that what rises could not be seen.</summary>
    public IReadOnlyList<SignalKey> Awaited { get; init; } = [];

    /// <summary>True where every signal has a value that is new enough.</summary>
    public bool Passed => Faults.Count == 0 && Failure is null && Findings.Count > 0 && Findings.All(static f => f.Kind == SampleKind.Measured) && Old.Count == 0;

    /// <summary>The outcome in one sentence.</summary>
    public string Sentence => Awaited.Count == 0 ? Outcome
        : $"{Outcome} Not yet: {string.Join(", ", Awaited)} {(Awaited.Count == 1 ? "is" : "are")} seen from one export to the next, and none came in meanwhile; once it is in use it has a value with the next one.";

    private string Outcome
    {
        get
        {
            var found = Findings.Count(static f => f.Kind == SampleKind.Measured);
            var all = Findings.Count == 1 ? "Its signal has a value" : found == Findings.Count ? $"All {found} signals have a value" : $"{found} of {Findings.Count} signals have a value";
            return Faults.Count > 0 ? $"It cannot be read: {string.Join("; ", Faults.Select(static f => f.TrimEnd('.')))}."
                : Failure is { } failure ? failure
                : Findings.Count == 0 ? "It was read, and has no signal."
                : found == 0 ? (Findings.Count == 1 ? "It was read, and its signal has no value." : $"It was read, and none of {Findings.Count} signals has a value.")
                : Old.Count == 0 ? $"{all}."
                : $"{all}, but too old to judge by {(Old.Count == 1 ? "is that" : "are those")} of {string.Join(", ", Old.Select(static o => $"{o.Signal} ({SignalText.Duration(o.Age)} old)"))}.";
        }
    }
}
