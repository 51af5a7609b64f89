using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>What CodeDeploy calls succeeded on servers, and what began beside a roll back.</summary>
public sealed partial class CodeDeployTargetTests
{
    [Fact]
    public async Task A_deployment_that_succeeded_and_failed_on_instances_has_not_reached_everyone_and_is_asked_for_again()
    {
        _api.Failing = 3;
        var change = Change(100);
        await ApplyAsync(change);
        await ApplyAsync(change);

        Assert.Single(_api.Created);
        var seen = await SeenAsync();
        Assert.Equal((25.0, null, "Deployment d-000000002 is Succeeded, but 3 of 4 instances failed."), (seen.ExposurePercent, seen.Underway, seen.Stuck));
        Assert.Equal(75, (await SeenAsync(Before)).ExposurePercent);

        (_api.Failing, _api.IsSlow) = (0, true);
        await ApplyAsync(Change(100));

        seen = await SeenAsync();
        Assert.Equal((25.0, null), (seen.ExposurePercent, seen.Stuck));
        Assert.NotNull(seen.Underway);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((100.0, null, null), (seen.ExposurePercent, seen.Underway, seen.Stuck));
    }

    [Fact]
    public async Task What_failed_on_instances_is_taken_back_from_all_of_them()
    {
        _api.Failing = 3;
        await ApplyAsync(Change(100));
        _api.Failing = 0;

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Instances_on_which_a_roll_back_failed_may_have_the_version_until_it_is_made_again()
    {
        await ApplyAsync(Change(100));
        _api.Failing = 1;
        var back = Change(0);
        await ApplyAsync(back);
        await ApplyAsync(back);

        Assert.Equal(2, _api.Created.Count);
        var seen = await SeenAsync();
        Assert.Equal((25.0, null, "Deployment d-000000003 is Succeeded, but 1 of 4 instances failed."), (seen.ExposurePercent, seen.Underway, seen.Stuck));

        _api.Failing = 0;
        await ApplyAsync(Change(0));

        Assert.Equal(3, _api.Created.Count);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_of_codedeploy_that_failed_on_instances_is_made_again()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(2);
        await ApplyAsync(Change(0));
        _api.Failing = 1;
        _api.End(well: true);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)Assert.Single(_api.Created, c => c["description"]!.ToString().EndsWith(New, StringComparison.Ordinal))["revision"]!["s3Location"]!["key"]);
    }

    [Fact]
    public async Task What_is_deployed_again_over_itself_is_stopped_without_codedeploys_roll_back_to_the_same()
    {
        _api.Failing = 3;
        await ApplyAsync(Change(100));
        (_api.Failing, _api.IsSlow) = (0, true);
        await ApplyAsync(Change(100));

        await ApplyAsync(Change(0));

        Assert.Equal([New, New, Before], _api.Created.Select(c => ((string)c["revision"]!["s3Location"]!["key"]!).Split('/')[^1].Replace(".zip", "", StringComparison.Ordinal)));
        _api.End(well: true);
        Assert.Equal((0.0, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Underway));
    }

    [Fact]
    public async Task A_roll_back_leaves_alone_what_somebody_else_deployed_to_some_instances()
    {
        await ApplyAsync(Change(100));
        _api.Failing = 1;
        _api.Deployed("2.16.0");

        await ApplyAsync(Change(0));

        Assert.Single(_api.Created);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Theory]
    [InlineData("2.16.0", 1)]
    [InlineData(New, 3)]
    public async Task A_roll_back_beside_something_that_began_meanwhile_is_no_refusal(string version, int changes)
    {
        await ApplyAsync(Change(100));
        _api.IsSlow = true;
        _api.BeforeCreate = () => _api.Begin(version);

        await ApplyAsync(Change(0));

        Assert.NotNull((await SeenAsync()).Underway);
        _api.End(well: true);
        await ApplyAsync(Change(0));
        Assert.Equal((0.0, null), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Underway));
        Assert.Equal(changes, _api.Changes);
    }

    private Task<TargetObservation> SeenAsync(string version) =>
        Connect(Settings(_api.Address), TimeProvider.System).ObserveAsync(Service, Production, version, TestContext.Current.CancellationToken);
}
