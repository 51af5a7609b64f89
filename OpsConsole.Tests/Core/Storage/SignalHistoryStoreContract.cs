using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class SignalHistoryStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly Guid Release = Guid.Parse("01980000-0000-7000-8000-000000000001");

    private ISignalHistoryStore Store => Database.History;

    [Fact]
    public async Task Points_come_back_oldest_first_of_that_release_from_that_time()
    {
        await Store.AppendAsync([Point(30), Point(10), Point(20), Point(10) with { ReleaseId = Guid.NewGuid() }], Token);

        var points = await Store.ReadAsync(Release, At(20), 100, Token);

        Assert.Equal([20, 30], points.Select(p => p.Value));
    }

    [Fact]
    public async Task Thinned_for_each_signal_and_side_keeping_the_spike_and_the_newest()
    {
        var canary = Enumerable.Range(0, 1000).Select(i => Point(i) with { Value = i == 417 ? 99 : 1 });
        var baseline = Enumerable.Range(0, 5).Select(i => Point(i) with { Side = SignalSide.Baseline });
        await Store.AppendAsync([.. canary, .. baseline], Token);

        var points = await Store.ReadAsync(Release, At(0), 40, Token);

        var thinned = points.Where(p => p.Side == SignalSide.Canary).ToList();
        Assert.Equal(40, thinned.Count);
        Assert.Single(thinned, p => p.Value == 99);
        Assert.Equal(At(999), thinned[^1].At);
        Assert.Equal(thinned.OrderBy(p => p.At), thinned);
        Assert.Equal(5, points.Count(p => p.Side == SignalSide.Baseline));
    }

    [Fact]
    public async Task What_is_there_already_is_left_as_it_is_and_the_rest_is_added()
    {
        await Store.AppendAsync([Point(1), Point(1)], Token);
        await Store.AppendAsync([Point(1) with { Value = 77 }, Point(2)], Token);
        await Store.AppendAsync([], Token);

        Assert.Equal([1, 2], (await Store.ReadAsync(Release, At(0), 100, Token)).Select(p => p.Value));
    }

    [Fact]
    public async Task A_span_comes_whole_oldest_first_and_without_its_end()
    {
        await Store.AppendAsync([.. Enumerable.Range(0, 400).Select(Point), Point(5) with { ReleaseId = Guid.NewGuid() }, Point(7) with { Side = SignalSide.Baseline }], Token);

        var points = await Store.ReadSpanAsync(Release, At(5), At(305), 1000, Token);

        Assert.Equal(301, points.Count);
        Assert.Equal((At(5), At(304)), (points[0].At, points[^1].At));
        Assert.Equal([5, 6], (await Store.ReadSpanAsync(Release, At(5), At(305), 2, Token)).Select(p => p.Value));
    }

    [Fact]
    public async Task Trimmed_by_age_in_batches()
    {
        const string Into = "INSERT INTO signal_points (release_id, signal, side, measured_at, value, observations)";
        await Database.ExecuteAsync(Database.IsSqlServer
            ? $"""
              {Into} SELECT '{Release}', 'p99_latency', 'Canary', DATEADD(second, i, CAST('2026-03-01T12:00:00+00:00' AS datetimeoffset(6))), i, 1
              FROM (SELECT TOP (12001) ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS i FROM sys.all_columns a CROSS JOIN sys.all_columns b) AS numbers
              """
            : $"{Into} SELECT '{Release}', 'p99_latency', 'Canary', TIMESTAMPTZ '2026-03-01 12:00:00Z' + i * INTERVAL '1 s', i, 1 FROM generate_series(1, 12001) i");

        Assert.Equal(12_000, await Store.TrimAsync(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(12_001), Token));
        Assert.Single(await Store.ReadAsync(Release, At(0), 100, Token));
    }

    private static DateTimeOffset At(int seconds) => new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    private static SignalPoint Point(int seconds) => new(Release, new SignalKey("p99_latency"), SignalSide.Canary, At(seconds), seconds, 10);
}

public sealed class SignalHistoryStoreOnEmbeddedPostgres(PostgresFixture postgres) : SignalHistoryStoreContract(postgres);

public sealed class SignalHistoryStoreOnConfiguredPostgres() : SignalHistoryStoreContract(null);

public sealed class SignalHistoryStoreOnConfiguredSqlServer() : SignalHistoryStoreContract(null), IOnSqlServer;
