using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Others change the app while the console does.</summary>
public sealed partial class PlayTargetTests
{
    [Fact]
    public async Task An_edit_that_another_change_ended_is_begun_anew()
    {
        _api.BeforeCommit = _api.EndEdits;

        await ApplyAsync(Change(25));

        Assert.Equal((25d, false), await StandsAsync());
        Assert.Equal(1, _api.Changes);
    }

    [Fact]
    public async Task A_change_is_not_made_over_one_that_came_between()
    {
        await ApplyAsync(Change(25));
        _api.BeforeCommit = () => _api.Put(New, 215, "halted", 0.25);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));

        Assert.Contains("Somebody else changed 2.15.0 meanwhile: it is halted at 25 % now.", refused.Message, StringComparison.Ordinal);
        Assert.Equal((25d, true), await StandsAsync());
    }

    [Fact]
    public async Task A_halt_is_made_over_whatever_came_between()
    {
        await ApplyAsync(Change(25));
        _api.BeforeCommit = () => _api.Put(New, 215, "inProgress", 0.5);

        await ApplyAsync(Change(25, halted: true));

        Assert.Equal((50d, true), await StandsAsync());
    }

    [Fact]
    public async Task An_app_that_is_changed_all_the_time_is_given_up_without_a_change()
    {
        void Again()
        {
            _api.EndEdits();
            _api.BeforeCommit = Again;
        }

        _api.BeforeCommit = Again;

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.Equal(0, _api.Changes);
        Assert.Equal(3, _api.Requests.Count(r => _api.IsChange("POST", r)));
    }

    [Fact]
    public async Task Reading_while_a_change_is_made_ends_neither()
    {
        await ApplyAsync(Change(1));

        Task[] all = [.. Enumerable.Range(2, 5).Select(i => TryAsync(Change(i))), .. Enumerable.Range(0, 5).Select(_ => SeenAsync())];
        await Task.WhenAll(all);

        Assert.Equal((double)Live(New)["userFraction"]! * 100, (await SeenAsync()).ExposurePercent, 3);

        async Task TryAsync(TargetChange change)
        {
            try
            {
                await ApplyAsync(change);
            }
            catch (TargetRefusedException)
            {
                // A larger share came before it.
            }
        }
    }
}
