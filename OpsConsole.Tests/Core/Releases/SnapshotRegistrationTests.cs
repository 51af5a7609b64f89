using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Releases;

/// <summary>No release averages what its source tells over windows that lie over each other.</summary>
public sealed class SnapshotRegistrationTests
{
    private static readonly ReleaseRegistration Good = new()
    {
        Service = "shop", Target = "gateway", Environment = "staging", Version = "2.15.0", PreviousVersion = "2.14.3", Owner = "commerce",
        Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
    };

    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly KnownMeasurements _signals = new() { Names = ["queue_depth", "signup_rate"] };
    private readonly RegisterRelease _register;

    public SnapshotRegistrationTests() => _register = new RegisterRelease(
        _record, _record, _record, new InMemoryGates(_record), new ReleaseBoard(_time), new SwitchBoard(), _time, NullLogger<RegisterRelease>.Instance, new RegistrationPolicies(new InMemoryPolicies(), _signals));

    [Fact]
    public async Task A_signal_that_is_to_be_averaged_is_refused_with_what_to_say()
    {
        _signals.Windowed["crash_free_users"] = "pocket-health";

        var fault = Assert.Single(await FaultsAsync(Good with { Signals = [new() { Key = "http_5xx_rate" }, new() { Key = "crash_free_users", Aggregation = SignalAggregation.WeightedMean }] }));

        Assert.Equal("signals[1].aggregation", fault.Path);
        Assert.Equal(
            "crash_free_users is read from the source pocket-health, each of whose values is over a window of the source's own: a mean of them would count the same observations more than once. Say latest, or leave it out.",
            fault.Sentence);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SignalAggregation.Latest)]
    public async Task As_its_newest_it_is_registered_also_where_nothing_is_said(SignalAggregation? aggregation)
    {
        _signals.Windowed["crash_free_users"] = "pocket-health";

        var release = await RegisteredAsync(Good with { Signals = [new() { Key = "http_5xx_rate" }, new() { Key = "crash_free_users", Aggregation = aggregation }] });

        Assert.Equal([SignalAggregation.WeightedMean, SignalAggregation.Latest], release.Signals.Select(s => s.Aggregation));
    }

    [Fact]
    public async Task So_are_the_consoles_own_signals()
    {
        var plain = await RegisteredAsync(Good);
        _signals.Windowed["http_5xx_rate"] = "edge";
        _signals.Windowed["p99_latency"] = "edge";

        var release = await RegisteredAsync(Good with { Environment = "production" });

        Assert.Equal(plain.Signals.Select(s => s.Key.Value is "http_5xx_rate" or "p99_latency" ? s with { Aggregation = SignalAggregation.Latest } : s), release.Signals);
    }

    [Fact]
    public async Task What_is_wrong_with_the_signals_themselves_is_told_first()
    {
        _signals.Windowed["crash_free_users"] = "pocket-health";

        var fault = Assert.Single(await FaultsAsync(Good with { Signals = [new() { Key = "crash_free_users", Limit = double.NaN }] }));

        Assert.Equal("signals[0].limit", fault.Path);
    }

    [Fact]
    public async Task What_a_policy_alone_names_is_watched_as_its_newest()
    {
        const string policy = "canary:\n  stages:\n    - {traffic: 10%, duration: 2m}\n    - {traffic: 100%, duration: 15m}\n  auto_rollback_if:\n    - signup_rate > 2% for 5m\n";
        Assert.Equal(SignalAggregation.WeightedMean, (await RegisteredAsync(Good with { Policy = policy })).Signals.Single(s => s.Key.Value == "signup_rate").Aggregation);
        _signals.Windowed["signup_rate"] = "numbers";

        var release = await RegisteredAsync(Good with { Environment = "production", Policy = policy });

        Assert.Equal(SignalAggregation.Latest, release.Signals.Single(s => s.Key.Value == "signup_rate").Aggregation);
    }

    private async Task<Release> RegisteredAsync(ReleaseRegistration registration)
    {
        var answer = await _register.RegisterAsync(registration, new Operator("pipeline", Role.ReleaseManager, true), default);
        Assert.True(answer is RegisterAnswer.Registered, (answer as RegisterAnswer.Invalid)?.Faults is { } faults ? string.Join(" ", faults) : answer.ToString());
        return ((RegisterAnswer.Registered)answer).Release;
    }

    private async Task<IReadOnlyList<RegistrationFault>> FaultsAsync(ReleaseRegistration registration) =>
        Assert.IsType<RegisterAnswer.Invalid>(await _register.RegisterAsync(registration, new Operator("pipeline", Role.ReleaseManager, true), default)).Faults;
}
