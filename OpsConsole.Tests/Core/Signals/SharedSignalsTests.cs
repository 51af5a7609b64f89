using OpsConsole.Core.Signals;
using OpsConsole.Web.Playground;

namespace OpsConsole.Tests.Core.Signals;

public sealed class SharedSignalsTests
{
    [Theory]
    [InlineData("2.15.0", "2.15.0", true)]
    [InlineData("2.15.0", "2.14.3", false)]
    [InlineData("2.15.0", "*", true)]
    [InlineData("*", "2.15.0", true)]
    [InlineData("*", "*", true)]
    public void Versions_are_the_same_or_one_is_every_version(string one, string other, bool shared)
    {
        Assert.Equal(shared, SharedSignals.Fault([At("errors", one)], [At("errors", other)], "the other") is not null);
        Assert.Null(SharedSignals.Fault([At("errors", one)], [At("latency", other)], "the other"));
    }

    [Fact]
    public void Another_service_target_or_environment_is_another_signal()
    {
        var one = At("errors", "*");

        Assert.Empty(SharedSignals.Of([one], [one with { Service = "search" }, one with { Target = "workers" }, one with { Environment = "staging" }]));
        Assert.Equal([one], SharedSignals.Of([one, At("latency", "*"), one], [one with { Version = "2.15.0" }]));
    }

    [Fact]
    public void It_is_told_what_is_shared_and_with_what() => Assert.Equal(
        "gives errors, latency of shop on gateway in production for version 2.15.0, which the source b gives already for every version: a signal has one source, so take it out of one of the two, or give it another name",
        SharedSignals.Fault([At("latency", "2.15.0"), At("errors", "2.15.0"), At("orders", "2.15.0")], [At("errors", "*"), At("latency", "*")], "the source b"));

    [Theory]
    [InlineData("shop")]
    [InlineData("search")]
    public void The_playground_reads_each_signal_once(string service)
    {
        RunningVersion[] running = [Running(service, "1.0.0"), Running(service, "2.0.0")];
        var bindings = running.SelectMany(r => new[] { PlaygroundBindings.For(r), PlaygroundBindings.ChecksOf(r) }).ToList();

        Assert.All(bindings, one => Assert.All(bindings.Where(other => other.Key != one.Key), other => Assert.Empty(SharedSignals.Of(one.Addresses, other.Addresses))));
    }

    private static RunningVersion Running(string service, string version) => new(service, version, new Uri("http://127.0.0.1:1"), null!, null!);

    private static SignalAddress At(string signal, string version) => new("shop", "gateway", "production", version, new(signal));
}
