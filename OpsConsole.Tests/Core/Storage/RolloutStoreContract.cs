using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class RolloutStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    [Fact]
    public async Task Saved_as_new_with_its_lines_and_read_back()
    {
        var release = await ReleaseAsync();
        var state = State(release);
        state.Move(RolloutStep.Holding, "Holds 5 %.", Sample.Noon, Guid.Parse("0198c1f0-0000-7000-8000-0000000000aa"));
        state.Remember("""{"triggers":[]}""");
        Assert.True(await Database.Rollouts.SaveAsync(state, [Line(release, "Holding: holds 5 %."), Line(release, "Trigger pending: x.")], Token));

        var read = (await Database.Rollouts.FindAsync(release.Id, Token))!;
        Assert.Equal((RolloutStep.Holding, "Holds 5 %.", """{"triggers":[]}""", 2), (read.Step, read.Reason, read.MemoryJson, read.Revision));
        Assert.Equal(state.ActionId, read.ActionId);
        Assert.True((read.StepSince - Sample.Noon).Duration() < TimeSpan.FromMicroseconds(1));
        Assert.Equal(2, (await Database.Releases.EventsAsync(release.Id, 10, Token)).Count(e => e.Kind == ReleaseEventKind.Rollout));
        Assert.Null(await Database.Rollouts.FindAsync(Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task Saved_again_only_at_the_revision_that_was_read()
    {
        var release = await ReleaseAsync();
        var state = State(release);
        state.Move(RolloutStep.Waiting, "Waits.", Sample.Noon);
        Assert.True(await Database.Rollouts.SaveAsync(state, [], Token));

        var (one, other) = ((await Database.Rollouts.FindAsync(release.Id, Token))!, (await Database.Rollouts.FindAsync(release.Id, Token))!);
        one.Move(RolloutStep.Promoting, "Promotes.", Sample.Noon.AddSeconds(1));
        one.Remember("{}");
        Assert.True(await Database.Rollouts.SaveAsync(one, [], Token));
        one.Move(RolloutStep.Holding, "Holds.", Sample.Noon.AddSeconds(2));
        Assert.True(await Database.Rollouts.SaveAsync(one, [], Token));

        other.Move(RolloutStep.Halting, "Halts.", Sample.Noon.AddSeconds(3));
        Assert.False(await Database.Rollouts.SaveAsync(other, [Line(release, "Halting: no.")], Token));
        Assert.Equal(RolloutStep.Holding, (await Database.Rollouts.FindAsync(release.Id, Token))!.Step);
        Assert.DoesNotContain(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Text.StartsWith("Halting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_that_save_it_as_new_one_wins()
    {
        var release = await ReleaseAsync();
        var saved = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
        {
            var state = State(release);
            state.Move(RolloutStep.Promoting, "Promotes.", Sample.Noon);
            return Database.Rollouts.SaveAsync(state, [Line(release, "Promoting: promotes.")], Token);
        }));

        Assert.Single(saved, s => s);
        Assert.Single(await Database.Releases.EventsAsync(release.Id, 10, Token), e => e.Kind == ReleaseEventKind.Rollout);
    }

    [Fact]
    public async Task Lists_those_that_there_are_and_text_that_no_database_stores_keeps_nothing_off_the_record()
    {
        var (first, second) = (await ReleaseAsync(), await ReleaseAsync("search"));
        foreach (var release in new[] { first, second })
        {
            var state = State(release);
            state.Move(RolloutStep.Paused, "No \0 value \ud800.", Sample.Noon);
            Assert.True(await Database.Rollouts.SaveAsync(state, [], Token));
        }

        Assert.Equal(
            new[] { first.Id, second.Id }.Order(), (await Database.Rollouts.ListAsync([first.Id, second.Id, Guid.NewGuid()], Token)).Select(r => r.ReleaseId).Order());
        Assert.Single(await Database.Rollouts.ListAsync([second.Id], Token));
        Assert.Empty(await Database.Rollouts.ListAsync([], Token));
    }

    private async Task<Release> ReleaseAsync(string service = "shop")
    {
        var release = Sample.Release(service);
        await Database.Releases.AddAsync(release, "anna", Token);
        return release;
    }

    private static RolloutState State(Release release) => new() { ReleaseId = release.Id };

    private static ReleaseEvent Line(Release release, string text) => new() { ReleaseId = release.Id, Kind = ReleaseEventKind.Rollout, At = Sample.Noon, Text = text, Actor = "console" };
}

public sealed class RolloutStoreOnEmbeddedPostgres(PostgresFixture postgres) : RolloutStoreContract(postgres);

public sealed class RolloutStoreOnConfiguredPostgres() : RolloutStoreContract(null);

public sealed class RolloutStoreOnConfiguredSqlServer() : RolloutStoreContract(null), IOnSqlServer;
