using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.ReleaseChannel;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>What holds for a release channel, whatever form its manifest has.</summary>
public abstract class ChannelTargetContract : TargetContract
{
    private protected S3Api Api { get; private set; } = null!;

    private protected override DeliveryTargetKind Kind => ChannelKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = "shop-app" };

    /// <summary>Name of the manifest in its folder.</summary>
    private protected abstract string File { get; }

    private protected string Live => $"shop-app/{File}";

    /// <summary>The manifest of one version alone, as what builds it writes it.</summary>
    private protected abstract string Published(string version);

    /// <summary>The manifest that programs read, with that version alone offered to everyone.</summary>
    private protected abstract string Channel(string version);

    [Fact]
    public async Task A_manifest_is_replaced_only_while_it_is_what_was_read()
    {
        Api.BeforeTheNextPut(() => Api[Live] = Channel("2.14.4"));

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare)));

        Assert.Contains("pre-conditions you specified did not hold (PreconditionFailed)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Channel("2.14.4"), Api[Live]);
    }

    [Fact]
    public async Task A_halt_offers_it_to_nobody_until_it_is_resumed()
    {
        await ApplyAsync(Change(FirstShare));
        var halt = Change(FirstShare, halted: true);
        await ApplyAsync(halt);
        await ApplyAsync(halt);

        Assert.Equal(2, Api.Changes);
        var seen = await SeenAsync();
        Assert.Equal(halt.ActionId, seen.LastActionId);
        Assert.Contains("nobody is offered it", seen.Besides, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_everyone_is_offered_can_be_halted_and_resumed()
    {
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(100, halted: true));
        Assert.Equal((100.0, true), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Halted));

        await ApplyAsync(Change(100));

        Assert.Equal((100.0, false), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Halted));
    }

    [Fact]
    public async Task What_nobody_is_offered_has_nothing_to_hold() =>
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(0, halted: true)));

    [Fact]
    public async Task What_is_halted_can_be_taken_out()
    {
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(FirstShare, halted: true));

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0.0, false), (seen.ExposurePercent, seen.Halted));
        Assert.Contains("keeps it", seen.Besides, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_higher_version_that_is_there_is_never_gone_below()
    {
        Api[Live] = Channel("2.16.0");

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare)));

        Assert.Contains("programs never go back", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Channel("2.16.0"), Api[Live]);
    }

    [Fact]
    public async Task Asked_too_often_is_said_by_503_here_and_asked_again()
    {
        Api.SlowDown(1);

        await ApplyAsync(Change(FirstShare));

        Assert.Equal(1, Api.Changes);
    }

    [Fact]
    public async Task Asked_too_often_for_long_did_nothing()
    {
        Api.SlowDown(100);

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare)));

        Assert.Equal(0, Api.Changes);
    }

    [Fact]
    public async Task Programs_ask_for_the_newest_manifest_each_time()
    {
        await ApplyAsync(Change(FirstShare));

        Assert.Equal("no-cache", Api.LastPut["Cache-Control"]);
        Assert.EndsWith("; charset=utf-8", Api.LastPut["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_no_name_of_an_object_is_refused() =>
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare) with { Version = "../2.15.0" }));

    [Theory]
    [InlineData("shop/latest.json", "Manifest ends neither in .xml (Sparkle) nor in .yml (electron-updater).")]
    [InlineData("/shop/latest.yml", "Manifest is no key of an object: it has an empty part, or one of dots.")]
    [InlineData("shop/../latest.yml", "Manifest is no key of an object: it has an empty part, or one of dots.")]
    public void A_manifest_that_is_none_is_told(string key, string fault)
    {
        var told = new Dictionary<string, string>(Settings(new Uri("https://s3.example.org"))) { ["Manifest"] = key };

        Assert.Equal([fault], new TargetSettings(Kind, "channel", Production, told).Faults());
    }

    private protected Task<TargetObservation> ObserveAsync(string version) =>
        Connect(Settings(Api.Address), TimeProvider.System).ObserveAsync(Service, Production, version, TestContext.Current.CancellationToken);

    private protected override ApiServer Serve()
    {
        Api = new S3Api(Secret)
        {
            [Live] = Channel(Before),
            [$"shop-app/{Before}/{File}"] = Published(Before),
            [$"shop-app/{New}/{File}"] = Published(New),
        };
        return Api;
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private Dictionary<string, string> Told(Uri address, string secret) => new()
    {
        ["Api"] = address.ToString(), ["Region"] = AwsSignatureCheck.Region, ["AccessKey"] = AwsSignatureCheck.AccessKey, ["SecretKey"] = secret,
        ["Bucket"] = S3Api.Bucket, ["Manifest"] = $"{{service}}/{File}",
    };
}
