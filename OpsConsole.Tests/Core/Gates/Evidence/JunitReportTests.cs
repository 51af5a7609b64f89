using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Evidence;
using static OpsConsole.Tests.Core.Gates.Evidence.Documents;

namespace OpsConsole.Tests.Core.Gates.Evidence;

/// <summary>Test reports of many producers: what is not a plain pass is never read as one.</summary>
public sealed class JunitReportTests
{
    [Fact]
    public void A_report_of_nested_suites_is_counted_whole()
    {
        var read = Junit("""
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="4" failures="0" time="1.5">
              <testsuite name="outer" timestamp="2026-03-01T11:58:00">
                <properties><property name="a" value="b"/></properties>
                <testsuite name="inner" timestamp="2026-03-01T11:59:00Z">
                  <testcase classname="Cart" name="adds" time="0.25"/>
                  <testcase classname="Cart" name="removes" time="0.5"><system-out>failure</system-out></testcase>
                </testsuite>
                <testcase classname="Cart" name="empties" time="1,000.25"/>
                <testcase classname="Cart" name="later"><skipped message="not yet"/></testcase>
              </testsuite>
            </testsuites>
            """);

        Assert.Equal((EvidenceOutcome.Passed, "4 tests: 3 passed and 1 skipped."), (read.Outcome, read.Text));
        Assert.Equal((4, 3, 1, 1_001_000), (read.Count("tests"), read.Count("passed"), read.Count("skipped"), read.Count("milliseconds")));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 11, 59, 0, TimeSpan.Zero), read.ProducedAt);
    }

    [Theory]
    [InlineData("""<testcase name="a"><failure message="expected 1"/></testcase>""", "failed", 1, 0)]
    [InlineData("""<testcase name="a"><error type="NullReference">at a</error></testcase>""", "error", 0, 1)]
    [InlineData("""<testcase name="a" status="failed"/>""", "failed", 1, 0)]
    [InlineData("""<testcase name="a" result="broken"/>""", "failed", 1, 0)]
    [InlineData("""<testcase name="a"><failure>boom</failure><rerunFailure>boom</rerunFailure></testcase>""", "failed", 1, 0)]
    [InlineData("""<error message="the fixture broke"/>""", "error", 0, 1)]
    public void A_failure_in_any_form_is_a_failure(string test, string what, long failed, long errors)
    {
        var read = Junit($"""<testsuite name="s"><testcase name="good"/>{test}</testsuite>""");

        Assert.Equal((EvidenceOutcome.Failed, failed, errors), (read.Outcome, read.Count("failed"), read.Count("errors")));
        Assert.Equal(what, Assert.Single(read.Items).What);
    }

    [Theory]
    [InlineData("""<testcase classname="c" name="a"><flakyFailure message="slow"/></testcase>""")]
    [InlineData("""<testcase classname="c" name="a"><flakyError message="slow"/></testcase>""")]
    [InlineData("""<testcase classname="c" name="a"><rerunFailure message="slow"/></testcase>""")]
    [InlineData("""<testcase classname="c" name="a"><failure message="slow"/></testcase><testcase classname="c" name="a"/>""")]
    [InlineData("""<testcase classname="c" name="a"><failure/></testcase><testcase classname="c" name="a"><error/></testcase><testcase classname="c" name="a"/><testcase classname="c" name="a"/>""")]
    public void What_failed_and_then_passed_is_flaky_and_named(string runs)
    {
        var read = Junit($"""<testsuite name="s" failures="0"><testcase name="good"/>{runs}</testsuite>""");

        Assert.Equal((EvidenceOutcome.Flaky, 1, 1), (read.Outcome, read.Count("flaky"), read.Count("passed")));
        Assert.Equal("c.a", Assert.Single(read.Flaky));
        Assert.Contains("1 flaky", read.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<testcase name="a"/><testcase name="a"><failure/></testcase>""")]
    [InlineData("""<testcase name="a"><failure/></testcase><testcase name="a"><skipped/></testcase>""")]
    public void What_did_not_pass_in_the_end_has_failed(string runs) =>
        Assert.Equal(EvidenceOutcome.Failed, Junit($"""<testsuite name="s">{runs}</testsuite>""").Outcome);

    [Fact]
    public void The_same_name_in_another_suite_is_another_test()
    {
        var read = Junit("""
            <testsuites><testsuite name="chrome"><testcase name="a"><failure/></testcase></testsuite>
            <testsuite name="firefox"><testcase name="a"/></testsuite></testsuites>
            """);

        Assert.Equal((EvidenceOutcome.Failed, 0), (read.Outcome, read.Count("flaky")));
    }

    [Theory]
    [InlineData("<testsuites/>", "The report has no tests.")]
    [InlineData("""<testsuite name="s" tests="0"></testsuite>""", "The report has no tests.")]
    [InlineData("""<testsuite name="s"><testcase name="a"><skipped/></testcase><testcase name="b" status="notrun"/></testsuite>""", "2 tests: 2 skipped, so nothing was executed.")]
    public void A_report_in_which_nothing_ran_is_inconclusive(string xml, string sentence)
    {
        var read = Junit(xml);

        Assert.Equal((EvidenceOutcome.Inconclusive, sentence), (read.Outcome, read.Text));
    }

    [Theory]
    [InlineData("""<testsuite name="s" failures="2"><testcase name="a"/></testsuite>""", 2)]
    [InlineData("""<testsuites failures="3"><testsuite name="s" failures="1" errors="1"><testcase name="a"><failure/></testcase></testsuite></testsuites>""", 3)]
    [InlineData("""<testsuites><testsuite name="s" failures="1"/><testsuite name="t" errors="1"><testcase name="a"/></testsuite></testsuites>""", 2)]
    public void Failures_that_are_declared_and_not_listed_count(string xml, long failed)
    {
        var read = Junit(xml);

        Assert.Equal((EvidenceOutcome.Failed, failed), (read.Outcome, read.Count("failed")));
        Assert.Contains("declared but not listed", read.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<testsuite tests="500" failures="0"><testcase name="x"/></testsuite>""", "1 test: 1 passed; 500 tests are declared and 1 is listed, so the report is not whole.")]
    [InlineData("""<testsuite tests="5"/>""", "The report has no tests; 5 tests are declared and 0 are listed, so the report is not whole.")]
    [InlineData("""<testsuite tests="99999999999999999999"><testcase name="x"/></testsuite>""", "2,147,483,647 tests are declared and 1 is listed")]
    [InlineData("""<testsuite tests="1,200"><testcase name="x"/></testsuite>""", "1,200 tests are declared and 1 is listed")]
    [InlineData("""<testsuite tests="5" skipped="2" disabled="1"><testcase name="x"/></testsuite>""", "5 tests are declared and 1 is listed")]
    [InlineData("""<testsuite tests="3" skipped="1"><testcase name="x"/><testcase name="y"><skipped/></testcase></testsuite>""", "3 tests are declared and 2 are listed")]
    [InlineData("""<testsuite tests="2"><testcase name="x"><flakyFailure/></testcase></testsuite>""", "1 test: 1 flaky; 2 tests are declared and 1 is listed")]
    [InlineData("""<testsuites tests="9"><testsuite name="s" tests="1"><testcase name="x"/></testsuite></testsuites>""", "9 tests are declared and 1 is listed")]
    [InlineData("""<testsuites><testsuite name="s" tests="3"><testcase name="x"/></testsuite><testsuite name="t" tests="1"><testcase name="x"/></testsuite></testsuites>""", "4 tests are declared and 2 are listed")]
    [InlineData("""<testsuites><testsuite name="s" tests="3"><testcase name="x"/></testsuite><testsuite name="t" tests="0"><testcase name="x"/><testcase name="y"/></testsuite></testsuites>""", "5 tests are declared and 3 are listed")]
    [InlineData("""<testsuite name="s" tests="4"><testsuite name="t" tests="3"><testcase name="x"/></testsuite><testcase name="y"/></testsuite>""", "4 tests are declared and 2 are listed")]
    public void A_report_that_declares_more_tests_than_it_lists_is_inconclusive(string xml, string sentence)
    {
        var read = Junit(xml);

        Assert.Equal(EvidenceOutcome.Inconclusive, read.Outcome);
        Assert.Contains(sentence, read.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<testsuites tests="3"><testsuite name="s" tests="2"><testcase name="a"/><testcase name="b"/></testsuite><testsuite name="t" tests="1"><testcase name="a"/></testsuite></testsuites>""")]
    [InlineData("""<testsuites><testsuite name="all" tests="3"><testsuite name="s" tests="3"><testsuite name="t" tests="2"><testcase name="a"/><testcase name="b"/></testsuite><testcase name="c"/></testsuite></testsuite></testsuites>""")]
    [InlineData("""<testsuite name="own only" tests="1"><testsuite name="s" tests="2"><testcase name="a"/><testcase name="b"/></testsuite><testcase name="c"/></testsuite>""")]
    [InlineData("""<testsuites tests="0"><testsuite name="s"><testcase name="a"/></testsuite></testsuites>""")]
    [InlineData("""<testsuite name="s" tests="5" skipped="2" disabled="1"><testcase name="a"/><testcase name="b"/></testsuite>""")]
    [InlineData("""<testsuite name="s" tests="3" disabled="1" skipped="1"><testcase name="a"/><testcase name="b" status="notrun"/><testcase name="c"><skipped/></testcase></testsuite>""")]
    [InlineData("""<testsuites tests="3"><testsuite name="s" tests="3" skipped="2"><testcase name="a"/></testsuite></testsuites>""")]
    [InlineData("""<testsuite name="s" tests="3" ignored="1"><testcase name="a"/><testcase name="b"/><testcase name="c"><ignored/></testcase></testsuite>""")]
    [InlineData("""<testsuite name="s" tests="1"><testcase name="a"/><testcase name="a"/></testsuite>""")]
    [InlineData("""<testsuite name="s" tests="1"><properties><property/></properties><testcase name="a"><properties><x/></properties><system-out/><system-err/></testcase><system-out/></testsuite>""")]
    public void A_report_that_lists_what_it_declares_in_any_common_form_passes(string xml) => Assert.Equal(EvidenceOutcome.Passed, Junit(xml).Outcome);

    [Theory]
    [InlineData("""<testcase name="a"><FAILURE/></testcase>""", "'FAILURE' is not known")]
    [InlineData("""<testcase name="a"><Error message="x"/></testcase>""", "'Error' is not known")]
    [InlineData("""<testcase name="a"><flakyfailure/></testcase>""", "'flakyfailure' is not known")]
    [InlineData("""<testcase name="a"><warning/></testcase>""", "'warning' is not known")]
    [InlineData("""<testcase name="a"><FAILURE/></testcase><testcase name="a"/>""", "'FAILURE' is not known")]
    [InlineData("""<TESTCASE name="a"><FAILURE/></TESTCASE>""", "'TESTCASE' is not known")]
    public void What_is_not_understood_of_a_test_is_inconclusive(string test, string sentence)
    {
        var read = Junit($"""<testsuite name="s"><testcase name="good"/>{test}</testsuite>""");

        Assert.Equal((EvidenceOutcome.Inconclusive, 1), (read.Outcome, read.Count("passed")));
        Assert.Contains(sentence, read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_a_failure_also_where_the_report_is_not_whole() =>
        Assert.Equal(EvidenceOutcome.Failed, Junit("""<testsuite name="s" tests="9"><testcase name="a"><FAILURE/></testcase><testcase name="b"><failure/></testcase></testsuite>""").Outcome);

    [Fact]
    public void Failures_on_a_critical_path_are_told_apart()
    {
        const string Report = """<testsuite name="s"><testcase classname="Search" name="a"><failure/></testcase><testcase classname="Checkout.Pay" name="b"/></testsuite>""";

        Assert.Equal(0, Junit(Report, "Checkout.").Counts[EvidenceCount.CriticalPathFailures]);
        Assert.Equal(1, Junit(Report, "Checkout.", "Search").Counts[EvidenceCount.CriticalPathFailures]);
        Assert.DoesNotContain(EvidenceCount.CriticalPathFailures, Junit(Report).Counts.Keys);
    }

    [Fact]
    public void Many_failures_are_counted_and_the_first_kept()
    {
        var read = Junit($"""<testsuite name="s">{string.Concat(Enumerable.Range(0, 300).Select(i => $"<testcase name=\"{new string('n', 500)}{i}\"><failure message=\"{new string('m', 3000)}\"/></testcase>"))}</testsuite>""");

        Assert.Equal((300, EvidenceSummary.MaxItems), (read.Count("failed"), read.Items.Count));
        Assert.All(read.Items, i => Assert.True(i.Name.Length <= 200 && i.Detail!.Length <= 300));
    }

    [Theory]
    [InlineData("<assemblies/>", "testsuites or testsuite", 1)]
    [InlineData("<testsuite>\n<testcase/></testsuite>", "neither a name nor a class", 2)]
    [InlineData("<testsuite>\n<testcase name='a'></testsuite>", "malformed", 2)]
    [InlineData("not xml", "malformed", 1)]
    public void Anything_else_is_refused_with_its_place(string xml, string reason, long line)
    {
        var refused = Refuses(EvidenceKind.Junit, xml, PipelineStage.Unit);

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(line, refused.Line);
    }
}
