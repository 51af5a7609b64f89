using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Devices;

namespace OpsConsole.Tests.Web.Playground;

public sealed class PocketAppTests
{
    [Fact]
    public void The_new_android_build_crashes_where_amounts_are_written_with_a_comma_and_nowhere_else()
    {
        var devices = Device.All(StorePlatform.Android, "7.4.0", null);
        var crashed = devices.Where(device => Record.Exception(() => PocketApp.ReadBudget(device)) is FormatException).ToList();

        Assert.NotEmpty(crashed);
        Assert.Equal(devices.Where(device => device.Locale == "de-DE"), crashed);
        Assert.True(crashed.Count < devices.Length / 5);
    }

    [Theory]
    [InlineData(StorePlatform.Android, "7.3.1")]
    [InlineData(StorePlatform.Ios, "7.3.1")]
    [InlineData(StorePlatform.Ios, "7.4.0")]
    [InlineData(StorePlatform.Android, "7.4.1")]
    public void The_other_builds_read_every_device_alike(StorePlatform platform, string version) =>
        Assert.All(Device.All(platform, version, null), device => Assert.InRange(PocketApp.ReadBudget(device), 1000, 2000));

    [Fact]
    public void A_device_takes_updates_and_never_goes_back()
    {
        var device = new Device(StorePlatform.Ios, 1, "7.3.1");

        Assert.True(device.Install("7.4.0"));
        Assert.False(device.Install("7.3.1"));
        Assert.False(device.Install("7.4.0"));
        Assert.False(device.Install("not a version"));
        Assert.Equal("7.4.0", device.Version);
    }

    [Fact]
    public void What_is_installed_survives_a_restart() => Assert.Equal(
        "7.4.0",
        Device.All(StorePlatform.Ios, "7.3.1", new Dictionary<string, string> { ["ios-004"] = "7.4.0" })[4].Version);

    [Fact]
    public void A_report_counts_sessions_once_and_users_of_the_window()
    {
        var time = new FakeTime();
        var tally = new SessionTally(time);
        tally.Add("a", new SessionResult(TimeSpan.FromMilliseconds(40), SignedUp: true, FailedRequests: 0, Requests: 2));
        tally.AddCrash("b");
        tally.AddCrash("b");

        var first = tally.Take()!;
        Assert.Equal(new SessionCounts(3, 2, 1, 2, 0), first.Counts);
        Assert.Equal((2, 1), (first.Users, first.CrashFreeUsers));
        Assert.Equal(TimeSpan.FromMilliseconds(40), first.LaunchP95);
        Assert.Null(tally.Take());

        time.Advance(SessionTally.Window + TimeSpan.FromSeconds(1));
        tally.Add("a", new SessionResult(TimeSpan.FromMilliseconds(50), SignedUp: false, FailedRequests: 1, Requests: 2));
        var second = tally.Take()!;
        Assert.Equal((1, 1), (second.Users, second.CrashFreeUsers));
        Assert.Equal(new SessionCounts(1, 0, 0, 2, 1), second.Counts);
    }

    [Fact]
    public void Samples_say_what_was_measured_and_leave_out_what_was_not()
    {
        var time = new FakeTime();
        var crashedOnly = new SessionReport(new SessionCounts(4, 4, 0, 0, 0), 2, 0, null, 0);

        var samples = SignalReporter.Samples(StorePlatform.Android, "7.4.0", crashedOnly, time.GetUtcNow()).ToList();

        Assert.Equal(["crash_free_sessions", "crash_free_users", "sign_up_rate"], samples.Select(sample => sample.Signal));
        Assert.All(samples, sample => Assert.Equal(0, sample.Value));
        Assert.All(samples, sample => Assert.Equal("play-store", sample.Target));
    }
}
