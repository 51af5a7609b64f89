using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class ReleaseStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private IReleaseStore Store => Database.Releases;

    [Fact]
    public async Task What_is_added_is_read_back_whole()
    {
        var release = Sample.Release(author: "Ines");

        Assert.Empty(await Store.AddAsync(release, "pipeline", Token));
        var read = await Store.FindAsync(release.Id, Token);

        Assert.NotNull(read);
        Assert.Equal(InstantConverter.ToMicroseconds(release.RegisteredAt), read.RegisteredAt);
        Assert.Equal(InstantConverter.ToMicroseconds(release.Artifact.BuiltAt!.Value), read.Artifact.BuiltAt);
        Assert.Equal(release.Artifact with { BuiltAt = read.Artifact.BuiltAt }, read.Artifact);
        Assert.Equal(release.Links, read.Links);
        Assert.Equal(release.Stages, read.Stages);
        Assert.Equal(release.Signals, read.Signals);
        Assert.Equal(release.WatchTime, read.WatchTime);
        Assert.Equal((release.Service, release.Target, release.Environment, release.Version, "Ines"), (read.Service, read.Target, read.Environment, read.Version, read.Author));
        Assert.Equal((ReleasePhase.Registered, -1, 0d, 0), (read.Phase, read.StageIndex, read.ExposurePercent, read.Revision));
        Assert.Equal(default, read.StageEnteredAt);
        Assert.Equal(MigrationClass.Expand, read.Migration);
        var first = Assert.Single(await Store.EventsAsync(release.Id, 10, Token));
        Assert.Equal((ReleaseEventKind.Registered, "pipeline", read.RegisteredAt), (first.Kind, first.Actor, first.At));
    }

    [Fact]
    public async Task The_digest_of_a_version_is_found_wherever_it_is_registered()
    {
        await Store.AddAsync(Sample.Release(environment: "staging"), "pipeline", Token);

        Assert.Equal("sha256:9f86d081", await Store.FindDigestAsync("shop", "gateway", "2.15.0", Token));
        Assert.Null(await Store.FindDigestAsync("shop", "app-store", "2.15.0", Token));
        Assert.Null(await Store.FindDigestAsync("shop", "gateway", "2.15.1", Token));
        Assert.Null(await Store.FindDigestAsync("search", "gateway", "2.15.0", Token));
    }

    [Fact]
    public async Task Unknown_is_null() => Assert.Null(await Store.FindAsync(Guid.NewGuid(), Token));

    [Fact]
    public async Task A_second_release_is_refused_while_one_is_on_its_way()
    {
        var first = Sample.Release();
        await Store.AddAsync(first, "pipeline", Token);

        var refused = await Assert.ThrowsAsync<DuplicateReleaseException>(() => Store.AddAsync(Sample.Release(version: "2.16.0"), "pipeline", Token));

        Assert.Equal(first.Id, refused.Existing);
        Assert.Contains("2.15.0", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Store.PageAsync(new ReleaseQuery(), Token)).Total);
    }

    [Fact]
    public async Task Elsewhere_another_release_may_be_on_its_way()
    {
        await Store.AddAsync(Sample.Release(), "pipeline", Token);
        await Store.AddAsync(Sample.Release(environment: "staging"), "pipeline", Token);
        await Store.AddAsync(Sample.Release(target: "app-store"), "pipeline", Token);

        Assert.Equal(3, (await Store.ListBoardAsync(Token)).Count);
    }

    [Fact]
    public async Task A_release_at_full_exposure_is_superseded_with_its_event()
    {
        var first = await AtFullExposureAsync(Sample.Release());
        var next = Sample.Release(version: "2.16.0", at: Sample.Noon.AddHours(1));

        var superseded = Assert.Single(await Store.AddAsync(next, "pipeline", Token));

        Assert.Equal((first.Id, ReleasePhase.Superseded), (superseded.Id, superseded.Phase));
        Assert.Equal(ReleasePhase.Superseded, (await Store.FindAsync(first.Id, Token))!.Phase);
        Assert.Equal(ReleaseEventKind.Superseded, (await Store.EventsAsync(first.Id, 1, Token)).Single().Kind);
    }

    [Fact]
    public async Task A_halted_release_gives_its_place_to_its_fix_and_to_nothing_else()
    {
        var bad = Sample.Release();
        await Store.AddAsync(bad, "pipeline", Token);
        bad.EnterNextStage(Sample.Noon);
        bad.Halt(Sample.Noon);
        Assert.True(await Store.SaveAsync(bad, Sample.Event(bad.Id, ReleaseEventKind.StageChanged), Token));
        var refused = await Assert.ThrowsAsync<DuplicateReleaseException>(() => Store.AddAsync(Sample.Release(version: "2.15.1", at: Sample.Noon.AddHours(1)), "pipeline", Token));
        Assert.Contains("'fixes'", refused.Message, StringComparison.Ordinal);

        var fix = Sample.Release(version: "2.15.1", at: Sample.Noon.AddHours(1), fixes: bad.Id);
        var superseded = Assert.Single(await Store.AddAsync(fix, "pipeline", Token));

        Assert.Equal((bad.Id, ReleasePhase.Superseded), (superseded.Id, superseded.Phase));
        Assert.Equal(bad.Id, (await Store.FindAsync(fix.Id, Token))!.FixesReleaseId);
        Assert.Equal("Fixed forward by 2.15.1.", (await Store.EventsAsync(bad.Id, 10, Token)).Single(e => e.Kind == ReleaseEventKind.Superseded).Text);
    }

    [Fact]
    public async Task The_same_version_is_refused_while_it_is_watched_and_taken_again_after_a_roll_back()
    {
        var first = await AtFullExposureAsync(Sample.Release());
        await Assert.ThrowsAsync<DuplicateReleaseException>(() => Store.AddAsync(Sample.Release(), "pipeline", Token));

        first.RollBack(Sample.Noon.AddHours(1));
        Assert.True(await Store.SaveAsync(first, Sample.Event(first.Id, ReleaseEventKind.RolledBack), Token));

        Assert.Empty(await Store.AddAsync(Sample.Release(at: Sample.Noon.AddHours(2)), "pipeline", Token));
    }

    [Fact]
    public async Task A_release_that_is_being_acted_on_is_not_superseded()
    {
        var first = await AtFullExposureAsync(Sample.Release());
        var action = Sample.Action(first, ActionVerb.Rollback);
        action.Move(ActionPhase.Executing, Sample.Noon);
        await Database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true }, Token);

        await Assert.ThrowsAsync<DuplicateReleaseException>(() => Store.AddAsync(Sample.Release(version: "2.16.0"), "pipeline", Token));
    }

    [Fact]
    public async Task Of_registrations_at_the_same_moment_one_wins()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            try
            {
                await Store.AddAsync(Sample.Release(version: $"3.0.{i}"), "pipeline", Token);
                return true;
            }
            catch (DuplicateReleaseException)
            {
                return false;
            }
        }));

        Assert.Single(tries, won => won);
        Assert.Equal(1, (await Store.PageAsync(new ReleaseQuery(), Token)).Total);
    }

    [Fact]
    public async Task Of_two_changes_of_the_same_revision_one_wins_however_many_steps_each_took()
    {
        await Store.AddAsync(Sample.Release(), "pipeline", Token);
        var id = (await Store.ListBoardAsync(Token)).Single().Id;
        var mine = (await Store.FindAsync(id, Token))!;
        var theirs = (await Store.FindAsync(id, Token))!;
        theirs.Halt(Sample.Noon);
        mine.EnterNextStage(Sample.Noon);
        mine.Halt(Sample.Noon);

        Assert.True(await Store.SaveAsync(theirs, Sample.Event(id), Token));
        Assert.False(await Store.SaveAsync(mine, Sample.Event(id), Token));

        Assert.Equal(0, (await Store.FindAsync(id, Token))!.ExposurePercent);
        Assert.Equal(2, (await Store.EventsAsync(id, 10, Token)).Count);
    }

    [Fact]
    public async Task The_same_object_is_saved_again_and_again()
    {
        var release = Sample.Release();
        await Store.AddAsync(release, "pipeline", Token);
        release.EnterNextStage(Sample.Noon);
        Assert.True(await Store.SaveAsync(release, Sample.Event(release.Id), Token));
        release.EnterNextStage(Sample.Noon.AddMinutes(1));
        Assert.True(await Store.SaveAsync(release, Sample.Event(release.Id), Token));

        var read = (await Store.FindAsync(release.Id, Token))!;
        Assert.Equal((ReleasePhase.Watching, 100d, 1, release.Revision), (read.Phase, read.ExposurePercent, read.StageIndex, read.Revision));
        Assert.Equal(InstantConverter.ToMicroseconds(release.StageEnteredAt), read.StageEnteredAt);
    }

    [Fact]
    public async Task The_board_has_live_releases_and_the_latest_ended_one_of_places_without()
    {
        var done = await EndAsync(Sample.Release("search", "1", at: Sample.Noon));
        var latest = await EndAsync(Sample.Release("search", "2", at: Sample.Noon.AddHours(1)));
        await EndAsync(Sample.Release("shop", "1"));
        var live = Sample.Release("shop", "2", at: Sample.Noon.AddHours(1));
        await Store.AddAsync(live, "pipeline", Token);

        var board = await Store.ListBoardAsync(Token);

        Assert.Equivalent(new[] { latest.Id, live.Id }, board.Select(r => r.Id), strict: true);
        Assert.DoesNotContain(board, r => r.Id == done.Id);
    }

    [Fact]
    public async Task Events_are_the_newest_in_the_order_they_happened()
    {
        var release = Sample.Release();
        await Store.AddAsync(release, "pipeline", Token);
        for (var i = 1; i <= 5; i++)
        {
            await Store.AppendEventAsync(Sample.Event(release.Id, ReleaseEventKind.VerdictChanged, Sample.Noon.AddMinutes(i)), Token);
        }

        var events = await Store.EventsAsync(release.Id, 3, Token);

        Assert.Equal([3, 4, 5], events.Select(e => (int)Math.Round((e.At - Sample.Noon).TotalMinutes)));
    }

    [Fact]
    public async Task History_is_filtered()
    {
        var shop = await EndAsync(Sample.Release("shop", "2.15.0", at: Sample.Noon, owner: "commerce"));
        var search = await EndAsync(Sample.Release("search", "88.0.0", at: Sample.Noon.AddDays(1), owner: "discovery"));
        var pocket = Sample.Release("pocket", "7.4.0", target: "app-store", environment: "staging", at: Sample.Noon.AddDays(2));
        await Store.AddAsync(pocket, "pipeline", Token);

        await AssertFindsAsync(new() { Service = "shop" }, shop);
        await AssertFindsAsync(new() { Target = "app-store" }, pocket);
        await AssertFindsAsync(new() { Environment = "production" }, search, shop);
        await AssertFindsAsync(new() { Owner = "discovery" }, search);
        await AssertFindsAsync(new() { Phase = ReleasePhase.RolledBack }, search, shop);
        await AssertFindsAsync(new() { From = Sample.Noon.AddDays(1) }, pocket, search);
        await AssertFindsAsync(new() { To = Sample.Noon.AddDays(1) }, shop);
        await AssertFindsAsync(new() { Skip = 1, Take = 1 }, total: 3, search);
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("SHO", true)]
    [InlineData("2.15", true)]
    [InlineData("C0FFEE", true)]
    [InlineData("sha256:9f86", true)]
    [InlineData("9f86", true)]
    [InlineData("ines", true)]
    [InlineData("  ines   2.15  ", true)]
    [InlineData("ines 2.16", false)]
    [InlineData("hop", false)]
    [InlineData("%", false)]
    [InlineData("2_15", false)]
    [InlineData("2.15%", false)]
    [InlineData("\\", false)]
    [InlineData("[s]hop", false)]
    [InlineData("'; DROP TABLE releases; --", false)]
    [InlineData("sho\0p", true)]
    public async Task Search_matches_beginnings_and_takes_every_character_for_itself(string search, bool found)
    {
        await Store.AddAsync(Sample.Release(author: "Ines Okafor"), "pipeline", Token);

        Assert.Equal(found ? 1 : 0, (await Store.PageAsync(new ReleaseQuery { Search = search }, Token)).Items.Count);
    }

    [Fact]
    public async Task Nothing_is_read_or_written_before_the_schema_is_there()
    {
        var early = new OpsConsole.Core.Storage.ReleaseStore(new(Database.Contexts, new(), TimeProvider.System));

        await Assert.ThrowsAsync<RecordUnavailableException>(() => early.FindAsync(Guid.NewGuid(), Token));
    }

    private Task AssertFindsAsync(ReleaseQuery query, params Release[] expected) => AssertFindsAsync(query, expected.Length, expected);

    private async Task AssertFindsAsync(ReleaseQuery query, long total, params Release[] expected)
    {
        var page = await Store.PageAsync(query, Token);
        Assert.Equal(expected.Select(r => r.Id), page.Items.Select(r => r.Id));
        Assert.Equal(total, page.Total);
    }

    private async Task<Release> AtFullExposureAsync(Release release)
    {
        await Store.AddAsync(release, "pipeline", Token);
        release.EnterNextStage(Sample.Noon);
        release.EnterNextStage(Sample.Noon);
        Assert.True(await Store.SaveAsync(release, Sample.Event(release.Id, ReleaseEventKind.StageChanged), Token));
        return release;
    }

    private async Task<Release> EndAsync(Release release)
    {
        await Store.AddAsync(release, "pipeline", Token);
        release.RollBack(release.RegisteredAt.AddMinutes(1));
        Assert.True(await Store.SaveAsync(release, Sample.Event(release.Id, ReleaseEventKind.RolledBack), Token));
        return release;
    }
}

public sealed class ReleaseStoreOnEmbeddedPostgres(PostgresFixture postgres) : ReleaseStoreContract(postgres);

public sealed class ReleaseStoreOnConfiguredPostgres() : ReleaseStoreContract(null);

public sealed class ReleaseStoreOnConfiguredSqlServer() : ReleaseStoreContract(null), IOnSqlServer;
