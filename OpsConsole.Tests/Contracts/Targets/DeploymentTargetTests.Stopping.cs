using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class DeploymentTargetTests
{
    [Fact]
    public async Task What_is_past_its_deadline_is_coming_until_the_template_is_taken_back()
    {
        _api.Missing.Add(New);
        await ApplyAsync(Change(100));
        _api.IsPastDeadline = true;
        var seen = await SeenAsync();
        Assert.Equal((0d, true), (seen.ExposurePercent, seen.IsComing));

        await ApplyAsync(Change(0));

        seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task Where_there_shall_be_no_pods_a_roll_back_is_seen_too()
    {
        await ApplyAsync(Change(100));
        _api.Sleep();

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task What_somebody_paused_that_they_rolled_out_since_is_left_alone_by_a_roll_back()
    {
        await ApplyAsync(Change(100));
        _api.Edit("deployments", DeploymentApi.Name, d => (d["spec"]!["template"], d["spec"]!["paused"]) = (KubePods.Template("3.0.0"), true));
        var changes = _api.Changes;

        await ApplyAsync(Change(0));

        Assert.Equal((changes, true), (_api.Changes, _api.Deployment["spec"]!["paused"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Pods_whose_images_tell_no_version_are_not_taken_for_nobody_and_can_be_halted()
    {
        await ApplyAsync(Change(100));
        _api.Edit("deployments", DeploymentApi.Name, d => d["spec"]!["template"]!["spec"]!["containers"]![1]!["image"] = "mirror.example.org/shop:2.15.0");

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);
        Assert.Equal(
            "Who has which version is not known: the images of its pods (registry.example.org/proxy:7.1, mirror.example.org/shop:2.15.0) do not tell one version of the service by the setting Image.", told.Message);
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)));
        Assert.Contains("mirror.example.org/shop:2.15.0", refused.Message, StringComparison.Ordinal);

        await ApplyAsync(Change(100, halted: true));
        Assert.True(_api.Deployment["spec"]!["paused"]!.GetValue<bool>());
    }
}
