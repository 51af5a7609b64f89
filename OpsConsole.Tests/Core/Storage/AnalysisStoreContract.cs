using OpsConsole.Core.Gates;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class AnalysisStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task The_latest_of_a_release_come_newest_first()
    {
        var (one, other) = (await ReleaseAsync("shop"), await ReleaseAsync("search"));
        foreach (var run in new[] { Run(one, 1), Run(one, 3), Run(one, 2), Run(other, 9) })
        {
            await Database.Analyses.AddAsync(run, Token);
        }

        var latest = await Database.Analyses.LatestAsync(one, 2, Token);

        Assert.Equal([3, 2], latest.Select(r => r.Score));
        Assert.Equal((1, "pass", "{\"a\":1}"), (latest[0].StageIndex, latest[0].Verdict, latest[0].ReportJson));
        Assert.Empty(await Database.Analyses.LatestAsync(Guid.NewGuid(), 1, Token));
    }

    [Fact]
    public async Task Only_the_newest_are_kept_of_each_release()
    {
        var (one, other) = (await ReleaseAsync("shop"), await ReleaseAsync("search"));
        await Database.Analyses.AddAsync(Run(other, 0), Token);
        for (var i = 1; i <= AnalysisRun.MostKept + 3; i++)
        {
            await Database.Analyses.AddAsync(Run(one, i), Token);
        }

        var latest = await Database.Analyses.LatestAsync(one, 1000, Token);

        Assert.Equal((AnalysisRun.MostKept, AnalysisRun.MostKept + 3.0, 4.0), (latest.Count, latest[0].Score, latest[^1].Score));
        Assert.Single(await Database.Analyses.LatestAsync(other, 10, Token));
        Assert.Equal($"{AnalysisRun.MostKept + 1}", await Database.QueryAsync("SELECT count(*) FROM analysis_runs"));
    }

    private async Task<Guid> ReleaseAsync(string service)
    {
        var release = Sample.Release(service);
        await Database.Releases.AddAsync(release, "anna", Token);
        return release.Id;
    }

    private static AnalysisRun Run(Guid release, int minute) => new()
    {
        Id = Guid.CreateVersion7(Sample.Noon.AddMinutes(minute)), ReleaseId = release, At = Sample.Noon.AddMinutes(minute), StageIndex = 1, Verdict = "pass", Score = minute, ReportJson = "{\"a\":1}",
    };
}

public sealed class AnalysisStoreOnEmbeddedPostgres(PostgresFixture postgres) : AnalysisStoreContract(postgres);

public sealed class AnalysisStoreOnConfiguredPostgres() : AnalysisStoreContract(null);

public sealed class AnalysisStoreOnConfiguredSqlServer() : AnalysisStoreContract(null), IOnSqlServer;
