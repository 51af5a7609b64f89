using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>What is connected stays so while it is needed, and nothing that is wrong takes it away.</summary>
public sealed class CatalogConnectionsTests : IDisposable
{
    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(ActionVerb.Halt, ActionPhase.Executing, true)]
    [InlineData(ActionVerb.Rollback, ActionPhase.Executing, true)]
    [InlineData(ActionVerb.Halt, ActionPhase.Unconfirmed, false)]
    [InlineData(ActionVerb.Rollback, ActionPhase.Unconfirmed, false)]
    [InlineData(ActionVerb.Promote, ActionPhase.AwaitingApproval, false)]
    public async Task A_stop_that_waits_for_its_target_keeps_nobody_from_mending_how_that_is_connected(ActionVerb verb, ActionPhase phase, bool blocks)
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        var before = _world.Targets.Find("workers", "production");
        var release = Sample.Release(target: "workers");
        _world.Record.Put(release);
        var action = Sample.Action(release, verb);
        action.Move(phase, _world.Time.GetUtcNow());
        _world.Record.Put(action);
        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));

        var answer = await _world.ApplyAsync();

        Assert.Equal(blocks, answer is RecordAnswer<CatalogVersion>.Refused);
        Assert.Equal(blocks, ReferenceEquals(before, _world.Targets.Find("workers", "production")));
    }

    [Fact]
    public async Task The_target_of_a_release_on_its_way_cannot_be_taken_out_and_can_be_mended()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        var release = Sample.Release(target: "workers");
        _world.Board.Track(release);
        _world.Board.BuildDue();
        _world.Delete();

        Assert.Equal("shop 2.15.0 is on its way on workers in production, and this takes away how it is stopped: roll it back or complete it first.", Assert.Single(Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(await _world.ApplyAsync()).Refusals).Sentence);
        Assert.NotNull(_world.Targets.Find("workers", "production"));
        Assert.Single(_world.Store.Versions);

        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());

        _world.Board.Untrack(release.Id);
        _world.Board.BuildDue();
        _world.Delete();
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
        Assert.Null(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task A_target_that_is_connected_otherwise_has_a_connection_at_every_moment()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));
        await _world.ApplyAsync();
        Assert.Equal(["add workers production", "add workers production"], _world.Targets.Done);

        _world.Delete();
        await _world.ApplyAsync();
        Assert.Equal("remove workers production", _world.Targets.Done[^1]);
    }

    [Fact]
    public async Task A_target_that_cannot_be_made_stays_as_it_was_is_told_and_tried_again_when_something_changes()
    {
        const string Before = """
            service: shop
            owner: { team: commerce }
            environments: [production]
            targets:
              workers:
                kind: brittle
                environments: { production: { part: a, token: { secret: cloudflare } } }
              hook:
                kind: webhook
                environments: { production: { address: "http://a", secret: { secret: webhook } } }
            """;
        var after = Before.Replace("part: a", "part: b", StringComparison.Ordinal).Replace("http://a", "http://b", StringComparison.Ordinal);
        _world.Write(Before);
        await _world.ApplyAsync();
        var (workers, hook) = (_world.Targets.Find("workers", "production"), _world.Targets.Find("hook", "production"));
        _world.Breaks = true;
        _world.Write(after);

        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
        await _world.Book.LookAsync(Token);
        await _world.Book.LookAsync(Token);

        Assert.Same(workers, _world.Targets.Find("workers", "production"));
        Assert.NotSame(hook, _world.Targets.Find("hook", "production"));
        var fault = Assert.Single(_world.Book.Standing.Unusable);
        Assert.Equal(("shop.yaml", 7), (fault.File, fault.Line));
        Assert.Equal("workers in production cannot be connected as this says, and stays connected as it was before: The key (secret) is broken. It is tried again with the next version, and at the next start.", fault.Message);
        Assert.Equal(2, _world.Made);
        Assert.Empty(_world.Book.Standing.Waiting);

        using (var other = new CatalogWorld(store: _world.Store) { Breaks = true })
        {
            var standing = await other.Book.LookAsync(Token);
            Assert.Contains("and is not connected: The key (secret) is broken", Assert.Single(standing.Unusable).Message, StringComparison.Ordinal);
            Assert.NotNull(other.Targets.Find("hook", "production"));
        }

        _world.Breaks = false;
        await _world.Book.LookAsync(Token);
        Assert.Equal(2, _world.Made);
        _world.Write(after.Replace("commerce", "payments", StringComparison.Ordinal));
        await _world.ApplyAsync();
        Assert.NotSame(workers, _world.Targets.Find("workers", "production"));
        Assert.Empty(_world.Book.Standing.Unusable);

        _world.Breaks = true;
        _world.Delete();
        await _world.ApplyAsync();
        Assert.Null(_world.Targets.Find("workers", "production"));
    }
}
