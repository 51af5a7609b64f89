using System.Text.Json;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Gates.Migrations;

/// <summary>The labelled statements of the conformance data, and what the docs say of them.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private const string File = "migration/squawk_sql_cases.json";

    [Fact]
    public void At_least_95_percent_of_the_labelled_statements_are_labelled_rightly()
    {
        var cases = Cases();
        var misses = cases.Where(c => !IsRight(c)).ToList();
        foreach (var miss in misses)
        {
            output.WriteLine($"{miss.Rule} / {miss.Test}: expected {miss.Expect}");
        }

        Assert.InRange(misses.Count / (double)cases.Count, 0, 0.05);
    }

    [Fact]
    public void The_docs_give_the_score_and_name_every_miss()
    {
        var cases = Cases();
        var misses = cases.Where(c => !IsRight(c)).ToList();
        var docs = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs", "migration-risk.md"));

        Assert.Contains($"{cases.Count - misses.Count} of {cases.Count}", docs, StringComparison.Ordinal);
        Assert.All(misses, miss => Assert.Contains(miss.Test, docs, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_that_is_labelled_is_a_rule_here() =>
        Assert.Empty(Cases().Select(c => c.Rule).Distinct().Except(MigrationRules.All.Select(r => r.Code)));

    private static bool IsRight(Case one) =>
        MigrationAnalysis.Of(one.Sql, Options(one.Test)).Findings.Any(f => f.Code == one.Rule) == (one.Expect == "violation");

    /// <summary>What a case presumes is in its name only.</summary>
    private static MigrationOptions Options(string test) => new()
    {
        AssumeInTransaction = test.Contains("assum", StringComparison.Ordinal) && !test.Contains("disable_assume", StringComparison.Ordinal),
        ServerVersion = test.Contains("pg11", StringComparison.Ordinal) ? 11
            : test.Contains("pg12", StringComparison.Ordinal) ? 12
            : test.Contains("pg16", StringComparison.Ordinal) ? 16
            : test.Contains("below_pg19", StringComparison.Ordinal) ? 18 : null,
        HasStatementTimeout = test.Contains("only_lock_timeout", StringComparison.Ordinal),
    };

    private static List<Case> Cases() => JsonSerializer.Deserialize<CaseFile>(Conformance.Read(File), JsonSerializerOptions.Web)!.Cases;

    private sealed record CaseFile(List<Case> Cases);

    private sealed record Case(string Rule, string Test, string Expect, string Sql);
}
