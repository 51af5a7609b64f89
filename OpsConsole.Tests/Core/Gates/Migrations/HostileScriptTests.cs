using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Gates.Migrations;

namespace OpsConsole.Tests.Core.Gates.Migrations;

/// <summary>Scripts that mean harm, or nothing: an answer always comes, and the work grows no faster than the script.</summary>
public sealed class HostileScriptTests
{
    private static readonly string[] Words =
    [
        "alter", "table", "add", "drop", "column", "constraint", "create", "index", "concurrently", "on", "t", "\"q\"", "[b]", "(", ")", ",", ";", "'s'", "$$", "$a$", "E'\\'", "--x\n", "/*", "*/", "select", "from", "where", "update",
        "set", "=", "delete", "insert", "into", "values", "with", "as", "begin", "commit", "end", "case", "go\n", "\n", "if", "exists", "not", "null", "default", "check", "merge", "when", "then", "::", ".", "1", "\0", "\\i x\n", "\ud800", "@v", "#x",
        "unique", "primary", "key", "type", "rename", "to", "truncate", "exec", "function", "atomic", "rule", "view", "do", "vacuum", "full", "partition", "detach",
    ];

    [Fact]
    public void Any_mixture_of_words_gets_an_answer()
    {
        var scripts = Gen.Elements(Words).ListOf(60).Select(words => string.Join(' ', words));
        Prop.ForAll(scripts.ToArbitrary(), sql =>
        {
            foreach (var dialect in Enum.GetValues<SqlDialect>())
            {
                var report = MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = dialect, AssumeInTransaction = sql.Length % 2 == 0 });
                Assert.All(report.Findings, f => Assert.True(f.Line >= 1 && f.Column >= 1 && f.Statement.Length <= MigrationLimits.MaxExcerpt));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void Any_text_gets_an_answer() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), sql =>
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            MigrationAnalysis.Of(sql ?? "", new MigrationOptions { Dialect = dialect });
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("[")]
    [InlineData("$a$b")]
    [InlineData("$")]
    [InlineData("/*")]
    [InlineData("\0")]
    [InlineData("E'\\")]
    [InlineData("a.")]
    [InlineData("a,")]
    [InlineData("select (")]
    [InlineData("alter table t add ")]
    [InlineData("create table t (a int, ")]
    [InlineData("update t set a = ")]
    [InlineData("with a as (")]
    [InlineData("if ")]
    [InlineData("case ")]
    [InlineData("create function begin atomic ")]
    public void Half_a_million_characters_of_it_are_answered_with_work_in_proportion(string part)
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            var (half, whole) = (Looks(part, 250_000, dialect), Looks(part, 500_000, dialect));
            Assert.InRange(whole, 0, (half * 2.2) + 1_000);
            Assert.InRange(whole, 0, 500_000 * 60L);
        }
    }

    [Theory]
    [InlineData("drop table s.t;")]
    [InlineData("alter table t add constraint c check (a is not null) not valid; alter table t validate constraint c;")]
    [InlineData("create table t (a int, b text default 'x' not null); create index i on t (a);")]
    [InlineData("update t set a = 1, b = (select 2) where c = 3 and d in (4, 5);")]
    [InlineData("merge into t using s on t.a = s.a when matched then update set a = 1 when not matched then insert (a, b) values (1, 2);")]
    [InlineData("create view v as select a, b c, d as e from t;")]
    [InlineData("with x as (delete from t returning a) insert into u select a from x where a > 1;")]
    public void Many_statements_are_answered_with_work_in_proportion(string statement)
    {
        var (half, whole) = (Looks(statement + "\n", statement.Length * 1_000, SqlDialect.Postgres), Looks(statement + "\n", statement.Length * 2_000, SqlDialect.Postgres));

        Assert.InRange(whole, half, (half * 2.1) + 1_000);
    }

    [Theory]
    [InlineData("create table t{0} (a int); drop table t{0};")]
    [InlineData("create table t{0} (a int); alter table t{0} rename to u{0};")]
    [InlineData("create table t{0} (a int); set search_path = s{0};")]
    [InlineData("begin; create table t{0} (a int); commit;")]
    [InlineData("create table t{0} (a int); drop table x{0};")]
    [InlineData("create temp table t{0} (a int) on commit drop; commit;")]
    [InlineData("alter table t{0} add a{0} int; alter table x{0} drop b;")]
    public void Tables_of_the_scripts_own_are_looked_at_in_proportion(string statement)
    {
        var (half, whole) = (Looks(1_500), Looks(3_000));

        Assert.InRange(whole, half, (half * 2.2) + 1_000);

        long Looks(int times)
        {
            var sql = string.Join('\n', Enumerable.Range(0, times).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, i + 100_000)));
            var report = MigrationAnalysis.Of(sql, MigrationOptions.Default);
            Assert.True(report.Statements >= 2 * times);
            return report.Looks;
        }
    }

    [Fact]
    public void More_than_is_read_is_refused_in_words()
    {
        var tooLong = MigrationAnalysis.Of(new string(' ', MigrationLimits.MaxCharacters + 1), MigrationOptions.Default);
        var tooMany = MigrationAnalysis.Of(string.Concat(Enumerable.Repeat("a;", MigrationLimits.MaxStatements + 1)), MigrationOptions.Default);

        foreach (var report in new[] { tooLong, tooMany })
        {
            Assert.Equal("too-large", Assert.Single(report.Findings).Code);
            Assert.False(report.IsComplete);
            Assert.True(report.Advice.AutomaticBlocked);
        }
    }

    private static long Looks(string part, int length, SqlDialect dialect)
    {
        var sql = string.Concat(Enumerable.Repeat(part, (length / part.Length) + 1))[..length];
        return MigrationAnalysis.Of(sql, new MigrationOptions { Dialect = dialect }).Looks;
    }
}
