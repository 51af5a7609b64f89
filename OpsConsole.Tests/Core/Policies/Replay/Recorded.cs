using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Replay;

/// <summary>A release's record made by hand, with times in seconds after its first exposure.</summary>
internal sealed class Recorded
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 14, 0, 0, TimeSpan.Zero);

    private readonly List<ReleaseEvent> _events = [];
    private readonly List<SignalPoint> _points = [];

    public Recorded(params string[] signals)
    {
        var sample = Sample.Release(at: Start.AddMinutes(-5));
        Release = new Release
        {
            Id = sample.Id, Service = sample.Service, Target = sample.Target, Environment = sample.Environment, Version = sample.Version, PreviousVersion = sample.PreviousVersion,
            Artifact = sample.Artifact, Owner = sample.Owner, Stages = [new(5, TimeSpan.FromMinutes(10)), new(50, TimeSpan.FromMinutes(10)), new(100, TimeSpan.Zero)],
            Signals = [.. signals.DefaultIfEmpty("http_5xx_rate").Select(s => KnownSignals.Find(s)!)], RegisteredAt = sample.RegisteredAt, Migration = Migration,
        };
    }

    public MigrationClass Migration { get; init; }

    public Release Release { get; }

    public DateTimeOffset? KeptSince { get; set; }

    public DateTimeOffset AsOf { get; set; } = Start.AddHours(1);

    public IReadOnlyList<ReleaseEvent> Events => _events;

    public IReadOnlyList<SignalPoint> Points => _points;

    public static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    public static Trigger Trigger(string text, string signal, double threshold, int seconds = 0, int recover = 0, TriggerMeasure measure = TriggerMeasure.Value, TriggerComparison comparison = TriggerComparison.Above) => new()
    {
        Text = text, Signal = signal, Measure = measure, Comparison = comparison, Threshold = threshold, Unit = SignalUnit.Percent,
        For = TimeSpan.FromSeconds(seconds), RecoverFor = TimeSpan.FromSeconds(recover),
    };

    /// <summary>A policy with triggers and the stages of the release.</summary>
    public static ReleasePolicy Policy(TriggerReaction reaction, params Trigger[] triggers) => new()
    {
        Canary = new CanaryPolicy { AutoRollbackIf = triggers },
        Delivery = new DeliverySettings { OnTrigger = reaction },
    };

    public Recorded Moved(int seconds, double percent, ReleaseEventKind kind = ReleaseEventKind.StageChanged)
    {
        _events.Add(new ReleaseEvent { ReleaseId = Release.Id, Kind = kind, At = At(seconds), Text = "moved", ExposurePercent = percent });
        return this;
    }

    /// <summary>A point every ten seconds, the first at <paramref name="from"/>, the last at <paramref name="to"/>.</summary>
    public Recorded Measured(string signal, int from, int to, double value, long count = 600, SignalSide side = SignalSide.Canary)
    {
        for (var at = from; at <= to; at += 10)
        {
            _points.Add(new SignalPoint(Release.Id, new SignalKey(signal), side, At(at), value, count));
        }

        return this;
    }

    public ReleaseHistory History() => ReleaseHistory.Of(Release, _events, _points, KeptSince, AsOf);
}
