using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class ElectronChannelTests : ChannelTargetContract
{
    private protected override string File => "latest.yml";

    private protected override string Published(string version) => $"""
        version: {version}
        files:
          - url: shop-setup-{version}.exe
            sha512: 4Xw/version: not a key/3Q==
            size: 78901234
        path: shop-setup-{version}.exe
        sha512: 4Xw==
        releaseDate: '2026-03-01T12:00:00.000Z'

        """;

    private protected override string Channel(string version) => Published(version);

    [Fact]
    public async Task A_share_is_one_line_of_the_published_manifest()
    {
        var change = Change(25);
        await ApplyAsync(change);

        Assert.Equal($"# opsconsole: {New} 25 Offered {change.ActionId:D}\n" + Published(New).Replace($"version: {New}\n", $"version: {New}\nstagingPercentage: 25\n", StringComparison.Ordinal), Api[Live]);
    }

    [Fact]
    public async Task Everyone_is_offered_what_was_published_whatever_share_that_said()
    {
        Api[$"shop-app/{New}/latest.yml"] = Published(New) + "stagingPercentage: 10\n";

        await ApplyAsync(Change(100));

        Assert.DoesNotContain("stagingPercentage", Api[Live], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_halted_is_offered_to_no_percentage()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(25, halted: true));

        Assert.Contains("\nstagingPercentage: 0\n", Api[Live], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_back_offers_the_version_before_to_everyone()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(0));

        Assert.EndsWith(Published(Before), Api[Live], StringComparison.Ordinal);
        Assert.Equal(100, (await ObserveAsync(Before)).ExposurePercent);
    }

    [Fact]
    public async Task A_part_of_a_percent_is_refused()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(12.5)));

        Assert.Contains("whole percentages", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Api.Requests);
    }

    [Fact]
    public async Task A_manifest_of_another_version_is_refused()
    {
        Api[$"shop-app/{New}/latest.yml"] = Published("2.15.1");

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));
    }

    [Fact]
    public async Task Whoever_raises_the_share_past_the_console_is_seen_and_ends_a_halt()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(25, halted: true));
        Api[Live] = Api[Live].Replace("stagingPercentage: 0", "stagingPercentage: 60.9", StringComparison.Ordinal);

        var seen = await SeenAsync();

        Assert.Equal((60.0, false), (seen.ExposurePercent, seen.Halted));
    }

    [Theory]
    [InlineData("version: 2.15.0\nversion: 2.14.0\n")]
    [InlineData("stagingPercentage: 5\n")]
    [InlineData("version: 2.15.0\nstagingPercentage: many\n")]
    public async Task What_is_no_manifest_is_not_read_as_one(string text)
    {
        Api[Live] = text;

        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);
    }
}
