using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class RecoveryStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task Saved_as_new_and_read_back_with_everything()
    {
        var clock = Clock(await ReleaseAsync());
        clock.Acknowledge("ole", Sample.Noon.AddSeconds(3));
        clock.Decide(RecoveryMove.Kill, Guid.Parse("0198c1f0-0000-7000-8000-0000000000aa"), Sample.Noon.AddSeconds(4));
        clock.Apply(Sample.Noon.AddSeconds(5));
        clock.Confirm(Sample.Noon.AddSeconds(6));
        clock.Measure("""{"source":"sessions by version"}""");
        Assert.True(await Database.Recoveries.SaveAsync(clock, Token));

        var read = Assert.Single(await Database.Recoveries.RunningAsync(Token));
        Assert.Equal(
            (clock.Id, FaultKind.Errors, "errors", "ole", RecoveryMove.Kill, clock.ActionId, clock.ExposureJson, clock.Revision),
            (read.Id, read.Fault, read.Signal, read.AcknowledgedBy, read.Move, read.ActionId, read.ExposureJson, read.Revision));
        foreach (var (expected, actual) in new[] { (clock.OnsetAt, read.OnsetAt), (clock.DetectedAt, read.DetectedAt), (clock.ConfirmedAt!.Value, read.ConfirmedAt!.Value) })
        {
            Assert.True((expected - actual).Duration() < TimeSpan.FromMicroseconds(1));
        }
    }

    [Fact]
    public async Task Saved_again_only_at_the_revision_that_was_read()
    {
        var clock = Clock(await ReleaseAsync());
        Assert.True(await Database.Recoveries.SaveAsync(clock, Token));
        var (one, other) = ((await Database.Recoveries.RunningAsync(Token))[0], (await Database.Recoveries.RunningAsync(Token))[0]);
        one.Acknowledge("ole", Sample.Noon.AddSeconds(3));
        one.Decide(RecoveryMove.Halt, null, Sample.Noon.AddSeconds(4));
        Assert.True(await Database.Recoveries.SaveAsync(one, Token));
        one.End(RecoveryEnding.Verified, Sample.Noon.AddSeconds(9));
        Assert.True(await Database.Recoveries.SaveAsync(one, Token));

        other.Acknowledge("mia", Sample.Noon.AddSeconds(5));
        Assert.False(await Database.Recoveries.SaveAsync(other, Token));
        var read = Assert.Single(await Database.Recoveries.LatestAsync(10, Token));
        Assert.Equal(("ole", RecoveryEnding.Verified), (read.AcknowledgedBy, read.Ending));
        Assert.Empty(await Database.Recoveries.RunningAsync(Token));
    }

    [Fact]
    public async Task Of_many_that_open_the_same_clock_one_wins()
    {
        var release = await ReleaseAsync();
        var id = Guid.CreateVersion7();
        var saved = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Database.Recoveries.SaveAsync(Clock(release, id: id), Token)));

        Assert.Single(saved, s => s);
        Assert.Single(await Database.Recoveries.ForReleaseAsync(release.Id, Token));
    }

    [Fact]
    public async Task Lists_are_newest_first_and_bounded()
    {
        var (first, second) = (await ReleaseAsync(), await ReleaseAsync("search"));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await Database.Recoveries.SaveAsync(Clock(first, i), Token));
        }

        Assert.True(await Database.Recoveries.SaveAsync(Clock(second, 9), Token));
        Assert.Equal([second.Id, first.Id], (await Database.Recoveries.LatestAsync(2, Token)).Select(c => c.ReleaseId));
        var of = await Database.Recoveries.ForReleaseAsync(first.Id, Token);
        Assert.Equal(of.OrderByDescending(c => c.OnsetAt).Select(c => c.Id), of.Select(c => c.Id));
        Assert.Equal(3, of.Count);
        Assert.Equal(4, (await Database.Recoveries.RunningAsync(Token)).Count);
        Assert.Single(await Database.Recoveries.LatestAsync(-1, Token));
    }

    private async Task<Release> ReleaseAsync(string service = "shop")
    {
        var release = Sample.Release(service);
        await Database.Releases.AddAsync(release, "anna", Token);
        return release;
    }

    private static RecoveryClock Clock(Release release, int minute = 0, Guid? id = null) => new()
    {
        Id = id ?? Guid.CreateVersion7(), ReleaseId = release.Id, Service = release.Service, Target = release.Target, Environment = release.Environment, Version = release.Version,
        Fault = FaultKind.Errors, Signal = "errors", OnsetAt = Sample.Noon.AddMinutes(minute), DetectedAt = Sample.Noon.AddMinutes(minute).AddSeconds(2),
    };
}

public sealed class RecoveryStoreOnEmbeddedPostgres(PostgresFixture postgres) : RecoveryStoreContract(postgres);

public sealed class RecoveryStoreOnConfiguredPostgres() : RecoveryStoreContract(null);

public sealed class RecoveryStoreOnConfiguredSqlServer() : RecoveryStoreContract(null), IOnSqlServer;
