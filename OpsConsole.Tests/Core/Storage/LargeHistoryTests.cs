using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>100,000 releases: pages are right, and the database finds them by index.</summary>
public sealed class LargeHistoryTests(PostgresFixture postgres)
{
    private const int Count = 100_000;

    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_are_right_and_found_by_index()
    {
        await using var database = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await FillAsync(database);

        var first = await PageAsync(database, new());
        Assert.Equal((Count, "1.0.100000", 50), (first.Total, first.Items[0].Version, first.Items.Count));

        var deep = await PageAsync(database, new() { Skip = 90_000, Take = 200 });
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"1.0.{10_000 - i}"), deep.Items.Select(r => r.Version));

        var service = await PageAsync(database, new() { Service = "service-7", Skip = 100, Take = 10 });
        Assert.Equal(Count / 500, service.Total);
        Assert.All(service.Items, r => Assert.Equal("service-7", r.Service));

        var found = await PageAsync(database, new() { Search = "1.0.77777" });
        Assert.Equal("1.0.77777", Assert.Single(found.Items).Version);

        var board = await database.Releases.ListBoardAsync(TestContext.Current.CancellationToken);
        Assert.Equal(500, board.Count);
        Assert.Equal(Enumerable.Range(99_501, 500), board.Select(r => int.Parse(r.Version[4..], System.Globalization.CultureInfo.InvariantCulture)).Order());

        await AssertUsesAsync(database, "ix_releases_newest", new());
        await AssertUsesAsync(database, "ix_releases_service", new() { Service = "service-7" });
        await AssertUsesAsync(database, "ix_releases_search_version", new() { Search = "1.0.77777" });
        await AssertUsesAsync(database, "ix_releases_search_commit", new() { Search = "COMMIT-77777" });
    }

    private static Task<Page<Release>> PageAsync(TestDatabase database, ReleaseQuery query) =>
        database.Releases.PageAsync(query, TestContext.Current.CancellationToken);

    /// <summary>Explains the page's own statement, with its parameters in place.</summary>
    private static async Task AssertUsesAsync(TestDatabase database, string index, ReleaseQuery query)
    {
        await using var context = database.Contexts.CreateDbContext();
        await using var command = ReleaseQueries.Newest(ReleaseQueries.Matching(context, query), query).CreateDbCommand();
        command.CommandText = "EXPLAIN " + command.CommandText;
        await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private static async Task FillAsync(TestDatabase database)
    {
        await database.ExecuteAsync($$"""
            INSERT INTO releases (id, service, target, environment, version, owner, migration, links, stages, signals, watch_ticks, registered_at,
                phase, stage_index, exposure_percent, stage_entered_at, phase_changed_at, revision, artifact_commit, artifact_digest, author)
            SELECT gen_random_uuid(), 'service-' || i % 500, 'gateway', 'production', '1.0.' || i, 'team-' || i % 20, 'None', '{}', '[]', '[]', 6000000000,
                TIMESTAMPTZ '{{Start:O}}' + i * INTERVAL '1 minute', 'Done', 3, 100, now(), now(), 5, 'commit-' || i, 'sha256:' || md5(i::text), 'author-' || i % 900
            FROM generate_series(1, {{Count}}) i
            """);
        await database.ExecuteAsync("ANALYZE releases");
    }
}
