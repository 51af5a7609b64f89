using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Sources.Sql;

/// <summary>Queries to a real PostgreSQL.</summary>
public sealed class SqlSourceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private SqlShop _shop = null!;

    public async ValueTask InitializeAsync() => _shop = await SqlShop.CreateAsync(postgres);

    public async ValueTask DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task The_version_and_the_time_are_parameters()
    {
        await _shop.ExecuteAsync("INSERT INTO orders SELECT '2.15.0', now() - interval '1 minute', n > 3 FROM generate_series(1, 20) n");
        await _shop.ExecuteAsync("INSERT INTO orders VALUES ('2.15.0', now() - interval '10 minutes', false), ('2.14.0', now(), false)");

        var samples = await ReadAsync(
            "SELECT 100.0 * count(*) FILTER (WHERE paid) / nullif(count(*), 0) AS value, count(*) AS count, max(at) AS at FROM orders WHERE version = @version AND at >= @since AND at < @now",
            "SELECT extract(epoch FROM @now - @since) -- seconds");

        Assert.Equal((85.0, 20L), (samples[0].Value, samples[0].Count));
        Assert.InRange((TimeProvider.System.GetUtcNow() - samples[0].At).TotalSeconds, 59, 120);
        Assert.Equal((300.0, 1L), (samples[1].Value, samples[1].Count));
    }

    [Theory]
    [InlineData("SELECT NULL::float8", SampleKind.Missing, "The query came to NULL.")]
    [InlineData("SELECT 1 WHERE false", SampleKind.Missing, "The query came to no row.")]
    [InlineData("SELECT 1.5 AS value, 0 AS count", SampleKind.Missing, "count is 0")]
    [InlineData("SELECT 1.5 AS value, NULL::int AS count", SampleKind.Missing, "count is NULL")]
    [InlineData("SELECT 1.5 AS value, 7 AS count, NULL::timestamptz AS at", SampleKind.Missing, "'at' is NULL")]
    [InlineData("SELECT generate_series(1, 1000000000)", SampleKind.Error, "several rows")]
    [InlineData("SELECT 'NaN'::float8", SampleKind.Error, "not a finite number")]
    [InlineData("SELECT 'NaN'::numeric", SampleKind.Error, "not a finite number")]
    [InlineData("SELECT 'Infinity'::float8", SampleKind.Error, "not a finite number")]
    [InlineData("SELECT 1 AS value, -7 AS count", SampleKind.Error, "negative")]
    [InlineData("SELECT 1 AS value, 1.5 AS count", SampleKind.Error, "not a whole number")]
    [InlineData("SELECT 'seven' AS value", SampleKind.Error, "is a text, not a number")]
    [InlineData("SELECT 1 AS value, 2 AS count, 'noon' AS at", SampleKind.Error, "is a text, not a point in time")]
    [InlineData("SELECT 1 AS value, 2 AS number", SampleKind.Error, "one of them is named 'number'")]
    [InlineData("SELECT 1 AS count, 2 AS at", SampleKind.Error, "no column named 'value'")]
    [InlineData("SELECT 1 / 0", SampleKind.Error, "PostgreSQL refused the query: division by zero (22012).")]
    [InlineData("SELECT frm orders", SampleKind.Error, "PostgreSQL refused the query: column \"frm\" does not exist (42703).")]
    public async Task What_is_no_number_says_why(string query, SampleKind kind, string sentence)
    {
        var sample = Assert.Single(await ReadAsync(query));

        Assert.Equal(kind, sample.Kind);
        Assert.Contains(sentence, sample.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT name::int FROM customers_of_staff", "PostgreSQL refused the query: a value cannot be computed or converted (22P02).")]
    [InlineData("SELECT name::date FROM customers_of_staff", "PostgreSQL refused the query: a value cannot be computed or converted (22007).")]
    [InlineData("SELECT to_number(name, '999') FROM customers_of_staff", "PostgreSQL refused the query: a value cannot be computed or converted (22P02).")]
    [InlineData("SELECT reveal(name) FROM customers_of_staff", "PostgreSQL refused the query: the query failed (P0001).")]
    [InlineData("SELECT 9223372036854775807 + length(name) FROM customers_of_staff", "PostgreSQL refused the query: a value cannot be computed or converted (22003).")]
    public async Task No_value_of_the_database_is_told_in_its_words(string query, string sentence)
    {
        await _shop.ExecuteAsync($"""
            CREATE TABLE customers_of_staff (name text NOT NULL);
            INSERT INTO customers_of_staff VALUES ('Ada Lovelace');
            CREATE FUNCTION reveal(name text) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it is %'', name; END';
            GRANT SELECT ON customers_of_staff TO {_shop.Role};
            """);

        var sample = Assert.Single(await ReadAsync(query));

        Assert.Equal((SampleKind.Error, sentence), (sample.Kind, sample.Detail));
    }

    [Theory]
    [InlineData("ALTER ROLE {0} SUPERUSER", "is a superuser, or may become one, which reaches files and other connections from within a query, so nothing is asked with it: sign in with a role of its own that is granted SELECT on what it asks, and nothing else.")]
    [InlineData("GRANT {1} TO {0}", "is a superuser, or may become one")]
    [InlineData("GRANT pg_read_server_files TO {0}", "is a member of pg_read_server_files, which reaches files or programs of the server")]
    [InlineData("GRANT pg_write_server_files TO {0}", "is a member of pg_write_server_files")]
    [InlineData("GRANT pg_execute_server_program TO {0}", "is a member of pg_execute_server_program")]
    [InlineData("ALTER ROLE {0} NOINHERIT; GRANT pg_read_server_files TO {0}", "is a member of pg_read_server_files")]
    [InlineData("GRANT pg_signal_backend TO {0}", "is a member of pg_signal_backend, which reaches other connections")]
    public async Task A_role_that_may_do_more_than_read_is_asked_nothing_and_told_what_to_grant(string grant, string sentence)
    {
        var mighty = "mighty_" + Guid.NewGuid().ToString("N")[..12];
        await _shop.ExecuteAsync($"CREATE ROLE {mighty} SUPERUSER");
        try
        {
            var binding = _shop.Binding(Long, Window, "SELECT 7");
            Assert.Equal(SampleKind.Measured, Assert.Single(await ReadAsync("SELECT 7")).Kind);
            await _shop.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, grant, _shop.Role, mighty));

            var samples = new List<SignalSample>();
            var failure = await SqlShop.Catalog().Create(binding).ReadAsync(samples.Add, TestContext.Current.CancellationToken);
            var test = await new SourceTest(SqlShop.Catalog(), TimeProvider.System).RunAsync(binding, cancellationToken: TestContext.Current.CancellationToken);

            Assert.StartsWith($"The role {_shop.Role} ", failure, StringComparison.Ordinal);
            Assert.Contains(sentence, failure, StringComparison.Ordinal);
            Assert.Equal((SampleKind.Error, failure), (Assert.Single(samples).Kind, samples[0].Detail));
            Assert.Equal((failure, false), (test.Failure, test.Passed));
        }
        finally
        {
            await _shop.ExecuteAsync($"ALTER ROLE {_shop.Role} NOSUPERUSER; DROP ROLE {mighty}");
        }
    }

    [Theory]
    [InlineData("SELECT place_order()", "read-only transaction")]
    [InlineData("WITH placed AS (INSERT INTO orders VALUES ('x', now(), true) RETURNING 1) SELECT count(*) FROM placed", "PostgreSQL refused the query")]
    [InlineData("SELECT 1) AS a, (SELECT set_config('transaction_read_only', 'off', false)) AS b, (SELECT place_order()", "PostgreSQL refused the query")]
    [InlineData("SELECT count(*) INTO copied FROM orders", "PostgreSQL refused the query")]
    [InlineData("SELECT count(*) FROM customers", "permission denied for table customers (42501)")]
    [InlineData("SELECT version FROM orders FOR UPDATE", "PostgreSQL refused the query")]
    public async Task Nothing_is_written_and_nothing_is_read_that_the_role_may_not(string query, string sentence)
    {
        var sample = Assert.Single(await ReadAsync(query));

        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains(sentence, sample.Detail, StringComparison.Ordinal);
        Assert.Equal("0", await _shop.QueryAsync("SELECT count(*) FROM orders"));
        Assert.Equal("", await _shop.QueryAsync("SELECT relname FROM pg_class WHERE relname = 'copied'"));
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_ended_by_the_server_and_leaves_time_to_the_others()
    {
        var source = _shop.Source(TimeSpan.FromSeconds(4), Window, "SELECT 1 FROM pg_sleep(60)", "SELECT 7");
        var samples = new List<SignalSample>();

        Assert.Null(await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));

        Assert.Equal(SampleKind.Error, samples[0].Kind);
        Assert.Contains("PostgreSQL ended the query: it took longer than 1.", samples[0].Detail, StringComparison.Ordinal);
        Assert.Equal((SampleKind.Measured, 7.0), (samples[1].Kind, samples[1].Value));
        Assert.Equal("0", await _shop.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND datname = current_database()"));
    }

    [Fact]
    public async Task A_database_that_falls_silent_is_an_error_within_the_time()
    {
        var source = _shop.Source(TimeSpan.FromSeconds(1), Window, "SELECT 7", "SELECT 8");
        _shop.Relay.IsSilent = true;
        var samples = new List<SignalSample>();

        var failure = await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("The source did not answer within 1 s.", failure);
        Assert.All(samples, s => Assert.Equal((SampleKind.Error, failure), (s.Kind, s.Detail)));
        Assert.Equal(2, samples.Count);
    }

    [Fact]
    public async Task Nothing_stays_connected()
    {
        await ReadAsync("SELECT 7", "SELECT 1 / 0");

        await Eventually.TrueAsync(async () => await _shop.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opsconsole' AND datname = current_database() AND usename LIKE 'reader%'") == "0");
        Assert.Equal(2, _shop.Relay.Accepted);
    }

    [Fact]
    public async Task A_role_that_may_not_sign_in_is_told_in_the_databases_words()
    {
        await _shop.ExecuteAsync($"ALTER ROLE {_shop.Role} NOLOGIN");
        var source = _shop.Source(Long, Window, "SELECT 7");

        var samples = new List<SignalSample>();
        var failure = await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken);

        Assert.StartsWith("PostgreSQL does not let the console in: role ", failure, StringComparison.Ordinal);
        Assert.Contains("is not permitted to log in (28000).", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(SqlShop.Password, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_connects_only_where_it_may()
    {
        var source = SqlShop.Catalog("db.example.org").Create(_shop.Binding(Long, Window, "SELECT 7"));

        var failure = await source.ReadAsync(_ => { }, TestContext.Current.CancellationToken);

        Assert.Contains("OpsConsole:Outbound:Allow", failure, StringComparison.Ordinal);
        Assert.Equal(0, _shop.Relay.Accepted);
    }

    private async Task<List<SignalSample>> ReadAsync(params string[] queries)
    {
        var samples = new List<SignalSample>();
        Assert.Null(await _shop.Source(Long, Window, queries).ReadAsync(samples.Add, TestContext.Current.CancellationToken));
        return samples;
    }
}
