using System.Collections.Concurrent;
using System.Diagnostics;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Tracing;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>The spans that an action leaves, from the gate to its target.</summary>
public sealed class ActionTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly GateWorld _world = new();

    public ActionTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ConsoleTrace.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_promotion_is_followed_from_the_gate_to_its_target()
    {
        var release = _world.Release();
        var action = Accepted(await _world.PromoteAsync(release));
        await _world.RunAsync(action.Id);

        var gate = Span("gate promote", action.Id);
        Assert.Equal((Given.Manager.Name, "accepted", release.Id), (gate.GetTagItem("user.name"), gate.GetTagItem("opsconsole.gate.answer"), gate.GetTagItem("opsconsole.release.id")));
        var carried = Span("action promote", action.Id);
        Assert.Equal(("confirmed", "shop", "2.15.0", "production"), (
            carried.GetTagItem("opsconsole.action.outcome"), carried.GetTagItem("service.name"), carried.GetTagItem("service.version"), carried.GetTagItem("deployment.environment.name")));
        Assert.All([Span("target apply", action.Id), Span("target observe", action.Id)], span =>
        {
            Assert.Equal((carried.SpanId, ActivityKind.Client, "gateway"), (span.ParentSpanId, span.Kind, span.GetTagItem("opsconsole.target")));
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
        });
    }

    [Fact]
    public async Task What_a_target_refuses_is_an_error_of_its_span()
    {
        var release = _world.Release();
        _world.Target.OnApply = (_, _) => throw new TargetRefusedException("The gateway refused: no such version.");
        var action = Accepted(await _world.PromoteAsync(release));
        await _world.RunAsync(action.Id);

        var span = Span("target apply", action.Id);

        Assert.Equal((ActivityStatusCode.Error, "refused", "The gateway refused: no such version."), (span.Status, span.GetTagItem("error.type"), span.StatusDescription));
    }

    /// <summary>Other tests run beside this one: what is about the action is found by its id.</summary>
    private Activity Span(string name, Guid action) => _ended.First(a => a.OperationName == name && Equals(a.GetTagItem("opsconsole.action.id"), action));
}
