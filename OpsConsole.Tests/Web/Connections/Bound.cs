using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Connections;

/// <summary>Sources and targets on a clock that the test moves, and what pages and the API make of them.</summary>
internal sealed class Bound
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public Bound(FakeTime? time = null, ReleaseBoard? board = null, ITargetRegistry? targets = null)
    {
        Time = time ?? new FakeTime(Now);
        Board = board ?? new ReleaseBoard(Time);
        Targets = targets ?? new TargetRegistry(Time);
        var catalog = new SourceCatalog([new SourceKind("told", _ => [], b => new Told(b, this))]);
        Sources = new SourceReading(Schedule, catalog, Microsoft.Extensions.Options.Options.Create(Options), Faults, Board, Time);
        Reading = new TargetReading(Targets, Board, () => Services);
        Tests = new ConnectionTests(new SourceTest(catalog, Time), new TargetTest(Time), new TestSlots(), Sources, Targets, new SignedInRoles());
    }

    public FakeTime Time { get; }

    public ReleaseBoard Board { get; }

    public ITargetRegistry Targets { get; }

    public ToldSchedule Schedule { get; } = new();

    public SourceOptions Options { get; } = new();

    /// <summary>Why what follows releases is not read.</summary>
    public FollowFaults Faults { get; } = new();

    public SourceReading Sources { get; }

    public TargetReading Reading { get; }

    /// <summary>What the catalogue has.</summary>
    public List<CatalogService> Services { get; } = [];

    public ConnectionTests Tests { get; }

    /// <summary>What a source that is tested says; a value by default.</summary>
    public Func<SignalRule, SignalFinding> Finds { get; set; } = rule => new(rule.Signal, SampleKind.Measured, 0.4, 120, Now, 3, 3, null);

    /// <summary>How a read of a tested source ends.</summary>
    public Func<Task<string?>> Ends { get; set; } = static () => Task.FromResult<string?>(null);

    public static SourceBinding Binding(string key = "shop-2.15.0", string service = "shop", string version = "2.15.0", params string[] signals) => new()
    {
        Key = key, Kind = "told", Service = service, Target = "gateway", Environment = "production", Version = version,
        Address = new Uri($"http://user:s3cret@{service}.test:9100/metrics/{SourceBinding.VersionPlace}?token=s3cret"),
        Rules = [.. (signals.Length > 0 ? signals : ["http_5xx_rate"]).Select(s => new SignalRule { Signal = new(s), Kind = SignalRuleKind.Gauge, Numerator = s })],
    };

    /// <summary>A source that is read, with what was found of each of its signals.</summary>
    public SourceStatus Read(SourceBinding binding, params SignalFinding[] findings)
    {
        var health = new SourceHealth(binding, Now.AddMinutes(-10));
        health.Take(findings);
        var status = new SourceStatus(binding, findings.Length > 0 ? Now.AddSeconds(-2) : null, null, 0) { BegunAt = health.BegunAt, LastTriedAt = findings.Length > 0 ? Now.AddSeconds(-2) : null, Signals = health.Signals };
        Schedule.Sources.Add(status);
        return status;
    }

    /// <summary>A source that cannot be read.</summary>
    public void Failing(SourceBinding binding, string why)
    {
        var health = new SourceHealth(binding, Now.AddMinutes(-10));
        health.Fail(why);
        Schedule.Sources.Add(new(binding, null, why, 4) { BegunAt = health.BegunAt, LastTriedAt = Now.AddSeconds(-2), Signals = health.Signals });
    }

    public static SignalFinding Found(string signal = "http_5xx_rate", double value = 0.4, double age = 2) => new(new(signal), SampleKind.Measured, value, 120, Now.AddSeconds(-age), 3, 3, null);

    public static SignalFinding Missing(string signal = "http_5xx_rate", int? series = 0, string why = "The source has no metric of that name.") => new(new(signal), SampleKind.Missing, null, 0, null, series, null, why);

    private sealed class Told(SourceBinding binding, Bound bound) : ISignalSource
    {
        public IReadOnlyList<SignalFinding> Findings { get; private set; } = [];

        public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
        {
            var failure = await bound.Ends();
            Findings = failure is null ? [.. binding.Rules.Select(bound.Finds)] : [.. binding.Rules.Select(r => new SignalFinding(r.Signal, SampleKind.Error, null, 0, null, null, null, failure))];
            return failure;
        }
    }
}
