using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Tests.Web.Playground;

public sealed class PlaygroundRegisterTests : IAsyncLifetime
{
    private static readonly Uri Console = new("http://127.0.0.1:5080/");

    private readonly string _folder = Directory.CreateTempSubdirectory("register").FullName;
    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly SwitchBoard _flags = new();
    private readonly PlaygroundRegister _register;
    private PlaygroundServers _servers;

    public PlaygroundRegisterTests()
    {
        var register = new RegisterRelease(_record, _record, _record, new InMemoryGates(_record), new ReleaseBoard(_time), _flags, _time, NullLogger<RegisterRelease>.Instance);
        _register = new PlaygroundRegister(_record, _record, _flags, register, _time, NullLogger.Instance);
        _servers = new PlaygroundServers(_folder, Console, "token", "token", _time);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_four_rollouts_are_registered_once()
    {
        var first = await RegisterAsync();
        var second = await RegisterAsync();

        Assert.Equal(4, first.Count);
        Assert.Equal(first, second);
        Assert.Equal(4, (await _record.ListBoardAsync(default)).Count);
    }

    [Fact]
    public async Task All_four_signal_families_are_judged()
    {
        await RegisterAsync();

        var families = (await _record.ListBoardAsync(default)).SelectMany(release => release.Signals).Select(signal => signal.Family).ToHashSet();

        Assert.Superset(new HashSet<SignalFamily> { SignalFamily.Errors, SignalFamily.Latency, SignalFamily.CrashFree, SignalFamily.Business }, families);
    }

    [Fact]
    public async Task The_switch_is_added_once_and_stays_killed()
    {
        await _register.AddSwitchesAsync(default);
        var stored = (await _record.FindAsync(Recommendations.Flag, default))!;
        stored.Kill("ann", "slow", _time.GetUtcNow());
        _record.Put(stored);

        await _register.AddSwitchesAsync(default);

        Assert.True(_flags.Find(Recommendations.Flag)!.Killed);
    }

    [Fact]
    public async Task Nobody_has_a_version_that_was_only_just_registered_whatever_an_older_record_left()
    {
        _servers.Gateway.Splits.Put("shop", new RolloutChange(Guid.NewGuid(), "2.15.0", "2.14.3", 50, Halted: true));

        await RegisterAsync();

        Assert.Equal(0, _servers.Gateway.Splits.Find("shop")!.ExposurePercent);
        Assert.False(_servers.Gateway.Splits.Find("shop")!.Halted);
    }

    [Fact]
    public async Task A_target_that_lost_its_state_is_set_to_what_is_on_record()
    {
        await RegisterAsync();
        var shop = (await _record.ListBoardAsync(default)).Single(release => release.Service == "shop");
        shop.EnterNextStage(_time.GetUtcNow());
        shop.Halt(_time.GetUtcNow());
        _record.Put(shop);
        await _servers.DisposeAsync();
        File.Delete(Path.Combine(_folder, "gateway.json"));
        _servers = new PlaygroundServers(_folder, Console, "token", "token", _time);

        await RegisterAsync();

        Assert.Equal(5, _servers.Gateway.Splits.Find("shop")!.ExposurePercent);
        Assert.True(_servers.Gateway.Splits.Find("shop")!.Halted);
    }

    [Fact]
    public async Task A_target_that_kept_its_state_is_left_alone()
    {
        await RegisterAsync();
        _servers.Gateway.Splits.Apply("shop", new RolloutChange(Guid.NewGuid(), "2.15.0", "2.14.3", 25, Halted: false));

        await RegisterAsync();

        Assert.Equal(25, _servers.Gateway.Splits.Find("shop")!.ExposurePercent);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://+:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://*:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://127.0.0.1:5081", null)]
    [InlineData("unix:/tmp/socket", null)]
    public void The_consoles_own_address_is_one_that_can_be_called(string listens, string? called) =>
        Assert.Equal(called, PlaygroundEstate.Reachable(listens)?.ToString());

    private async Task<IReadOnlyList<Guid>> RegisterAsync() => await _register.RegisterAsync(_servers, Console, CancellationToken.None);
}
