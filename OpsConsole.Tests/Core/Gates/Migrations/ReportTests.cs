using System.Text;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Gates.Migrations;

/// <summary>What a report says of a script as a whole: class, completeness, the way back.</summary>
public sealed class ReportTests
{
    [Theory]
    [InlineData(MigrationClass.None, "select 1; set lock_timeout = '1s'; comment on table s.t is 'x'; analyze s.t;")]
    [InlineData(MigrationClass.Expand, "create table s.t (id int); alter table s.u add column a int; create index concurrently i on s.u (a);")]
    [InlineData(MigrationClass.Expand, "create table t (a int not null); insert into t select 1; update t set a = 2; alter table t drop column b;")]
    [InlineData(MigrationClass.Migrate, "alter table t add column a int; update t set a = 1 where id < 1000;")]
    [InlineData(MigrationClass.Migrate, "insert into t values (1);")]
    [InlineData(MigrationClass.Migrate, "alter table t add constraint c check (a > 0) not valid;")]
    [InlineData(MigrationClass.Contract, "alter table t add column a int; alter table t drop column b;")]
    [InlineData(MigrationClass.Contract, "alter table t rename to u;")]
    [InlineData(MigrationClass.Contract, "alter table t alter column a set not null;")]
    [InlineData(MigrationClass.Migrate, "delete from t where a < 5;")]
    [InlineData(MigrationClass.Contract, "update t set a = 1;")]
    [InlineData(MigrationClass.Migrate, "merge into t using s on t.id = s.id when matched then delete;")]
    [InlineData(MigrationClass.Contract, "merge into t using s on 1 = 1 when matched then delete;")]
    [InlineData(MigrationClass.Contract, "merge into t using s on t.id = s.id when not matched by source then delete;")]
    [InlineData(MigrationClass.Contract, "delete from t;")]
    [InlineData(MigrationClass.Contract, "delete from t where 2 > 1;")]
    [InlineData(MigrationClass.Contract, "delete from t where (true);")]
    [InlineData(MigrationClass.Contract, "delete from t where a = 1 or 1 = 1;")]
    [InlineData(MigrationClass.Contract, "delete from t where a = a;")]
    [InlineData(MigrationClass.Contract, "update t set a = 1 where t.a = t.a;")]
    [InlineData(MigrationClass.Migrate, "alter table t add column a int; update t set a = 1;")]
    [InlineData(MigrationClass.Expand, "create table s.t (a int); delete from s.t where a < 5;")]
    public void The_class_is_that_of_the_worst_step(MigrationClass expected, string sql) => Assert.Equal(expected, Of(sql).Class);

    [Fact]
    public void What_loses_data_is_contract_but_for_bounded_rows_about_which_a_person_decides() => Assert.All(
        MigrationRules.All.Where(r => r.Effect == RollbackEffect.DataLost),
        r => Assert.Equal(r.Code is "deleting-rows" or "overwriting-rows" ? MigrationClass.Migrate : MigrationClass.Contract, r.Class));

