using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class EvidenceStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private IEvidenceStore Store => Database.Evidence;

    [Fact]
    public async Task An_item_is_kept_with_its_audit_line_and_its_line_in_the_timeline()
    {
        var release = await ReleaseAsync();
        var item = Item(release, producedAt: Sample.Noon.AddMinutes(-5));

        var kept = await AddAsync(item);

        Assert.Equal(item.Id, kept.Id);
        var read = Assert.Single(await Store.ForReleaseAsync(release.Id, Token));
        Assert.Equal(
            (item.Id, item.Kind, item.Stage, item.Source, item.Outcome, item.Blocking, item.Summary, item.DetailJson, item.ContentDigest, item.ArtifactDigest, item.ReceivedBy),
            (read.Id, read.Kind, read.Stage, read.Source, read.Outcome, read.Blocking, read.Summary, read.DetailJson, read.ContentDigest, read.ArtifactDigest, read.ReceivedBy));
        Assert.Equal(Sample.Noon.AddMinutes(-5), read.ProducedAt!.Value, TimeSpan.FromMicroseconds(1));
        Assert.Equal("evidence", Assert.Single((await Database.Audit.PageAsync(new AuditQuery(), Token)).Items).Event);
        Assert.Contains(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Kind == ReleaseEventKind.Evidence);
    }

    [Fact]
    public async Task The_same_document_of_the_same_stage_and_source_is_there_once()
    {
        var release = await ReleaseAsync();
        var first = await AddAsync(Item(release));

        var again = await AddAsync(Item(release));
        await AddAsync(Item(release, stage: "contract"));
        await AddAsync(Item(release, source: "other job"));
        await AddAsync(Item(release, content: 'b'));
        await AddAsync(Item(await ReleaseAsync("search")));

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(4, (await Store.ForReleaseAsync(release.Id, Token)).Count);
        Assert.Equal(5, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Fact]
    public async Task Posted_by_many_at_once_it_is_there_once()
    {
        var release = await ReleaseAsync();

        var kept = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AddAsync(Item(release))));

        Assert.Single(kept.Select(k => k.Id).Distinct());
        Assert.Single(await Store.ForReleaseAsync(release.Id, Token));
        Assert.Equal(1, (await Database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Fact]
    public async Task Newest_first_and_only_of_the_release()
    {
        var (one, other) = (await ReleaseAsync(), await ReleaseAsync("search"));
        await AddAsync(Item(one, content: 'a', at: Sample.Noon));
        await AddAsync(Item(one, content: 'c', at: Sample.Noon.AddMinutes(2)));
        await AddAsync(Item(one, content: 'b', at: Sample.Noon.AddMinutes(1)));
        await AddAsync(Item(other));

        Assert.Equal(["c", "b", "a"], (await Store.ForReleaseAsync(one.Id, Token)).Select(i => i.ContentDigest[..1]));
    }

    private async Task<Release> ReleaseAsync(string service = "shop")
    {
        var release = Sample.Release(service);
        await Database.Releases.AddAsync(release, "anna", Token);
        return release;
    }

    private Task<EvidenceItem> AddAsync(EvidenceItem item) => Store.AddAsync(
        item, Sample.Audit($"release:{item.ReleaseId:N}", happened: "evidence", outcome: "done"), Sample.Event(item.ReleaseId, ReleaseEventKind.Evidence), Token);

    private static EvidenceItem Item(Release release, string stage = "unit", string source = "unit tests", char content = 'a', DateTimeOffset? at = null, DateTimeOffset? producedAt = null) => new()
    {
        Id = Guid.CreateVersion7(), ReleaseId = release.Id, Kind = "junit", Stage = stage, Source = source, Outcome = EvidenceOutcome.PassedWithWarnings, Blocking = true,
        Summary = "3 tests: 3 passed.", DetailJson = """{"counts":{"tests":3},"items":[],"flaky":[]}""", ContentDigest = new string(content, 64), ArtifactDigest = release.Artifact.Digest,
        ProducedAt = producedAt, ReceivedAt = at ?? Sample.Noon, ReceivedBy = "pipeline",
    };
}

public sealed class EvidenceStoreOnEmbeddedPostgres(PostgresFixture postgres) : EvidenceStoreContract(postgres);

public sealed class EvidenceStoreOnConfiguredPostgres() : EvidenceStoreContract(null);

public sealed class EvidenceStoreOnConfiguredSqlServer() : EvidenceStoreContract(null), IOnSqlServer;
