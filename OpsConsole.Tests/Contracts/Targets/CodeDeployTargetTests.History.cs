namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>What stands behind the newest deployment: others that failed, and those to instances that were added.</summary>
public sealed partial class CodeDeployTargetTests
{
    [Theory]
    [InlineData("Server")]
    [InlineData("Lambda")]
    public async Task What_failed_before_something_else_failed_is_there_still_and_is_taken_back(string platform)
    {
        (_api.Platform, _api.IsSlow) = (platform, true);
        await ApplyAsync(Change(100));
        _api.Reach(2);
        _api.End(well: false);
        FailOthers(1);
        var seen = await SeenAsync();
        Assert.Equal((50.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));
        Assert.Equal(0, (await SeenAsync("2.17.0")).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        _api.End(well: true);
        Assert.Equal((0.0, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Underway));
    }

    [Theory]
    [InlineData(30, false, 25)]
    [InlineData(30, true, 25)]
    [InlineData(60, false, 100)]
    [InlineData(60, true, 100)]
    public async Task What_failed_long_ago_is_found_behind_many_others_and_never_taken_for_nobody(int others, bool oldestFirst, double share)
    {
        (_api.IsSlow, _api.PageSize, _api.ListsOldestFirst) = (true, 10, oldestFirst);
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.End(well: false);
        FailOthers(others);
        var requests = _api.Requests.Count;

        Assert.Equal(share, (await SeenAsync()).ExposurePercent);

        Assert.InRange(_api.Requests.Count - requests, 1, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_failed_so_long_ago_that_it_is_not_found_is_taken_back_all_the_same(bool oldestFirst)
    {
        (_api.IsSlow, _api.ListsOldestFirst) = (true, oldestFirst);
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.End(well: false);
        FailOthers(60);

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        _api.End(well: true);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_a_roll_back_may_have_left_is_not_taken_for_reached_by_the_next_promotion()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.End(well: false);
        await ApplyAsync(Change(0));
        _api.End(well: false);
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(100));

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_deployment_that_went_to_no_instance_takes_nothing_back()
    {
        await ApplyAsync(Change(100));
        _api.DeployedToNone(Before);
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Theory]
    [InlineData("ListDeployments")]
    [InlineData("BatchGetDeployments")]
    public async Task A_policy_that_allows_no_listing_is_told_and_keeps_nothing_from_being_stopped(string denied)
    {
        (_api.IsSlow, _api.Denied) = (true, denied);
        await ApplyAsync(Change(100));
        _api.Reach(1);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal("/StopDeployment", _api.Requests.Last(r => r.Contains("StopDeployment", StringComparison.Ordinal)).Split(' ')[^1]);
        _api.Reach(3);
        var seen = await SeenAsync();
        Assert.True(seen.ExposurePercent >= 25, $"{seen.ExposurePercent} %");
        Assert.Contains("codedeploy:ListDeployments", seen.Besides, StringComparison.Ordinal);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0.0, false, null), (seen.ExposurePercent, seen.IsComing, seen.Underway));

        _api.IsSlow = false;
        await ApplyAsync(Change(100));
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
        await ApplyAsync(Change(0));
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Instances_on_which_it_failed_may_have_it_until_it_is_taken_back()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Failing = 2;
        _api.End(well: false);
        var seen = await SeenAsync();
        Assert.Equal((0.0, true), (seen.ExposurePercent, seen.IsComing));

        FailOthers(1);
        Assert.Equal(50, (await SeenAsync()).ExposurePercent);
        await ApplyAsync(Change(0));

        _api.Failing = 0;
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0.0, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task What_goes_to_an_instance_that_was_added_says_nothing_of_the_others()
    {
        _api.Failing = 3;
        await ApplyAsync(Change(100));
        _api.Added(New);

        var seen = await SeenAsync();

        Assert.Equal((25.0, "Deployment d-000000002 is Succeeded, but 3 of 4 instances failed."), (seen.ExposurePercent, seen.Stuck));
    }

    [Fact]
    public async Task What_goes_on_behind_an_instance_that_was_added_is_seen_and_stopped()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.Added(Before);
        var seen = await SeenAsync();
        Assert.Equal((20.0, true), (seen.ExposurePercent, seen.IsComing));
        Assert.StartsWith("Deployment d-000000002 is InProgress", seen.Underway, StringComparison.Ordinal);

        await ApplyAsync(Change(0));

        Assert.Equal("/StopDeployment", _api.Requests[^1].Split(' ')[^1]);
        Assert.False((await SeenAsync()).IsComing);
    }

    /// <summary>Somebody else's deployments, none of which reached an instance.</summary>
    private void FailOthers(int times)
    {
        var failing = _api.Failing;
        _api.Failing = 0;
        for (var i = 0; i < times; i++)
        {
            _api.Begin("2.16.0");
            _api.End(well: false);
        }

        _api.Failing = failing;
    }
}
