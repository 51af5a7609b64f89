using System.Globalization;
using System.Xml;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads JUnit XML, which many tools write and no two write alike.</summary>
/// <remarks>
/// A test that failed and then passed is flaky, whether the report says so (<c>flakyFailure</c>, <c>rerunFailure</c> without a failure) or lists the test again.
/// A suite that declares more failures than it lists has failed. A report in which nothing was executed is inconclusive,
/// and so is one that declares more tests than it lists, or that says something of a test in an element that is not known.
/// </remarks>
internal sealed class JunitReport
{
    /// <summary>What says how a test ended.</summary>
    private static readonly string[] Endings = ["failure", "error", "skipped", "ignored", "disabled", "rerunFailure", "rerunError", "flakyFailure", "flakyError"];

    /// <summary>What may stand in a test beside that, and says nothing of how it ended.</summary>
    private static readonly string[] Silent = ["system-out", "system-err", "properties", "property", "attachments", "attachment", "output"];

    private static readonly string[] Known = [.. Endings, "testsuites", "testsuite", "testcase"];

    private readonly JunitTests _tests = new();
    private readonly JunitSuite _all = new(-1, "");
    private readonly Stack<JunitSuite> _suites = new();
    private readonly EvidenceTerms _terms;
    private JunitTest? _test;
    private DateTimeOffset? _producedAt;
    private double _seconds;
    private string? _unknown;
    private string? _unknownWord;
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
            case var ending when Endings.Contains(ending):
                Note(reader, name);
                break;
            case var unknown when IsUnknown(reader, unknown):
                _unknown ??= Words.Name(unknown);
                if (_test is { } test)
                {
                    test.Unclear = true;
                }

                break;
        }
    }

    /// <summary>What stands in a test and is not known may say that it failed, and so may a known name in another case anywhere.</summary>
    private bool IsUnknown(XmlReader reader, string name) =>
        (_test is { } test && reader.Depth == test.Depth + 1 && !Silent.Contains(name))
        || (!Known.Contains(name) && Known.Contains(name, StringComparer.OrdinalIgnoreCase));

    private void BeginSuite(XmlReader reader)
    {
        _suites.Push(JunitSuite.Of(reader));
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
        _unknownWord ??= Unknown(words.Item1) ?? Unknown(words.Item2);
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
                case "skipped" or "ignored" or "disabled":
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
            _suites.Peek().Add(test);
            _test = null;
        }
        else if (_test is null && _suites.TryPeek(out var suite) && suite.Depth == depth)
        {
            _suites.Pop();
            (_suites.TryPeek(out var outer) ? outer : _all).Add(suite);
        }
    }

    private EvidenceSummary Summary(PipelineStage stage)
    {
        var seen = _tests.Count(_terms.CriticalPaths);
        var unlisted = Math.Max(0, _all.Bad - _tests.BadRuns);
        var (failed, errors) = (seen.Failed + unlisted, seen.Errors);
        var outcome = failed + errors > 0 ? EvidenceOutcome.Failed
            : _all.Missing > 0 || _unknown is not null ? EvidenceOutcome.Inconclusive
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

    private string Sentence(JunitCounts seen, long failed, long unlisted)
    {
        var notes = Notes(unlisted).ToList();
        if (seen.Tests == 0 && failed + seen.Errors == 0)
        {
            return string.Join("; ", ["The report has no tests", .. notes]) + ".";
        }

        var parts = Words.Counted(
            (seen.Passed, "passed"), (failed, "failed"), (seen.Errors, "ended in an error"), (seen.Flaky, "flaky"), (seen.Skipped, "skipped"), (seen.Unclear, "unclear"));
        var sentence = $"{Words.Of(seen.Tests, "test")}: {Words.Join(parts)}";
        return notes.Count > 0 ? string.Join("; ", [sentence, .. notes]) + "."
            : seen.Tests == seen.Skipped ? $"{sentence}, so nothing was executed."
            : sentence + ".";
    }

    private IEnumerable<string> Notes(long unlisted)
    {
        if (unlisted > 0)
        {
            yield return Words.Of(unlisted, "failure is declared but not listed", "failures are declared but not listed");
        }

        if (_all.Missing > 0)
        {
            yield return $"{Words.Of(_all.Tests, "test is declared", "tests are declared")} and {Words.Of(_all.Listed, "is listed", "are listed")}, so the report is not whole";
        }

        if (_unknown is not null)
        {
            yield return $"the element '{_unknown}' is not known and may say that a test failed";
        }

        if (_unknownWord is not null)
        {
            yield return $"the status '{_unknownWord}' of a test is not known and may say that it failed";
        }
    }

    private static string? Unknown(string? word) => string.IsNullOrEmpty(word) || IsSkipped(word) || IsFailed(word) || IsPassed(word) ? null : Words.Detail(word);

    private static bool IsPassed(string word) => word.ToLowerInvariant() is "run" or "completed" or "executed" or "pass" or "passed" or "success" or "successful" or "succeeded" or "ok" or "true";

    private static bool IsSkipped(string? word) => word?.ToLowerInvariant() is "skipped" or "disabled" or "ignored" or "notrun" or "suppressed" or "pending";

    private static bool IsFailed(string? word) => word?.ToLowerInvariant() is "fail" or "failed" or "failure" or "error" or "broken";
}
