using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.AwsCodeDeploy;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed partial class CodeDeployTargetTests : TargetContract
{
    private CodeDeployApi _api = null!;

    private protected override DeliveryTargetKind Kind => CodeDeployKind.Value;

    /// <summary>The group's own configuration shifts the traffic.</summary>
    private protected override double FirstShare => 100;

    private protected override double NextShare => 100;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = CodeDeployApi.Application };

    [Fact]
    public async Task A_deployment_names_the_object_that_was_registered_and_the_action()
    {
        var change = Change(100);
        await ApplyAsync(change);

        Assert.Equal("etag-2.15.0", (string?)_api.Created.Single()["revision"]!["s3Location"]!["eTag"]);
        Assert.Equal(change.ActionId, (await SeenAsync()).LastActionId);
    }

    [Theory]
    [InlineData("Server")]
    [InlineData("Lambda")]
    [InlineData("ECS")]
    public async Task How_far_a_deployment_has_come_is_read(string platform)
    {
        (_api.Platform, _api.IsSlow) = (platform, true);
        await ApplyAsync(Change(100));
        _api.Reach(1);

        var seen = await SeenAsync();
        Assert.Equal(25, seen.ExposurePercent);
        Assert.StartsWith("Deployment d-000000002 is InProgress", seen.Underway, StringComparison.Ordinal);

        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((100, null), (seen.ExposurePercent, seen.Underway));
    }

    [Fact]
    public async Task A_deployment_that_goes_on_is_not_asked_for_again()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(100));

        Assert.Single(_api.Created);
    }

    [Fact]
    public async Task What_waits_to_be_continued_by_hand_is_told_and_not_continued()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Wait();

        await ApplyAsync(Change(100));

        Assert.Equal("Deployment d-000000002 is ready and waits to be continued in CodeDeploy.", (await SeenAsync()).Underway);
        Assert.Equal(1, _api.Changes);
    }

    [Theory]
    [InlineData("Server")]
    [InlineData("Lambda")]
    public async Task A_roll_back_stops_what_goes_on_and_is_seen_until_it_is_done(string platform)
    {
        (_api.Platform, _api.IsSlow) = (platform, true);
        await ApplyAsync(Change(100));
        _api.Reach(2);

        await ApplyAsync(Change(0));
        await ApplyAsync(Change(0));

        Assert.Single(_api.Created);
        Assert.Equal(2, _api.Changes);
        var seen = await SeenAsync();
        Assert.Equal(50, seen.ExposurePercent);
        Assert.NotNull(seen.Underway);
        _api.Reach(3);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        _api.End(well: true);
        seen = await SeenAsync();
        Assert.Equal((0, null), (seen.ExposurePercent, seen.Underway));
    }

    [Fact]
    public async Task A_roll_back_after_the_end_deploys_the_version_before()
    {
        await ApplyAsync(Change(100));
        _api.IsSlow = true;

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
        _api.Reach(3);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        _api.End(well: true);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_failed_half_way_is_told_and_taken_back()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(1);
        _api.End(well: false);

        var seen = await SeenAsync();
        Assert.Equal((25.0, "Deployment d-000000002 is Failed: Too many individual instances failed deployment."), (seen.ExposurePercent, seen.Stuck));
        Assert.Null(seen.Underway);

        await ApplyAsync(Change(0));

        _api.Reach(3);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        _api.End(well: true);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_roll_back_that_failed_is_asked_for_again()
    {
        _api.IsSlow = true;
        await ApplyAsync(Change(100));
        _api.Reach(2);
        await ApplyAsync(Change(0));
        _api.End(well: false);
        Assert.Equal(50, (await SeenAsync()).ExposurePercent);

        await ApplyAsync(Change(0));

        Assert.Equal(CodeDeployApi.KeyOf(Before), (string?)_api.Created[^1]["revision"]!["s3Location"]!["key"]);
    }

    [Fact]
    public async Task A_deployment_of_somebody_else_is_told_in_the_words_of_aws()
    {
        _api.Register("2.16.0");
        _api.IsSlow = true;
        await ApplyAsync(Change(100) with { Version = "2.16.0" });

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)));

        Assert.Contains("already has an active Deployment 'd-000000002' (DeploymentLimitExceededException)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traffic_that_servers_take_over_from_others_is_not_guessed()
    {
        (_api.IsBlueGreen, _api.IsSlow) = (true, true);
        await ApplyAsync(Change(100));
        _api.Reach(1);

        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);

        _api.End(well: true);
        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Theory]
    [InlineData(25, false)]
    [InlineData(100, true)]
    public async Task A_share_and_a_halt_are_refused_without_asking(double share, bool halted)
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(share, halted)));

        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task A_revision_that_is_not_registered_is_refused_with_how_to_do_it()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100) with { Version = "3.0.0" }));

        Assert.Contains("releases/shop-app/3.0.0.zip", refused.Message, StringComparison.Ordinal);
        Assert.Contains("aws deploy push", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{service}.zip", "Revision has no {version} in it, so every version would be the same revision.")]
    [InlineData("{service}/{version}.exe", "Revision does not end in .zip, .tar, .tgz, .yaml, .yml or .json.")]
    public void A_key_that_names_no_revision_is_told(string key, string fault)
    {
        var told = Told(new Uri("https://codedeploy.example.org"), "s");
        told["Revision"] = key;

        Assert.Equal([fault], new TargetSettings(Kind, "codedeploy", Production, told).Faults());
    }

    private protected override bool HoldBack() => _api.IsSlow = true;

    private protected override ApiServer Serve()
    {
        _api = new CodeDeployApi(Secret);
        _api.Register(Before);
        _api.Register(New);
        _api.Deployed(Before);
        return _api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private static Dictionary<string, string> Told(Uri address, string secret) => new()
    {
        ["Api"] = address.ToString(), ["Region"] = AwsSignatureCheck.Region, ["AccessKey"] = AwsSignatureCheck.AccessKey, ["SecretKey"] = secret,
        ["Group"] = CodeDeployApi.Group, ["Bucket"] = CodeDeployApi.Bucket,
    };
}
