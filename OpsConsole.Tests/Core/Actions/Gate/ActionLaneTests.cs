using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class ActionLaneTests
{
    private readonly ActionLane _lane = new();

    [Fact]
    public void A_target_holds_up_only_what_is_for_itself()
    {
        var (slow, other) = (Enumerable.Range(0, ActionLane.SideBySide + 1).Select(_ => Guid.NewGuid()).ToList(), Guid.NewGuid());
        slow.ForEach(id => Assert.True(_lane.Add(id, "slow")));
        Assert.True(_lane.Add(other, "other"));

        var turns = Enumerable.Range(0, ActionLane.SideBySide + 1).Select(_ => _lane.TryTake()!).ToList();
        Assert.Equal([.. slow.Take(ActionLane.SideBySide), other], turns.Select(t => t.Action));
        Assert.Null(_lane.TryTake());
        Assert.Equal(1, _lane.Waiting);

        turns[0].Dispose();
        turns[0].Dispose();
        Assert.Equal(slow[^1], _lane.TryTake()!.Action);
        Assert.Null(_lane.TryTake());
    }

    [Fact]
    public void What_waits_already_is_not_put_there_again()
    {
        var id = Guid.NewGuid();
        Assert.True(_lane.Add(id, null));
        Assert.True(_lane.Add(id, null));

        Assert.Equal(id, _lane.TryTake()!.Action);
        Assert.Null(_lane.TryTake());

        // While it is carried out it can be asked for again.
        Assert.True(_lane.Add(id, null));
        Assert.Equal(1, _lane.Waiting);
    }

    [Fact]
    public void A_line_that_is_full_takes_nothing_and_another_does()
    {
        for (var i = 0; i < ActionLane.Capacity; i++)
        {
            Assert.True(_lane.Add(Guid.NewGuid(), "slow"));
        }

        Assert.False(_lane.Add(Guid.NewGuid(), "slow"));
        Assert.True(_lane.Add(Guid.NewGuid(), "other"));
    }

    [Fact]
    public async Task Whoever_waits_is_told_of_an_action_and_of_a_turn()
    {
        var taking = _lane.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(taking.IsCompleted);
        for (var i = 0; i < ActionLane.SideBySide; i++)
        {
            _lane.Add(Guid.NewGuid(), "slow");
        }

        var first = await taking;
        while (_lane.TryTake() is not null)
        {
        }

        var last = Guid.NewGuid();
        _lane.Add(last, "slow");
        var waiting = _lane.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        Assert.Equal(last, (await waiting).Action);
    }
}
