using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Slos;

/// <summary>A book on a clock that the test moves.</summary>
internal sealed class SloRig
{
    public SloRig() => Book = new SloBook(Time);

    public FakeTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public SloBook Book { get; }

    public SloStanding Standing => Book.Find("checkout") ?? throw new InvalidOperationException("There is no standing yet.");

    public static Slo Slo(string name = "checkout", decimal objective = 99.9m, string period = "30d", SliShare share = SliShare.Bad) => new()
    {
        Name = name,
        Title = "Checkouts that go through",
        Service = "shop",
        Environment = "production",
        Owner = "commerce",
        Signal = new SignalKey("http_5xx_rate"),
        Share = share,
        ObjectivePercent = objective,
        Period = BurnRateWindows.ParsePeriod(period)!.Value,
        Why = "Every one of them is an order that was not placed.",
        Links = new SloLinks("https://runbooks.example/checkout", "https://dashboards.example/checkout"),
    };

    public void Set(Slo slo) => Book.Set(slo, [], []);

    public bool Record(double percent, long count = 100, TimeSpan? ago = null, string version = "2.15.0", string target = "gateway", string service = "shop", SampleKind kind = SampleKind.Measured) =>
        Book.Record(new SignalSample(new(service, target, "production", version, new SignalKey("http_5xx_rate")), Time.GetUtcNow() - (ago ?? TimeSpan.Zero), percent, count, kind));

    /// <summary>Measured time: a sample every 15 s and a look after each.</summary>
    public List<SloAlert> Run(TimeSpan span, double percent, long count = 100)
    {
        List<SloAlert> changed = [];
        for (var at = TimeSpan.Zero; at < span; at += TimeSpan.FromSeconds(15))
        {
            Time.Advance(TimeSpan.FromSeconds(15));
            Record(percent, count);
            Book.Refresh();
            changed.AddRange(Book.TakeAlerts());
        }

        return changed;
    }

    /// <summary>The same without looking, for long stretches: a sample every minute.</summary>
    public void Pass(TimeSpan span, double percent, long count = 400)
    {
        for (var at = TimeSpan.Zero; at < span; at += TimeSpan.FromMinutes(1))
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Record(percent, count);
        }
    }
}