    [Theory]
    [InlineData("delete from t where a < 5;", "deleting-rows")]
    [InlineData("update t set a = 1 where b < 5;", "overwriting-rows")]
    [InlineData("merge into t using s on t.id = s.id when matched then update set a = 1;", "overwriting-rows")]
    [InlineData("insert into t values (1) on conflict (a) do update set b = 2;", "overwriting-rows")]
    public void Bounded_rows_are_not_brought_back_so_only_a_person_goes_back(string sql, string code)
    {
        var report = Of(sql);

        Assert.Equal((MigrationClass.Migrate, true), (report.Class, report.Advice.AutomaticBlocked));
        Assert.Equal((code, RollbackEffect.DataLost), (Assert.Single(report.Irreversible).Code, report.Irreversible[0].Effect));
        Assert.Contains("only a person may decide", report.Advice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Style_changes_no_class_and_blocks_nothing()
    {
        var report = Of("create table t (id serial primary key, a varchar(10), b char(3), c timestamp, d smallint);");

        Assert.Equal(MigrationClass.Expand, report.Class);
        Assert.All(report.Findings, f => Assert.Equal((FindingSeverity.Info, RollbackEffect.None), (f.Severity, f.Effect)));
        Assert.True(report.IsClean);
        Assert.False(report.Advice.AutomaticBlocked);
    }

    [Theory]
    [InlineData("drop table s.t;", "removes data")]
    [InlineData("delete from t where a < 5;", "does not bring them back")]
    [InlineData("delete from t;", "removes data")]
    [InlineData("select own_function();", "judged")]
    [InlineData("alter table t rename column a to b;", "takes away")]
    [InlineData("do $$ begin end $$;", "judged")]
    [InlineData("create table t (a int); nonsense;", "judged")]
    public void What_removes_or_is_not_known_blocks_going_back_automatically(string sql, string why)
    {
        var advice = Of(sql).Advice;

        Assert.True(advice.AutomaticBlocked);
        Assert.Contains(why, advice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_undone_is_listed_with_its_line()
    {
        var report = Of("select 1;\nalter table t\n  drop column a;\n\ntruncate u;");

        Assert.Equal([("ban-drop-column", 3), ("truncate-table", 5)], report.Irreversible.Select(i => (i.Code, i.Line)));
    }

    [Theory]
    [InlineData("select 1;\r\n  selec 2;", 2, 3)]
    [InlineData("select 1;\r\tselec 2;", 2, 2)]
    [InlineData("select 1; -- 'x\n/* ( */ alter table t add column a int, , add b int;", 2, 41)]
    [InlineData("select 'a", 1, 8)]
    [InlineData("select f(1, (2);", 1, 9)]
    [InlineData("select 1);", 1, 9)]
    [InlineData("create table t (a int,\n b int,\n);", 3, 1)]
    [InlineData("alter table t drop a,", 1, 21)]
    public void What_cannot_be_read_has_its_place_and_is_never_clean(string sql, int line, int column)
    {
        var report = Of(sql);
        var fault = report.Findings.First(f => f.Code == "could-not-be-read");
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.False(report.IsComplete);
        Assert.False(report.IsClean);
        Assert.True(report.Advice.AutomaticBlocked);
    }

    [Fact]
    public void Reading_goes_on_behind_what_cannot_be_read()
    {
        var report = Of("alter table t frobnicate; drop table s.u; select (1; drop table s.v;");

        Assert.Equal(2, report.Findings.Count(f => f.Code == "ban-drop-table"));
        Assert.Equal(2, report.Findings.Count(f => f.Code == "could-not-be-read"));
    }

    [Fact]
    public void Nothing_is_not_clean()
    {
        foreach (var sql in new[] { "", " \n-- only a remark\n;;", "/* x */", "\\echo done\n" })
        {
            var report = Of(sql);

            Assert.Equal((0, MigrationClass.None, false, true), (report.Statements, report.Class, report.IsClean, report.Advice.AutomaticBlocked));
            Assert.StartsWith("There is no statement in it", report.Advice.Sentence, StringComparison.Ordinal);
            Assert.Null(report.Worst);
        }
    }

    [Fact]
    public void Excerpts_are_on_one_line_and_bounded()
    {
        var report = Of("drop\n\ttable " + string.Join(",\n", Enumerable.Range(0, 200).Select(i => $"s.table_{i}")));

        Assert.All(report.Findings, f => Assert.InRange(f.Statement.Length, 1, MigrationLimits.MaxExcerpt));
        Assert.StartsWith("drop table s.table_0, s.table_1", report.Findings[0].Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_beyond_the_limit_are_counted_and_the_gravest_kept()
    {
        var report = Of(string.Concat(Enumerable.Repeat("alter table t add column a char(3);", 2_000)) + "drop table s.t;");

        Assert.Equal(MigrationLimits.MaxFindings, report.Findings.Count);
        Assert.True(report.FindingsLeftOut > 0);
        Assert.False(report.IsClean);
        Assert.Contains(report.Findings, f => f.Code == "ban-drop-table");
    }

    [Fact]
    public void Codes_are_kebab_case_and_there_once() => Assert.All(
        MigrationRules.All.GroupBy(r => r.Code),
        g =>
        {
            Assert.Single(g);
            Assert.Matches("^[a-z]+(-[a-z]+)*$", g.Key);
            Assert.EndsWith(".", g.First().Instead, StringComparison.Ordinal);
        });

    [Fact]
    public void The_documented_rules_are_those_of_the_code()
    {
        const string begin = "<!-- rules:begin -->\n";
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "migration-risk.md"));
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;

        Assert.Equal(Rendered(), text[from..text.IndexOf("<!-- rules:end -->", StringComparison.Ordinal)]);
    }

    private static MigrationReport Of(string sql) => MigrationAnalysis.Of(sql, MigrationOptions.Default);

    private static string Rendered()
    {
        var table = new StringBuilder("| rule | weighs | class | for rolling back | dialects | instead |\n|---|---|---|---|---|---|\n");
        foreach (var rule in MigrationRules.All)
        {
            table.Append("| `").Append(rule.Code).Append("` | ").Append(Camel(rule.Severity)).Append(" | ").Append(rule.Class == MigrationClass.None ? "-" : Camel(rule.Class))
                .Append(" | ").Append(Camel(rule.Effect)).Append(" | ").AppendJoin(", ", rule.Dialects.Select(d => d == SqlDialect.Postgres ? "PostgreSQL" : "SQL Server")).Append(" | ").Append(rule.Instead).Append(" |\n");
        }

        return table.ToString();
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..];
}
