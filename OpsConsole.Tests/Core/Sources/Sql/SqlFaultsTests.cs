using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Sql;

namespace OpsConsole.Tests.Core.Sources.Sql;

/// <summary>What is refused before anything is asked.</summary>
public sealed class SqlFaultsTests
{
    private const string Good = "Host=db.internal;Database=shop;Username=reader;Password=s3cret";

    [Theory]
    [InlineData("SELECT 1 FROM orders WHERE version = @version", null)]
    [InlineData("  with x as (select 1) select * from x where @VERSION <> ''; ", null)]
    [InlineData("SELECT 1", "the query has no @version")]
    [InlineData("SELECT @versions", "the query has no @version")]
    [InlineData("SELECT '$version', @version", "the version is a parameter")]
    [InlineData("SELECT @version; DELETE FROM orders", "one statement")]
    [InlineData("DELETE FROM orders WHERE version = @version", "begins with SELECT or WITH")]
    [InlineData("EXPLAIN SELECT @version", "begins with SELECT or WITH")]
    [InlineData("SELECT @version, @since", "@since needs a window")]
    [InlineData("", "1 to 8000 characters")]
    public void A_query_is_one_that_reads(string query, string? fault) => Expect(fault, Binding(Rule(query)));

    [Theory]
    [InlineData("SELECT @version AS [update], 'it''s; DELETE FROM orders' AS value", "no semicolon stands in it")]
    [InlineData("SELECT @version; -- done", "no semicolon stands in it")]
    [InlineData("SELECT @version AS [delete]], from], \"drop\" AS x, 'insert into' AS y, @update, #exec.n /* commit /* drop */ kill */ FROM orders -- waitfor", null)]
    [InlineData("SELECT a.n FROM orders a INNER MERGE JOIN lines l ON a.id = l.id WHERE v = @version OPTION (MERGE UNION, MAXDOP 1)", null)]
    [InlineData("SELECT offset_n, updated, set_at FROM orders WHERE v = @version ORDER BY 1 OFFSET 3 ROWS", null)]
    [InlineData("SELECT @version DELETE FROM orders", "DELETE is a word of others")]
    [InlineData("SELECT '' + @version\nexec sp_who", "EXEC is a word of others")]
    [InlineData("SELECT @version COMMIT", "COMMIT is a word of others")]
    [InlineData("SELECT @version AS v INTO copied FROM orders", "INTO is a word of others")]
    [InlineData("WITH o AS (SELECT 1 AS n) MERGE orders USING o ON 1 = @version", "MERGE is a word of others")]
    [InlineData("SELECT @version, 'it", "has no end")]
    [InlineData("SELECT @version, [it", "has no end")]
    [InlineData("SELECT @version /* /* */", "has no end")]
    public void To_sql_server_a_query_is_one_statement_also_where_nothing_stands_between_two(string query, string? fault)
    {
        var faults = SqlShop.Catalog().Faults(Binding(Rule(query), "Server=db.internal;Database=shop", "sqlserver")).Where(static f => f.StartsWith("signal ", StringComparison.Ordinal)).ToList();
        if (fault is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_connection_to_sql_server_only_reads_whatever_its_text_says()
    {
        var held = SqlServerDatabase.Held("Server=db.internal;Database=shop;Application Intent=ReadWrite;Multiple Active Result Sets=true;Pooling=true;Enlist=true;Persist Security Info=true", TimeSpan.FromSeconds(2.5));

        Assert.Equal(
            ("ReadOnly", false, false, false, false, 3),
            (held.ApplicationIntent.ToString(), held.MultipleActiveResultSets, held.Pooling, held.Enlist, held.PersistSecurityInfo, held.ConnectTimeout));
    }

    [Fact]
    public void A_window_is_for_the_query_that_asks_since_when()
    {
        Expect("has no @since, which the window is for", Binding(Rule("SELECT @version") with { Window = TimeSpan.FromMinutes(5) }));
        Expect(null, Binding(Rule("SELECT @version, @since") with { Window = TimeSpan.FromMinutes(5) }));
    }

    [Fact]
    public void A_version_of_its_own_needs_no_parameter() => Expect(null, Binding(Rule("SELECT 1")) with { Version = "2.15.0" });

    [Fact]
    public void Other_rules_and_a_second_query_are_none_of_its_own()
    {
        Expect("takes the rule query alone", Binding(Rule("orders") with { Kind = SignalRuleKind.Gauge }));
        Expect("in its column 'count'", Binding(Rule("SELECT @version") with { Denominator = "SELECT 1" }));
        Expect("stands in the connection string", Binding(Rule("SELECT @version")) with { Credential = SourceCredential.Bearer("x") });
        Expect("read every 5 s at most", Binding(Rule("SELECT @version")) with { Interval = TimeSpan.FromSeconds(1) });
    }

    [Theory]
    [InlineData(Good, "postgres", null)]
    [InlineData(Good, "mysql", "Provider is postgres or sqlserver")]
    [InlineData("", "postgres", "Connection is missing")]
    [InlineData("s3cret-nonsense", "postgres", "is not a connection string of PostgreSQL")]
    [InlineData("Host=a;Nonsense=s3cret", "postgres", "is not a connection string of PostgreSQL")]
    [InlineData("Database=shop", "postgres", "has to name one host")]
    [InlineData("Host=a,b;Database=shop", "postgres", "has to name one host")]
    [InlineData("Host=/run/postgresql;Database=shop", "postgres", "has to name one host")]
    [InlineData("Server=db\\shop;Database=shop", "sqlserver", "an instance by its name cannot be looked up")]
    [InlineData("Server=(localdb)\\x;Database=shop", "sqlserver", "an instance by its name cannot be looked up")]
    [InlineData("Nonsense=s3cret", "sqlserver", "is not a connection string of SQL Server")]
    [InlineData("Server=db.internal;Failover Partner=s3cret;Database=shop", "sqlserver", "names a failover partner")]
    [InlineData("Server=db.internal;AttachDBFilename=s3cret.mdf", "sqlserver", "attaches a file")]
    public void A_connection_names_one_host_and_no_fault_says_what_stands_in_it(string connection, string provider, string? fault)
    {
        var faults = Expect(fault, Binding(Rule("SELECT @version"), connection, provider));

        Assert.All(faults, f => Assert.DoesNotContain("s3cret", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Server=db.internal,1433;Database=shop")]
    [InlineData("Server=tcp:db.internal;Database=shop")]
    public void Sql_server_needs_a_build_with_its_client(string connection)
    {
        var faults = SqlShop.Catalog().Faults(Binding(Rule("SELECT @version"), connection, "sqlserver"));

#if COMPLETE_REGISTRY
        Assert.Empty(faults);
#else
        Assert.Contains("CompleteRegistry=true", Assert.Single(faults), StringComparison.Ordinal);
#endif
    }

    private static IReadOnlyList<string> Expect(string? fault, SourceBinding binding)
    {
        var faults = SqlShop.Catalog().Faults(binding);
        if (fault is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(faults, f => f.Contains(fault, StringComparison.Ordinal));
        }

        return faults;
    }

    private static SignalRule Rule(string query) => new() { Signal = new("checkout_success_rate"), Kind = SignalRuleKind.Query, Numerator = query };

    private static SourceBinding Binding(SignalRule rule, string connection = Good, string provider = "postgres") => new()
    {
        Key = "shop", Kind = SqlSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = SourceBinding.EveryVersion, Interval = TimeSpan.FromMinutes(1), Rules = [rule],
        Settings = new(SqlSource.KindName, SqlShop.Catalog().Find(SqlSource.KindName)!.Settings, new Dictionary<string, string> { ["Provider"] = provider, ["Connection"] = connection }),
    };
}
