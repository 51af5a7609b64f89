using System.Globalization;
using System.Xml;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads JUnit XML, which many tools write and no two write alike.</summary>
/// <remarks>
/// A test that failed and then passed is flaky, whether the report says so (<c>flakyFailure</c>, <c>rerunFailure</c> without a failure) or lists the test again.
/// A suite that declares more failures than it lists has failed. A report in which nothing was executed is inconclusive.
/// </remarks>
internal sealed class JunitReport
{
    private readonly JunitTests _tests = new();
    private readonly Stack<Suite> _suites = new();
    private readonly EvidenceTerms _terms;
    private JunitTest? _test;
    private DateTimeOffset? _producedAt;
    private double _seconds;
    private long _declared;
    private bool _begun;

    private JunitReport(EvidenceTerms terms) => _terms = terms;

    /// <summary>What a report says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not a JUnit report.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> document, EvidenceTerms terms, PipelineStage stage)
    {
        var report = new JunitReport(terms);
        XmlText.Read(document, plainDocumentType: false, report.Element, report.End, report.Text);
        return report.Summary(stage);
    }

    private void Element(XmlReader reader)
    {
        var name = reader.LocalName;
        if (!_begun)
        {
            _begun = true;
            if (name is not ("testsuites" or "testsuite"))
            {
                throw reader.Fault($"The document begins with '{Words.Name(name)}'; a JUnit report begins with testsuites or testsuite.");
            }
        }

        switch (name)
        {
            case "testsuites" or "testsuite" when _test is null:
                BeginSuite(reader);
                break;
            case "testcase" when _suites.Count > 0 && _test is null:
                BeginTest(reader);
                break;
            case "failure" or "error" or "skipped" or "disabled" or "rerunFailure" or "rerunError" or "flakyFailure" or "flakyError":
                Note(reader, name);
                break;
        }
    }

