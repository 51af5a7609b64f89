using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Slos;
using OpsConsole.Tests.Core.Slos;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Slos;
using OpsConsole.Web.Slos;

namespace OpsConsole.Tests.Web.Components;

/// <summary>The pages of the objectives, in each of their states.</summary>
public sealed class SloPagesTests : IAsyncDisposable
{
    private readonly SloRig _rig = new();
    private readonly InMemorySlos _store = new();
    private readonly PretendRecord _record = new();
    private readonly ComponentHarness _harness;

    public SloPagesTests() => _harness = new ComponentHarness(services =>
    {
        services.AddSingleton<TimeProvider>(_rig.Time);
        services.AddSingleton(_rig.Book);
        services.AddSingleton<ISloStore>(_store);
        services.AddSingleton<IReleaseStore>(_record);
        services.AddSingleton<ReleaseSpends>();
    });

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Without_objectives_the_list_says_how_to_define_one()
    {
        await _harness.RenderAsync<SlosPage>();
        Assert.DoesNotContain("No objective is defined yet", (await _harness.ShownAsync()).Text, StringComparison.Ordinal);

        _rig.Book.MarkLoaded();
        await _harness.SeesAsync("No objective is defined yet");
        await _harness.SeesAsync("/api/v1/slos/checkout");
    }

    [Fact]
    public async Task The_list_has_the_worst_first_with_words_beside_every_bar_and_follows()
    {
        _rig.Set(SloRig.Slo());
        _rig.Set(SloRig.Slo("sign-in") with { Title = "Sign-ins", Service = "accounts" });
        _rig.Run(TimeSpan.FromMinutes(10), 0.05);
        _rig.Book.MarkLoaded();
        await _harness.RenderAsync<SlosPage>();

        var rows = (await _harness.ShownAsync()).FindAll("[data-slo]");
        Assert.Equal(["sign-in", "checkout"], rows.Select(r => r["data-slo"]));
        Assert.Contains("no data", rows[0].Text, StringComparison.Ordinal);
        foreach (var text in new[] { "healthy", "99.9 %", "over 30d", "50 % left", "0.5x", "none" })
        {
            Assert.Contains(text, rows[1].Text, StringComparison.Ordinal);
        }

        _rig.Run(TimeSpan.FromMinutes(10), 90);
        await _harness.SeesAsync("exhausted");
        Assert.Equal("checkout", (await _harness.ShownAsync()).Find("[data-slo]")!["data-slo"]);
    }

    [Fact]
    public async Task One_objective_shows_windows_budget_alerts_with_all_five_facts_and_releases()
    {
        var release = Pretend.Release();
        _record.Releases.Add(release);
        _rig.Set(SloRig.Slo());
        var page = Assert.Single(_rig.Run(TimeSpan.FromMinutes(10), 90), a => a.Detail.Window == "1h/5m");
        _rig.Book.Explain(page, [new SloChange(_rig.Time.GetUtcNow(), "shop 2.15.0 on gateway: Now at 25 %.", "mira", release.Id)]);

        await _harness.RenderAsync<SloPage>(new Dictionary<string, object?> { ["Name"] = "checkout" });

        await _harness.SeesAsync("Spent by releases");
        var shown = await _harness.ShownAsync();
        Assert.Equal(["1h/5m", "6h/30m", "1d/2h", "3d/6h"], shown.FindAll("[data-window]").Select(w => w["data-window"]));
        foreach (var text in new[] { "What is broken", "Checkouts that go through (shop, production)", "Why it matters", "an order that was not placed", "Where to look", "What changed recently", "Now at 25 %.", "Who owns it", "commerce", "overspent by", "2.15.0" })
        {
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        }

        Assert.Contains("when it fired: Checkouts", shown.Find("[data-fired]")!.Text, StringComparison.Ordinal);
        Assert.Contains($"now: {SloText.Now(_rig.Standing.Windows[0])}", shown.Find("[data-now]")!.Text, StringComparison.Ordinal);
        Assert.Contains("https://runbooks.example/checkout", shown.FindAll("a").Select(a => a["href"]));
        Assert.NotNull(shown.Find(".burn-down"));
        Assert.Equal(page.Id.ToString(), shown.Find("[data-alert]")!["data-alert"]);
    }

