using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Releases;

public sealed class ChangeSetTests
{
    [Theory]
    [InlineData(0, 0, ChangeRisk.Small)]
    [InlineData(200, 100, ChangeRisk.Small)]
    [InlineData(200, 101, ChangeRisk.Medium)]
    [InlineData(1_000, 0, ChangeRisk.Medium)]
    [InlineData(0, 1_001, ChangeRisk.Large)]
    public void The_size_is_lines_added_and_removed(long added, long removed, ChangeRisk risk) =>
        Assert.Equal(risk, ChangeSize.Of(new CodeChange { LinesAdded = added, LinesRemoved = removed }).Risk);

    [Fact]
    public void The_size_says_itself() => Assert.Equal(
        "1,412 lines in 1 file: a large change",
        ChangeSize.Of(new CodeChange { LinesAdded = 1_400, LinesRemoved = 12, Files = [new("a.cs", 1_400, 12)] }).Sentence);

    [Fact]
    public void A_total_below_what_the_files_come_to_is_a_fault_and_the_larger_counts()
    {
        var code = new CodeChange { LinesAdded = 1, LinesRemoved = 7, Files = [new("a", 5_000, 3), new("b", 10, 5)] };

        Assert.Equal(["code.linesAdded", "code.linesRemoved"], ChangeSetRules.Faults(new ChangeSet { Code = code }).Select(f => f.Path));
        Assert.Equal((5_018, ChangeRisk.Large), (ChangeSize.Of(code).Lines, ChangeSize.Of(code).Risk));
        Assert.Empty(ChangeSetRules.Faults(new ChangeSet { Code = code with { LinesAdded = 5_010, LinesRemoved = 9 } }));
    }

    [Fact]
    public void Every_fault_is_found_at_its_path()
    {
        var faults = ChangeSetRules.Faults(new ChangeSet
        {
            Code = new CodeChange { LinesAdded = -1, Commits = [new("", null, null), null!], Files = [new("a", 1, 1), new("a", 2, 2)] },
            Config = [new("", ChangeKind.Added), new("cache.size", null)],
            Schema = new SchemaChange { Irreversible = -1 },
            Dependencies = [new("a", "1", "1")],
            Infrastructure = new(1, null, 0),
            Secrets = [new("password=hunter2", ChangeKind.Changed)],
        });

        Assert.Equal(
            [
                "code.linesAdded", "code.linesRemoved", "code.commits[0].id", "code.commits[1]", "code.files[1]", "config[0].name", "config[1].change", "schema.class", "schema.irreversible",
                "dependencies[0]", "infrastructure.change", "secrets[0].name",
            ],
            faults.Select(f => f.Path));
    }

    [Fact]
    public void A_change_set_that_says_nothing_and_one_that_says_too_much_are_refused()
    {
        Assert.NotEmpty(ChangeSetRules.Faults(new ChangeSet()));
        var many = Enumerable.Range(0, ChangeSetRules.MaxEntries + 1).Select(i => new NamedChange("k" + i, ChangeKind.Added)).ToList();
        Assert.Equal("config", Assert.Single(ChangeSetRules.Faults(new ChangeSet { Config = many })).Path);
        Assert.Empty(ChangeSetRules.Faults(new ChangeSet { Config = [] }));
    }