    private void BeginSuite(XmlReader reader)
    {
        var suite = new Suite(reader.Depth, string.Join('|', reader.Attribute("name"), reader.Attribute("hostname"), reader.Attribute("package")), Number(reader, "failures") + Number(reader, "errors"));
        _suites.Push(suite);
        if (DateTimeOffset.TryParse(reader.Attribute("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && (_producedAt is null || at > _producedAt))
        {
            _producedAt = at;
        }
    }

    private void BeginTest(XmlReader reader)
    {
        var (of, name) = (reader.Attribute("classname"), reader.Attribute("name"));
        if (string.IsNullOrEmpty(of) && string.IsNullOrEmpty(name))
        {
            throw reader.Fault("A test has neither a name nor a class.");
        }

        var title = string.IsNullOrEmpty(of) ? name! : string.IsNullOrEmpty(name) ? of : $"{of}.{name}";
        var words = (reader.Attribute("status"), reader.Attribute("result"));
        _test = new JunitTest(reader.Depth, $"{_suites.Peek().Key}|{title}", title)
        {
            Skipped = IsSkipped(words.Item1) || IsSkipped(words.Item2),
            Failure = IsFailed(words.Item1) || IsFailed(words.Item2) ? "failed" : null,
        };
        if (double.TryParse(reader.Attribute("time"), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9)
        {
            _seconds += seconds;
        }
    }

    private void Note(XmlReader reader, string name)
    {
        var message = Words.Detail(reader.GetAttribute("message")) ?? Words.Detail(reader.GetAttribute("type"));
        if (_test is { } test)
        {
            switch (name)
            {
                case "skipped" or "disabled":
                    test.Skipped = true;
                    break;
                case "failure":
                    test.Failure ??= "failed";
                    test.Detail ??= message;
                    break;
                case "error":
                    test.Failure = "error";
                    test.Detail ??= message;
                    break;
                default:
                    test.Retried = true;
                    test.Detail ??= message;
                    break;
            }
        }
        else if (name is "failure" or "error" && _suites.TryPeek(out var suite))
        {
            // What breaks outside of any test: a fixture, a file that does not load.
            _tests.AddTrouble(new(name == "error" ? "error" : "failed", Words.Name("suite " + suite.Key.Split('|')[0]), message));
        }
    }

    private void Text(XmlReader reader)
    {
        if (_test is { Failure: not null, Detail: null } test)
        {
            test.Detail = Words.Detail(reader.Value);
        }
    }

    private void End(int depth)
    {
        if (_test is { } test && test.Depth == depth)
        {
            _tests.Add(test);
            _test = null;
        }
        else if (_test is null && _suites.TryPeek(out var suite) && suite.Depth == depth)
        {
            _suites.Pop();
            suite.Declared = Math.Max(suite.Declared, suite.DeclaredWithin);
            if (_suites.TryPeek(out var outer))
            {
                outer.DeclaredWithin += suite.Declared;
            }
            else
            {
                _declared += suite.Declared;
            }
        }
    }

    private EvidenceSummary Summary(PipelineStage stage)
    {
        var seen = _tests.Count(_terms.CriticalPaths);
        var unlisted = Math.Max(0, _declared - _tests.BadRuns);
        var (failed, errors) = (seen.Failed + unlisted, seen.Errors);
        var outcome = failed + errors > 0 ? EvidenceOutcome.Failed
            : seen.Flaky > 0 ? EvidenceOutcome.Flaky
            : seen.Passed == 0 ? EvidenceOutcome.Inconclusive
            : EvidenceOutcome.Passed;
        var counts = new Dictionary<string, long>
        {
            [EvidenceCount.Tests] = seen.Tests, [EvidenceCount.Passed] = seen.Passed, [EvidenceCount.Failed] = failed, [EvidenceCount.Errors] = errors,
            [EvidenceCount.Flaky] = seen.Flaky, [EvidenceCount.Skipped] = seen.Skipped, ["milliseconds"] = (long)(_seconds * 1000),
        };
        if (_terms.CriticalPaths.Count > 0)
        {
            // What is not listed may be on a critical path as well.
            counts[EvidenceCount.CriticalPathFailures] = seen.OnCriticalPaths + unlisted;
        }

        return new EvidenceSummary
        {
            Kind = EvidenceKind.Junit,
            Stage = stage,
            Outcome = outcome,
            Text = Sentence(seen, failed, unlisted),
            Counts = counts,
            Items = _tests.Notable(),
            Flaky = _tests.FlakyNames(),
            ProducedAt = _producedAt,
        };
    }

    private static string Sentence(JunitCounts seen, long failed, long unlisted)
    {
        if (seen.Tests == 0 && failed + seen.Errors == 0)
        {
            return "The report has no tests.";
        }

        var parts = Words.Counted((seen.Passed, "passed"), (failed, "failed"), (seen.Errors, "ended in an error"), (seen.Flaky, "flaky"), (seen.Skipped, "skipped"));
        var sentence = $"{Words.Of(seen.Tests, "test")}: {Words.Join(parts)}";
        return unlisted > 0 ? $"{sentence}; {Words.Of(unlisted, "failure is declared but not listed", "failures are declared but not listed")}."
            : seen.Tests == seen.Skipped ? $"{sentence}, so nothing was executed."
            : sentence + ".";
    }

    private static long Number(XmlReader reader, string name) =>
        long.TryParse(reader.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= int.MaxValue ? value : 0;

    private static bool IsSkipped(string? word) => word?.ToLowerInvariant() is "skipped" or "disabled" or "ignored" or "notrun" or "suppressed" or "pending";

    private static bool IsFailed(string? word) => word?.ToLowerInvariant() is "fail" or "failed" or "failure" or "error" or "broken";

    private sealed class Suite(int depth, string key, long declared)
    {
        public int Depth { get; } = depth;

        public string Key { get; } = key;

        /// <summary>Failures and errors that the suite says it has.</summary>
        public long Declared { get; set; } = declared;

        public long DeclaredWithin { get; set; }
    }
}
