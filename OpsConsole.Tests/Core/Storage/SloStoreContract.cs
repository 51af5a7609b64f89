using OpsConsole.Core.Slos;
using OpsConsole.Tests.Core.Slos;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class SloStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private ISloStore Store => Database.Slos;

    [Fact]
    public async Task A_definition_comes_back_as_it_was_saved_and_saving_again_replaces_it()
    {
        var slo = SloRig.Slo(objective: 99.95m) with { ChangedAt = Noon, ChangedBy = "mira", Target = "gateway" };
        Assert.True(await Store.SaveAsync(slo, keepsCounts: false, Token));
        Assert.Equal(slo, Assert.Single(await Store.ListAsync(Token)));

        var changed = slo with { Title = "Changed", Target = null, Period = TimeSpan.FromDays(7) };
        Assert.False(await Store.SaveAsync(changed, keepsCounts: true, Token));
        await Store.SaveAsync(SloRig.Slo("another"), keepsCounts: false, Token);
        Assert.Equal(["another", "checkout"], (await Store.ListAsync(Token)).Select(s => s.Name));
        Assert.Equal(changed, (await Store.ListAsync(Token))[1]);
    }

    [Fact]
    public async Task Buckets_are_written_by_value_however_often()
    {
        await Store.WriteAsync([Window(0), Window(5), Window(0, version: "2.15.0")], Token);
        await Store.WriteAsync([Window(0) with { Good = 90, Total = 99 }, Window(10)], Token);
        await Store.WriteAsync([Window(10), Window(10)], Token);
        await Store.WriteAsync([], Token);

        var windows = await Store.WindowsAsync("checkout", Token);
        Assert.Equal([Window(0) with { Good = 90, Total = 99 }, Window(0, version: "2.15.0"), Window(5), Window(10)], windows);
        Assert.Empty(await Store.WindowsAsync("another", Token));
    }

    [Fact]
    public async Task Counts_go_with_a_definition_that_counts_something_else_and_stay_with_one_that_does_not()
    {
        await Store.SaveAsync(SloRig.Slo(), keepsCounts: false, Token);
        await Store.WriteAsync([Window(0), Window(0) with { Slo = "another" }], Token);

        await Store.SaveAsync(SloRig.Slo(), keepsCounts: true, Token);
        Assert.Single(await Store.WindowsAsync("checkout", Token));
        await Store.SaveAsync(SloRig.Slo(), keepsCounts: false, Token);
        Assert.Empty(await Store.WindowsAsync("checkout", Token));
        Assert.Single(await Store.WindowsAsync("another", Token));
    }

    [Fact]
    public async Task Deleted_with_its_counts_and_without_its_alerts()
    {
        await Store.SaveAsync(SloRig.Slo(), keepsCounts: false, Token);
        await Store.WriteAsync([Window(0)], Token);
        await Store.SaveAsync([Alert(1)], Token);

        Assert.True(await Store.DeleteAsync("checkout", Token));
        Assert.False(await Store.DeleteAsync("checkout", Token));
        Assert.Empty(await Store.ListAsync(Token));
        Assert.Empty(await Store.WindowsAsync("checkout", Token));
        Assert.Single(await Store.AlertsAsync("checkout", 10, Token));
    }

    [Fact]
    public async Task Trimmed_by_age_and_width()
    {
        await Store.WriteAsync([Window(0), Window(5), Window(0) with { WidthSeconds = 3600 }, Window(0) with { Slo = "another" }], Token);

        Assert.Equal(1, await Store.TrimAsync("checkout", 300, Noon.AddMinutes(5), Token));
        Assert.Equal([300, 3600], (await Store.WindowsAsync("checkout", Token)).Select(w => w.WidthSeconds));
        Assert.Single(await Store.WindowsAsync("another", Token));
    }

    [Fact]
    public async Task Alerts_come_newest_first_and_the_firing_ones_for_themselves()
    {
        var (first, second) = (Alert(1), Alert(2));
        await Store.SaveAsync([first, second, Alert(3) with { Slo = "another" }], Token);
        var resolved = first.Resolved(Noon.AddHours(1), "Over.");
        await Store.SaveAsync([resolved], Token);

        var alerts = await Store.AlertsAsync("checkout", 10, Token);
        Assert.Equal([second.Id, first.Id], alerts.Select(a => a.Id));
        Assert.Equal(("Over.", resolved.ResolvedAt), (alerts[1].Detail.Ending, alerts[1].ResolvedAt));
        Assert.Equal("2.15.0 reached 25 %.", Assert.Single(alerts[0].Detail.Changes!.Value).Text);
        Assert.Single(await Store.AlertsAsync("checkout", 1, Token));
        Assert.Equal(["checkout", "another"], (await Store.FiringAsync(Token)).Select(a => a.Slo));
    }

    private static SloWindow Window(int minutes, string version = "") => new()
    {
        Slo = "checkout", Version = version, WidthSeconds = 300, Start = Noon.AddMinutes(minutes), Good = 99.5, Total = 100, CoveredSeconds = 295,
    };

    private static SloAlert Alert(int minutes) => new()
    {
        Id = Guid.CreateVersion7(),
        Slo = "checkout",
        Severity = AlertSeverity.Page,
        FiredAt = Noon.AddMinutes(minutes),
        Burn = 20.25m,
        Detail = new SloAlertDetail
        {
            Window = "1h/5m", Factor = 14.4m, ShortBurn = 22, What = "What.", Why = "Why.", Owner = "commerce", Look = new SloLinks("https://runbooks.example/checkout"),
            Changes = [new SloChange(Noon, "2.15.0 reached 25 %.", "mira", Guid.NewGuid())],
        },
    };
}

public sealed class SloStoreOnEmbeddedPostgres(PostgresFixture postgres) : SloStoreContract(postgres);

public sealed class SloStoreOnConfiguredPostgres() : SloStoreContract(null);

public sealed class SloStoreOnConfiguredSqlServer() : SloStoreContract(null), IOnSqlServer;
