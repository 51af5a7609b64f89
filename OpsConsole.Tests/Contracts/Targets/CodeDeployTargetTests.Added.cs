using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Instances that Auto Scaling adds: they get what succeeded last, also while something else is being deployed.</summary>
public sealed partial class CodeDeployTargetTests
{
    [Fact]
    public async Task An_instance_that_was_added_during_a_roll_back_has_the_version_until_it_is_made_again()
    {
        var back = await RolledBackBesideAnAddedOneAsync();
        var seen = await SeenAsync();
        Assert.Equal((20.0, true, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));
        Assert.Contains("d-000000004", seen.Stuck, StringComparison.Ordinal);

        await ApplyAsync(back);
        Assert.Equal(2, _api.Created.Count);
        await ApplyAsync(Change(0));

        Assert.Equal(3, _api.Created.Count);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Stuck));
    }

    [Fact]
    public async Task An_update_of_the_instance_that_was_added_is_waited_for_and_takes_the_version_back()
    {
        await RolledBackBesideAnAddedOneAsync();
        _api.Update(Before);
        await ApplyAsync(Change(0));

        Assert.Equal(2, _api.Created.Count);
        var seen = await SeenAsync();
        Assert.Equal((20.0, true), (seen.ExposurePercent, seen.IsComing));
        Assert.StartsWith("Deployment d-000000005 is InProgress", seen.Underway, StringComparison.Ordinal);

        _api.EndUpdate();
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null, null), (seen.ExposurePercent, seen.IsComing, seen.Underway, seen.Stuck));
    }

    [Fact]
    public async Task What_somebody_else_fails_to_deploy_hides_no_instance_that_was_added()
    {
        await RolledBackBesideAnAddedOneAsync();
        FailOthers(1);

        Assert.Equal((20.0, true), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).IsComing));
        await ApplyAsync(Change(0));

        Assert.Equal(3, _api.Created.Count);
    }

    [Fact]
    public async Task A_roll_back_leaves_alone_what_somebody_else_deployed_beside_an_instance_that_was_added()
    {
        await ApplyAsync(Change(100));
        _api.Begin("2.16.0");
        _api.Added(New);
        _api.End(well: true);

        await ApplyAsync(Change(0));

        Assert.Single(_api.Created);
        Assert.True((await SeenAsync()).IsComing);
    }

    [Fact]
    public async Task An_instance_that_was_added_during_a_promotion_has_not_got_it_until_it_is_asked_for_again()
    {
        _api.IsSlow = true;
        var change = Change(100);
        await ApplyAsync(change);
        _api.Added(Before);
        _api.End(well: true);
        var seen = await SeenAsync();
        Assert.Equal((80.0, null), (seen.ExposurePercent, seen.Underway));
        Assert.Contains("ask again", seen.Stuck, StringComparison.Ordinal);

        await ApplyAsync(change);
        Assert.Single(_api.Created);
        await ApplyAsync(Change(100));

        Assert.Equal(2, _api.Created.Count);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((100.0, null, null), (seen.ExposurePercent, seen.Underway, seen.Stuck));
    }

    [Fact]
    public async Task An_update_to_the_version_is_under_way_and_is_stopped_by_a_roll_back()
    {
        await ApplyAsync(Change(100));
        _api.Update(New);
        var seen = await SeenAsync();
        Assert.True(seen.IsComing);
        Assert.StartsWith("Deployment d-000000003 is InProgress", seen.Underway, StringComparison.Ordinal);

        await ApplyAsync(Change(0));

        Assert.Contains(_api.Requests, r => r.EndsWith("/StopDeployment", StringComparison.Ordinal));
        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));
    }

    [Theory]
    [InlineData(true, New, false)]
    [InlineData(true, New, true)]
    [InlineData(false, Before, false)]
    public async Task So_many_instances_that_were_added_that_nothing_is_found_behind_them_keep_nobody_from_rolling_back(bool well, string gets, bool oldestFirst)
    {
        (_api.IsSlow, _api.ListsOldestFirst) = (true, oldestFirst);
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.End(well);
        for (var i = 0; i < 60; i++)
        {
            _api.Added(gets);
        }

        var seen = await SeenAsync();
        Assert.Equal(100, seen.ExposurePercent);
        Assert.Contains("not found behind them", seen.Stuck, StringComparison.Ordinal);

        var back = Change(0);
        await ApplyAsync(back);

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Stuck));
        await ApplyAsync(back);
        Assert.Equal(2, _api.Created.Count);
    }

    [Fact]
    public async Task What_goes_on_behind_so_many_instances_that_were_added_is_found_and_stopped()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(1);
        for (var i = 0; i < 60; i++)
        {
            _api.Added(Before);
        }

        var seen = await SeenAsync();
        Assert.Equal((25.0, true), (seen.ExposurePercent, seen.IsComing));
        Assert.StartsWith("Deployment d-000000002 is InProgress", seen.Underway, StringComparison.Ordinal);

        await ApplyAsync(Change(0));

        Assert.Contains(_api.Requests, r => r.EndsWith("/StopDeployment", StringComparison.Ordinal));
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));
    }

    /// <summary>Everyone had the version and is rolled back, and an instance was added before that was through.</summary>
    private async Task<TargetChange> RolledBackBesideAnAddedOneAsync()
    {
        await ApplyAsync(Change(100));
        _api.IsSlow = true;
        var back = Change(0);
        await ApplyAsync(back);
        _api.Added(New);
        _api.End(well: true);
        return back;
    }
}
