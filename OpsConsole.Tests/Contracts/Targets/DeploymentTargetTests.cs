using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class DeploymentTargetTests : TargetContract
{
    private DeploymentApi _api = null!;

    private protected override DeliveryTargetKind Kind => DeploymentKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = DeploymentApi.Name };

    /// <summary>It holds no share.</summary>
    private protected override double FirstShare => 100;

    private protected override double NextShare => 100;

    /// <summary>A cluster takes any image.</summary>
    private protected override bool KnowsVersions => false;

    [Fact]
    public async Task An_image_that_cannot_be_pulled_reaches_nobody_and_is_told_in_the_clusters_words()
    {
        _api.Missing.Add(New);
        await ApplyAsync(Change(100));
        var waiting = await SeenAsync();
        Assert.Equal((0, "1 of 4 pods have the newest template, and 4 of 5 are available.", null), (waiting.ExposurePercent, waiting.Underway, waiting.Stuck));

        _api.IsPastDeadline = true;

        var seen = await SeenAsync();
        Assert.Equal((0, null), (seen.ExposurePercent, seen.Underway));
        Assert.Equal("ReplicaSet \"shop-web-5f\" has timed out progressing.", seen.Stuck);
    }

    [Fact]
    public async Task It_is_under_way_until_every_pod_is_new_and_says_how_far_it_came()
    {
        _api.Pace = 1;
        await ApplyAsync(Change(100));

        var half = await SeenAsync();
        Assert.Equal((50d, "2 of 4 pods have the newest template, and 4 of 4 are available."), (half.ExposurePercent, half.Underway));
        Assert.Equal(75, (await SeenAsync()).ExposurePercent);
        var done = await SeenAsync();
        Assert.Equal((100, null), (done.ExposurePercent, done.Underway));
    }

    [Fact]
    public async Task A_change_that_the_controller_has_not_seen_is_under_way()
    {
        _api.Naps = 3;
        await ApplyAsync(Change(100));

        var seen = await SeenAsync();

        Assert.Equal((0d, false), (seen.ExposurePercent, seen.Halted));
        Assert.Contains("not taken the change up", seen.Underway, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_stops_it_half_way_and_a_resume_exposes_nobody_new_until_it_is_promoted_again()
    {
        _api.Pace = 1;
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(100, halted: true));
        var halted = await SeenAsync();
        Assert.Equal((50, true, null), (halted.ExposurePercent, halted.Halted, halted.Underway));

        await ApplyAsync(Change(50));
        var resumed = await SeenAsync();
        Assert.Equal((50, false, null), (resumed.ExposurePercent, resumed.Halted, resumed.Underway));

        _api.Pace = int.MaxValue;
        await ApplyAsync(Change(100));
        var done = await SeenAsync();
        Assert.Equal((100d, false), (done.ExposurePercent, done.Halted));
        Assert.Null(_api.Deployment["metadata"]!["annotations"]!["opsconsole/held"]);
    }

    [Fact]
    public async Task A_halt_after_a_resume_is_one_again()
    {
        _api.Pace = 1;
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(100, halted: true));
        await ApplyAsync(Change(50));

        await ApplyAsync(Change(50, halted: true));

        Assert.True((await SeenAsync()).Halted);
    }

    [Fact]
    public async Task A_share_between_none_and_all_is_refused_in_words()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.StartsWith("A Deployment cannot hold 25 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _api.Changes);
    }

    [Fact]
    public async Task A_roll_back_from_a_halt_takes_the_pause_off_and_goes_to_the_template_as_it_was()
    {
        var before = _api.Deployment["spec"]!["template"]!.DeepClone();
        _api.Pace = 1;
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(100, halted: true));
        _api.Pace = int.MaxValue;

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0, false, null), (seen.ExposurePercent, seen.Halted, seen.Underway));
        Assert.True(JsonNode.DeepEquals(before, _api.Deployment["spec"]!["template"]));
    }

    [Fact]
    public async Task A_roll_back_is_under_way_while_pods_of_the_version_are_left()
    {
        await ApplyAsync(Change(100));
        _api.Pace = 1;
        await ApplyAsync(Change(0));

        var seen = await SeenAsync();

        Assert.Equal(50, seen.ExposurePercent);
        Assert.NotNull(seen.Underway);
    }

    [Fact]
    public async Task A_previous_version_of_which_nothing_is_left_makes_a_roll_back_a_refusal()
    {
        await ApplyAsync(Change(100));
        _api.Delete("replicasets", (string)_api.SetOf(Before)["metadata"]!["name"]!);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0)));

        Assert.Contains("No ReplicaSet of 2.14.3 is left", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_rolled_out_since_is_left_alone_by_a_roll_back()
    {
        await ApplyAsync(Change(100));
        _api.Edit("deployments", DeploymentApi.Name, d => d["spec"]!["template"] = KubePods.Template("3.0.0"));
        var changes = _api.Changes;

        await ApplyAsync(Change(0));

        Assert.Equal(changes, _api.Changes);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_changed_between_reading_and_asking_is_thought_out_anew()
    {
        _api.Meanwhile = () => _api.Edit("deployments", DeploymentApi.Name, d => d["metadata"]!["labels"] = new JsonObject { ["team"] = "checkout" });

        await ApplyAsync(Change(100));

        Assert.Equal(2, _api.Requests.Count(r => r.StartsWith("PATCH", StringComparison.Ordinal)));
        Assert.Equal((100d, "checkout"), ((await SeenAsync()).ExposurePercent, (string?)_api.Deployment["metadata"]!["labels"]!["team"]));
    }

    [Fact]
    public async Task Only_the_image_of_the_service_is_changed_and_the_action_is_noted()
    {
        var change = Change(100);
        await ApplyAsync(change);

        var containers = _api.Deployment["spec"]!["template"]!["spec"]!["containers"]!;
        Assert.Equal(["registry.example.org/proxy:7.1", "registry.example.org/shop:2.15.0"], containers.AsArray().Select(c => (string)c!["image"]!));
        Assert.Equal(change.ActionId, (await SeenAsync()).LastActionId);
        Assert.NotNull(_api.Patches.Single().Patch["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_container_that_is_not_the_services_is_not_given_its_image()
    {
        _api.Edit("deployments", DeploymentApi.Name, d => d["spec"]!["template"]!["spec"]!["containers"]![1]!["image"] = "elsewhere.example.org/shop:2.14.3");

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)));

        Assert.Equal("No container there has an image of the form registry.example.org/shop:{version}.", refused.Message);
    }

    [Fact]
    public async Task A_version_that_cannot_be_a_tag_is_refused() =>
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = "2.15.0/../other" }));

    [Fact]
    public async Task Where_there_shall_be_no_pods_what_they_would_run_counts()
    {
        _api.Sleep();
        Assert.Equal((0, "No pod of the Deployment is ready, so nobody is answered."), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Besides));

        await ApplyAsync(Change(100));

        var seen = await SeenAsync();
        Assert.Equal((100, null), (seen.ExposurePercent, seen.Underway));
    }

    [Fact]
    public async Task Pods_of_other_owners_are_not_counted()
    {
        var stranger = (JsonObject)_api.SetOf(Before).DeepClone();
        stranger["metadata"]!["ownerReferences"]![0]!["uid"] = "uid-of-another";
        stranger["spec"]!["template"] = KubePods.Template(New);
        _api.Add(stranger);

        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Why_it_is_refused_is_told_in_the_clusters_words()
    {
        var values = new Dictionary<string, string>(Settings(_api.Address)) { ["Namespace"] = "shop-staging" };

        var refused = await Assert.ThrowsAsync<TargetUnreachableException>(() => Connect(values, TimeProvider.System).ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));

        Assert.Contains("cannot get resource in the namespace \"shop-staging\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_cannot_be_are_told_each() => Assert.Equal(
        [
            "Namespace is not the name of a namespace: lower-case letters, digits and hyphens, at most 63.",
            "Image does not say {version} exactly once.",
            "Token or TokenFile is needed, and not both.",
            "CaFile is not a file with certificates in PEM.",
        ],
        new TargetSettings(Kind, "cluster", Production, new Dictionary<string, string> { ["Namespace"] = "Shop!", ["Image"] = "shop:latest", ["CaFile"] = "/nowhere/ca.crt" }).Faults());

    /// <summary>Its image cannot be pulled.</summary>
    private protected override bool HoldBack() => _api.Missing.Add(New);

    private protected override ApiServer Serve() => _api = new DeploymentApi(Secret, "2.14.2", Before);

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => KubeTold.Of(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => KubeTold.Of(address, Secret + "-of-another");
}
