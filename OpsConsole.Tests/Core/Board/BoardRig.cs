using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Board;

/// <summary>A board on a fake clock, with what tests do with it again and again.</summary>
internal sealed class BoardRig
{
    public const string Errors = "http_5xx_rate";

    public const string Latency = "p99_latency";

    public BoardRig() => Board = new ReleaseBoard(Time);

    public FakeTime Time { get; } = new();

    public ReleaseBoard Board { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static Release Release(
        string service = "shop", DateTimeOffset? registeredAt = null, string? previous = "1.0.0", string version = "2.0.0", string? switchKey = null, Guid? fixes = null, params SignalDefinition[] signals) => new()
    {
        Id = Guid.CreateVersion7(),
        Service = service,
        Target = "gateway",
        Environment = "production",
        Version = version,
        PreviousVersion = previous,
        Artifact = new Artifact("sha256:0", "abc", null, null),
        Owner = "commerce",
        SwitchKey = switchKey,
        FixesReleaseId = fixes,
        Stages = [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(50, TimeSpan.FromMinutes(10)), new Stage(100, TimeSpan.Zero)],
        Signals = signals.Length > 0 ? signals : [KnownSignals.Find(Errors)!],
        RegisteredAt = registeredAt ?? new DateTimeOffset(2026, 3, 1, 11, 0, 0, TimeSpan.Zero),
    };

    /// <summary>A release in its first stage, on the board and built once.</summary>
    public Release Rolling(string service = "shop", params SignalDefinition[] signals)
    {
        var release = Release(service, Now, signals: signals);
        release.EnterNextStage(Now);
        Board.Track(release);
        Board.BuildDue();
        return release;
    }

    public RecordOutcome Record(Release release, double value, long count = 100, string signal = Errors, DateTimeOffset? at = null, SampleKind kind = SampleKind.Measured, string? detail = null) =>
        Board.Record(new SignalSample(new(release.Service, release.Target, release.Environment, release.Version, new SignalKey(signal)), at ?? Now, value, count, kind, detail));

    public RecordOutcome RecordBaseline(Release release, double value, long count = 100, string signal = Errors) =>
        Board.Record(new SignalSample(new(release.Service, release.Target, release.Environment, release.PreviousVersion!, new SignalKey(signal)), Now, value, count));

    /// <summary>Moves the clock past every throttle and builds.</summary>
    public ReleaseSnapshot Build(Release release, double seconds = 1)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Board.BuildDue();
        return Board.Find(release.Id)!;
    }

    public ActionSummary Action(ActionPhase phase = ActionPhase.Executing, Guid? id = null) =>
        new(id ?? Guid.CreateVersion7(), ActionVerb.Halt, phase, "maria", Now, null, null);
}