    [Fact]
    public void Alerts_of_one_pair_that_followed_each_other_closely_stand_as_one()
    {
        SloAlert At(double minutes, string window, double? lasted = 1) => new()
        {
            Id = Guid.CreateVersion7(Pretend.Now), Slo = "checkout", Severity = AlertSeverity.Page, FiredAt = Pretend.Now.AddMinutes(minutes), Burn = 20, ResolvedAt = lasted is { } m ? Pretend.Now.AddMinutes(minutes + m) : null,
            Detail = new() { Window = window, Factor = 14.4m, ShortBurn = 20, What = "", Why = "", Owner = "" },
        };
        SloAlert[] alerts = [At(300, "1h/5m", null), At(290, "1h/5m"), At(285, "6h/30m"), At(240, "1h/5m"), At(10, "1h/5m")];

        var runs = AlertRun.Of(alerts);

        Assert.Equal([alerts[0], alerts[2], alerts[4]], runs.Select(r => r.Latest));
        Assert.Equal([alerts[1], alerts[3]], runs[0].Earlier);
        Assert.Empty(runs[1].Earlier);
    }

    [Fact]
    public async Task What_is_overspent_is_not_empty_now_but_already()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromMinutes(10), 90);

        await _harness.RenderAsync<SloPage>(new Dictionary<string, object?> { ["Name"] = "checkout" });

        await _harness.SeesAsync("overspent already");
    }

    [Fact]
    public async Task An_objective_that_is_not_there_says_so()
    {
        await _harness.RenderAsync<SloPage>(new Dictionary<string, object?> { ["Name"] = "nothing" });
        await _harness.SeesAsync("There is no objective of that name");
    }

    [Fact]
    public async Task What_is_live_stays_when_the_record_does_not_answer()
    {
        _rig.Set(SloRig.Slo());
        _rig.Run(TimeSpan.FromMinutes(10), 0);
        _store.IsAway = true;

        await _harness.RenderAsync<SloPage>(new Dictionary<string, object?> { ["Name"] = "checkout" });

        await _harness.SeesAsync("Alerts and releases could not be read");
        await _harness.SeesAsync("100 % left");
    }

    [Fact]
    public void The_line_falls_from_the_whole_budget_to_what_is_left()
    {
        _rig.Set(SloRig.Slo(objective: 99m));
        _rig.Run(TimeSpan.FromMinutes(30), 0);
        _rig.Run(TimeSpan.FromMinutes(10), 2);

        var line = SloMarkup.BurnDown(_rig.Book.History("checkout"), 0.01m, _rig.Time.GetUtcNow());

        Assert.Equal(100, line[0].LeftPercent);
        Assert.Equal(_rig.Time.GetUtcNow(), line[^1].At);
        Assert.Equal((double)_rig.Standing.Budget.RemainingPercent!.Value, line[^1].LeftPercent, 0.01);
        Assert.True(line.Zip(line.Skip(1)).All(pair => pair.First.LeftPercent >= pair.Second.LeftPercent && pair.First.At <= pair.Second.At));
        Assert.StartsWith("M0 2L", SloMarkup.Path(line), StringComparison.Ordinal);
        Assert.Empty(SloMarkup.BurnDown([], 0.01m, _rig.Time.GetUtcNow()));
    }

    [Fact]
    public void A_long_line_is_thinned_and_keeps_its_end()
    {
        _rig.Set(SloRig.Slo());
        _rig.Pass(TimeSpan.FromDays(2), 0.01);
        var line = SloMarkup.BurnDown(_rig.Book.History("checkout"), 0.001m, _rig.Time.GetUtcNow());

        Assert.InRange(line.Count, 100, SloMarkup.Points + 2);
        Assert.Equal(90, line[^1].LeftPercent, 0.5);
    }
}
