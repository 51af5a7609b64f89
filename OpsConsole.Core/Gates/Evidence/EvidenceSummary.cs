namespace OpsConsole.Core.Gates.Evidence;

/// <summary>Names of what summaries count.</summary>
public static class EvidenceCount
{
    public const string Tests = "tests";
    public const string Passed = "passed";
    public const string Failed = "failed";
    public const string Errors = "errors";
    public const string Skipped = "skipped";
    public const string Flaky = "flaky";
    public const string Warnings = "warnings";
    public const string Critical = "critical";
    public const string High = "high";
    public const string Medium = "medium";
    public const string Low = "low";
    public const string Suppressed = "suppressed";

    /// <summary>Of a migration: 1 where all of it could be read, else 0.</summary>
    public const string Complete = "complete";

    /// <summary>Of a migration: number of its class.</summary>
    public const string Class = "class";

    /// <summary>Of a migration: 1 where only a person may decide to go back, else 0.</summary>
    public const string AutomaticBlocked = "automaticBlocked";

    /// <summary>Of a migration: 1 where it deletes or overwrites what going back does not bring back, else 0.</summary>
    public const string LosesData = "losesData";

    /// <summary>Findings that the tool's baseline does not have.</summary>
    public const string New = "new";

    /// <summary>Failed tests on a critical path; only there where critical paths were named.</summary>
    public const string CriticalPathFailures = "criticalPathFailures";

    public const string HardBudgetsOver = "hardBudgetsOver";

    public const string SoftBudgetsOver = "softBudgetsOver";

    /// <summary>1 where a signature was verified with a configured key.</summary>
    public const string SignaturesVerified = "signaturesVerified";
}

/// <summary>One thing in a document that a person should see.</summary>
/// <param name="What">How it stands, for example <c>failed</c>, <c>critical</c>, <c>delete</c>.</param>
/// <param name="Name">What it is: a test, a rule, an address, a metric.</param>
/// <param name="Detail">One line more, where there is one.</param>
public sealed record NotableItem(string What, string Name, string? Detail = null);

/// <summary>What a document says, short enough to keep, show and seal.</summary>
public sealed record EvidenceSummary
{
    /// <summary>Most notable items that are kept; counts are of all.</summary>
    public const int MaxItems = 50;

    /// <summary>Most flaky tests that are named.</summary>
    public const int MaxFlaky = 200;

    public required EvidenceKind Kind { get; init; }

    public required PipelineStage Stage { get; init; }

    public required EvidenceOutcome Outcome { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Text { get; init; }

    /// <summary>How many of what, by the names of <see cref="EvidenceCount"/> and those of the document's own kind.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>The worst first, at most <see cref="MaxItems"/>.</summary>
    public IReadOnlyList<NotableItem> Items { get; init; } = [];

    /// <summary>Names of flaky tests, at most <see cref="MaxFlaky"/>.</summary>
    public IReadOnlyList<string> Flaky { get; init; } = [];

    /// <summary>The artifact that the document says it is about, <c>algorithm:hex</c>; null where it names none.</summary>
    public string? SubjectDigest { get; init; }

    /// <summary>When the document says it was made.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    /// <summary>A count, 0 where there is none of that name.</summary>
    public long Count(string name) => Counts.GetValueOrDefault(name);
}
