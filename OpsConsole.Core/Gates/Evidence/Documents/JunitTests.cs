namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>One run of one test as a report lists it.</summary>
internal sealed class JunitTest(int depth, string key, string title)
{
    public int Depth { get; } = depth;

    /// <summary>The same for each run of the same test.</summary>
    public string Key { get; } = key;

    public string Title { get; } = title;

    public bool Skipped { get; set; }

    /// <summary><c>failed</c>, <c>error</c>, or null where the run did not fail.</summary>
    public string? Failure { get; set; }

    /// <summary>True where the report says that it failed at first.</summary>
    public bool Retried { get; set; }

    /// <summary>True where the report says something of the run that is not understood.</summary>
    public bool Unclear { get; set; }

    public string? Detail { get; set; }
}

/// <summary>How the tests of a report ended.</summary>
internal sealed record JunitCounts(long Tests, long Passed, long Failed, long Errors, long Flaky, long Skipped, long Unclear, long OnCriticalPaths);

/// <summary>The tests of a report, each once, however often it was run.</summary>
internal sealed class JunitTests
{
    private readonly Dictionary<string, Ended> _tests = new(StringComparer.Ordinal);
    private readonly List<NotableItem> _troubles = [];
    private long _troubled;
    private long _troubledErrors;

    /// <summary>Runs that failed, and suites that did: what a suite's own number of failures is held against.</summary>
    public long BadRuns { get; private set; }

    /// <summary>Takes the next run in, in the order of the report: the last one that was not skipped says how the test ended.</summary>
    public void Add(JunitTest run)
    {
        BadRuns += run.Failure is not null || run.Retried ? 1 : 0;
        var ended = run.Failure is not null ? run.Failure : run.Unclear ? "unclear" : run.Skipped ? "skipped" : run.Retried ? "flaky" : "passed";
        if (!_tests.TryGetValue(run.Key, out var before))
        {
            _tests.Add(run.Key, new(run.Title, ended, run.Detail));
        }
        else if (ended != "skipped" && !(ended == "passed" && before.How == "unclear"))
        {
            var flaky = ended == "passed" && before.How is "failed" or "error" or "flaky";
            _tests[run.Key] = before with { How = flaky ? "flaky" : ended, Detail = run.Detail ?? before.Detail };
        }
    }

    /// <summary>Takes in what failed outside of any test.</summary>
    public void AddTrouble(NotableItem item)
    {
        BadRuns++;
        _troubled++;
        _troubledErrors += item.What == "error" ? 1 : 0;
        if (_troubles.Count < EvidenceSummary.MaxItems)
        {
            _troubles.Add(item);
        }
    }

    public JunitCounts Count(IReadOnlyList<string> criticalPaths)
    {
        long Of(string how) => _tests.Values.LongCount(t => t.How == how);
        var critical = _tests.Values.LongCount(t => t.How is "failed" or "error" && criticalPaths.Any(path => t.Title.StartsWith(path, StringComparison.Ordinal)));
        return new(
            _tests.Count, Of("passed"), Of("failed") + _troubled - _troubledErrors, Of("error") + _troubledErrors, Of("flaky"), Of("skipped"), Of("unclear"),
            // A suite that broke may have kept any test from running.
            critical + _troubled);
    }

    /// <summary>Failures first, then errors and flaky ones, as the report has them.</summary>
    public IReadOnlyList<NotableItem> Notable() =>
    [
        .. _troubles.Concat(_tests.Values.Where(t => t.How is "failed" or "error" or "flaky").OrderBy(t => t.How == "flaky")
            .Select(t => new NotableItem(t.How, Words.Name(t.Title), t.Detail))).Take(EvidenceSummary.MaxItems),
    ];

    public IReadOnlyList<string> FlakyNames() =>
        [.. _tests.Values.Where(t => t.How == "flaky").Select(t => Words.Name(t.Title)).Take(EvidenceSummary.MaxFlaky)];

    private sealed record Ended(string Title, string How, string? Detail);
}
