using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class ChangeStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task The_first_stays_with_its_lines_on_the_record_and_in_the_timeline()
    {
        var release = Sample.Release();
        await Database.Releases.AddAsync(release, "anna", Token);

        var kept = await AddAsync(release, "{\"config\":[]}");
        var again = await AddAsync(release, "{\"flags\":[]}");

        Assert.Equal((kept.Digest, kept.Json), (again.Digest, again.Json));
        var read = Assert.Single(await Database.Changes.FindAsync([release.Id, Guid.NewGuid()], Token));
        Assert.Equal(("{\"config\":[]}", "anna", 0), (read.Json, read.By, (read.At - Sample.Noon).Milliseconds));
        Assert.Single((await Database.Audit.PageAsync(new AuditQuery { Event = "release.changes" }, Token)).Items);
        Assert.Single(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Kind == ReleaseEventKind.Evidence);
    }

    [Fact]
    public async Task Posted_by_many_at_once_one_is_kept()
    {
        var release = Sample.Release();
        await Database.Releases.AddAsync(release, "anna", Token);

        var kept = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => AddAsync(release, $"{{\"n\":{i}}}")));

        Assert.Single(kept.Select(k => k.Digest).Distinct());
    }

    [Fact]
    public async Task None_is_none() => Assert.Empty(await Database.Changes.FindAsync([Guid.NewGuid()], Token));

    private Task<ReleaseChanges> AddAsync(Release release, string json) => Database.Changes.AddAsync(
        new ReleaseChanges { ReleaseId = release.Id, Json = json, Digest = ChangeSetText.Digest(json), At = Sample.Noon, By = "anna" },
        Sample.Audit(happened: "release.changes"),
        Sample.Event(release.Id, ReleaseEventKind.Evidence),
        Token);
}

public sealed class ChangeStoreOnEmbeddedPostgres(PostgresFixture postgres) : ChangeStoreContract(postgres);

public sealed class ChangeStoreOnConfiguredPostgres() : ChangeStoreContract(null);

public sealed class ChangeStoreOnConfiguredSqlServer() : ChangeStoreContract(null), IOnSqlServer;