    [Theory]
    [InlineData("STRIPE_API_KEY", true)]
    [InlineData("database/main.password-2", true)]
    [InlineData("oauth2:client.secret", true)]
    [InlineData("sk_live_51H8xYzAbCdEfGhIj", false)]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz012345", false)]
    [InlineData("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", false)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", false)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", false)]
    [InlineData("api_key=abc", false)]
    [InlineData("with blank", false)]
    [InlineData("-----BEGIN", false)]
    public void Names_are_taken_and_values_are_not(string name, bool taken) => Assert.Equal(taken, SecretNames.Fault(name) is null);

    [Fact]
    public void Merged_in_order_they_are_one_change()
    {
        var merged = ChangeSetMerge.Merge(
        [
            new ChangeSet
            {
                Code = new CodeChange { LinesAdded = 10, LinesRemoved = 1, Commits = [new("a", null, null)], Files = [new("x", 10, 1)] },
                Config = [new("new", ChangeKind.Added), new("brief", ChangeKind.Added), new("old", ChangeKind.Removed)],
                Dependencies = [new("lib", "1.0", "1.1"), new("there-and-back", "1", "2")],
                Schema = new SchemaChange { Class = MigrationClass.Contract, Findings = [new("ban-drop-table", FindingSeverity.Danger, 1)], Irreversible = 1 },
                Infrastructure = new(1, 0, 2),
            },
            new ChangeSet
            {
                Code = new CodeChange { LinesAdded = 5, LinesRemoved = 5, Commits = [new("a", null, null), new("b", null, null)], Files = [new("x", 5, 5)] },
                Config = [new("new", ChangeKind.Changed), new("brief", ChangeKind.Removed), new("old", ChangeKind.Added)],
                Dependencies = [new("lib", "1.1", "2.0"), new("there-and-back", "2", "1")],
                Schema = new SchemaChange { Class = MigrationClass.Expand, Findings = [new("ban-drop-table", FindingSeverity.Danger, 2)] },
                Infrastructure = new(0, 3, 0),
            },
        ]);

        Assert.Equal((15, 6, 2), (merged.Code!.LinesAdded, merged.Code.LinesRemoved, merged.Code.Commits!.Count));
        Assert.Equal([new FileChange("x", 15, 6)], merged.Code.Files);
        Assert.Equal([new NamedChange("new", ChangeKind.Added), new NamedChange("old", ChangeKind.Changed)], merged.Config);
        Assert.Equal([new DependencyChange("lib", "1.0", "2.0")], merged.Dependencies);
        Assert.Equal((MigrationClass.Contract, 3, 1), (merged.Schema!.Class, merged.Schema.Findings![0].Count, merged.Schema.Irreversible));
        Assert.Equal(new InfrastructureChange(1, 3, 2), merged.Infrastructure);
        Assert.Null(merged.Flags);
    }

    [Fact]
    public void A_version_without_a_change_set_is_named_and_the_sum_is_not_complete()
    {
        var (b, c, d) = (Made("2", "1", 1), Made("3", "2", 2), Made("4", "3", 3));
        var between = ChangesBetween.Of("1", [(b, Lines(10)), (c, null), (d, Lines(20))], []);

        Assert.Equal(["3"], between.Gaps.Select(g => g.Version));
        Assert.Contains("3 has no change set", between.Gaps[0].Sentence, StringComparison.Ordinal);
        Assert.Equal((30, false), (between.Size!.Lines, between.IsComplete));
        Assert.Equal(["config", "schema", "flags", "dependencies", "infrastructure", "secrets"], between.Unsaid[0].Parts);
    }

    [Fact]
    public void The_way_follows_what_came_before_and_leaves_out_what_was_rolled_back()
    {
        var (a, b, gone, c) = (Made("1", null, 0), Made("2", "1", 1), Made("2.5", "2", 2), Made("3", "2", 3));

        var way = ReleaseWay.Between(a, c, [c, gone, b, a]);

        Assert.Equal(["2", "3"], way.Steps.Select(r => r.Version));
        Assert.Empty(way.Missing);
    }

    [Fact]
    public void A_way_that_breaks_off_names_what_is_missing_and_takes_the_order_of_registration()
    {
        var (a, b, c) = (Made("1", null, 0), Made("2", "1", 1), Made("4", "3", 3));

        var way = ReleaseWay.Between(a, c, [c, b, a]);

        Assert.Equal(["2", "4"], way.Steps.Select(r => r.Version));
        Assert.Equal(["3"], way.Missing);
    }

    [Fact]
    public void A_circle_of_versions_ends()
    {
        var (a, b, c) = (Made("1", "9", 0), Made("2", "3", 1), Made("3", "2", 2));

        Assert.Equal(["2", "3"], ReleaseWay.Between(a, c, [a, b, c]).Steps.Select(r => r.Version));
    }

    [Fact]
    public void A_report_in_short_counts_its_rules()
    {
        var schema = SchemaChange.Of(MigrationAnalysis.Of("drop table s.a; drop table s.b;", MigrationOptions.Default));

        Assert.Equal((MigrationClass.Contract, 2), (schema.Class, schema.Irreversible));
        Assert.Equal(new SchemaFinding("ban-drop-table", FindingSeverity.Danger, 2), schema.Findings![0]);
    }

    [Fact]
    public void The_kept_form_reads_back_the_same()
    {
        var text = ChangeSetText.Write(Lines(3) with { Secrets = [new("a.b", ChangeKind.Added)] });

        Assert.Equal(text, ChangeSetText.Write(ChangeSetText.Read(text)));
        Assert.Equal(64, ChangeSetText.Digest(text).Length);
        Assert.Contains("\"change\":\"added\"", text, StringComparison.Ordinal);
    }

    private static ChangeSet Lines(long added) => new() { Code = new CodeChange { LinesAdded = added, LinesRemoved = 0 } };

    private static Release Made(string version, string? before, int hour)
    {
        var r = Sample.Release(version: version, at: Sample.Noon.AddHours(hour));
        return new Release
        {
            Id = r.Id, Service = r.Service, Target = r.Target, Environment = r.Environment, Version = version, PreviousVersion = before, Artifact = r.Artifact,
            Owner = r.Owner, Stages = r.Stages, Signals = r.Signals, RegisteredAt = r.RegisteredAt,
        };
    }
}
