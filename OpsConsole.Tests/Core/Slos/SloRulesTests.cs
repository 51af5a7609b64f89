using OpsConsole.Core.Slos;

namespace OpsConsole.Tests.Core.Slos;

public sealed class SloRulesTests
{
    public static SloDefinition Sound { get; } = new()
    {
        Title = "Checkouts that go through",
        Service = "shop",
        Environment = "production",
        Owner = "commerce",
        Signal = "checkout_success_rate",
        Share = SliShare.Good,
        ObjectivePercent = 99.5m,
        Period = "30d",
        Why = "Every one of them is an order that was not placed.",
    };

    [Fact]
    public void A_sound_definition_is_built()
    {
        Assert.Empty(SloRules.Faults("checkout", Sound));
        var slo = SloRules.Build("checkout", Sound, "mira", DateTimeOffset.UnixEpoch);
        Assert.Equal((TimeSpan.FromDays(30), 0.005m, "mira"), (slo.Period, slo.AllowedShare, slo.ChangedBy));
    }

    [Fact]
    public void An_empty_one_is_told_everything_that_is_missing() => Assert.Equal(
        ["environment", "objectivePercent", "owner", "period", "service", "share", "signal", "title", "why"],
        SloRules.Faults("checkout", new SloDefinition()).Select(f => f.Path).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(99.99999)]
    public void An_objective_leaves_a_budget_and_has_few_digits(double percent) =>
        Assert.Equal("objectivePercent", Assert.Single(SloRules.Faults("checkout", Sound with { ObjectivePercent = (decimal)percent })).Path);

    [Fact]
    public void A_period_without_windows_is_refused_with_the_ones_there_are() => Assert.Equal(
        new SloFault("period", "Must be one of 24h, 7d, 28d, 30d: no burn-rate windows are known for another period."),
        Assert.Single(SloRules.Faults("checkout", Sound with { Period = "42d" })));

    [Fact]
    public void A_latency_is_no_ratio_of_events() =>
        Assert.Contains("p99_latency", Assert.Single(SloRules.Faults("checkout", Sound with { Signal = "p99_latency" })).Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("runbooks/checkout")]
    [InlineData("https://ops:s3cret@runbooks.example/checkout")]
    public void Links_are_whole_web_addresses(string link) =>
        Assert.Equal(["runbook", "dashboard"], SloRules.Faults("checkout", Sound with { Runbook = link, Dashboard = link }).Select(f => f.Path));

    [Theory]
    [InlineData("Checkout")]
    [InlineData("")]
    [InlineData("a b")]
    public void Names_have_the_catalogue_form(string name) => Assert.Equal("name", Assert.Single(SloRules.Faults(name, Sound)).Path);
}
