using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Core.Slos;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Slos;

/// <summary>The windows against what other systems use, and against a table restated here.</summary>
public sealed partial class BurnRateWindowsTests
{
    private static readonly string[] Names = ["pageQuick", "pageSlow", "ticketQuick", "ticketSlow"];

    [Theory]
    [InlineData("30d", "1h/5m 14.4 2", "6h/30m 6 5", "1d/2h 3 10", "3d/6h 1 10")]
    [InlineData("28d", "1h/5m 13.44 2", "6h/30m 5.6 5", "1d/2h 2.8 10", "3d/6h 0.9333 10")]
    [InlineData("7d", "1h/5m 13.44 8", "6h/30m 3.5 12.5", "1d/2h 1.4 20", "3d/6h 0.98 42")]
    [InlineData("24h", "15m/2m 14.4 15", "1h/5m 6 25", "3h/15m 3 37.5", "12h/1h 1 50")]
    public void Each_period_has_its_four_pairs(string period, params string[] expected)
    {
        var windows = BurnRateWindows.For(BurnRateWindows.ParsePeriod(period)!.Value);

        Assert.Equal(expected, windows.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Name} {w.Factor:0.####} {w.BudgetPercent:0.##}")));
        Assert.Equal([AlertSeverity.Page, AlertSeverity.Page, AlertSeverity.Ticket, AlertSeverity.Ticket], windows.Select(w => w.Severity));
    }

    [Theory]
    [InlineData("42d")]
    [InlineData("30")]
    [InlineData("")]
    [InlineData(null)]
    public void Another_period_is_refused(string? period) => Assert.Null(BurnRateWindows.ParsePeriod(period));

    [Fact]
    public void A_period_without_windows_is_told_in_a_sentence()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => BurnRateWindows.For(TimeSpan.FromDays(42)));

        Assert.Contains("42d: Must be one of 24h, 7d, 28d, 30d", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_factors_are_those_of_the_conformance_data()
    {
        using var data = JsonDocument.Parse(Conformance.Read("burnrate/burn_rate_cases.json"));
        foreach (var one in data.RootElement.GetProperty("cases").EnumerateArray())
        {
            var period = BurnRateWindows.ParsePeriod(one.GetProperty("period").GetString());
            if (one.TryGetProperty("expectError", out var error) && error.GetBoolean())
            {
                Assert.Null(period);
                continue;
            }

            var windows = BurnRateWindows.For(period!.Value);
            var expected = one.GetProperty("expect").EnumerateArray().SelectMany(e => e.EnumerateObject()).ToList();
            Assert.Equal(Names, expected.Select(e => e.Name));
            for (var i = 0; i < windows.Length; i++)
            {
                var value = expected[i].Value;
                var whole = value.ValueKind == JsonValueKind.Object;
                Assert.Equal((whole ? value.GetProperty("factor") : value).GetDouble(), (double)windows[i].Factor, 1e-12);
                if (whole)
                {
                    Assert.Equal($"{value.GetProperty("long").GetString()}/{value.GetProperty("short").GetString()}", windows[i].Name);
                    Assert.Equal(value.GetProperty("budgetPct").GetDecimal(), windows[i].BudgetPercent);
                }
                else if (one.TryGetProperty("budgetPct", out var budgets))
                {
                    Assert.Equal(budgets.GetProperty(Names[i]).GetDecimal(), windows[i].BudgetPercent);
                }
            }
        }
    }

    [Theory]
    [InlineData("burnrate/sloth_google-30d.yaml")]
    [InlineData("burnrate/sloth_google-28d.yaml")]
    [InlineData("burnrate/sloth_windows_7d.yaml")]
    public void The_pairs_are_those_of_the_window_files(string file)
    {
        var lines = Conformance.Read(file).Split('\n').Select(l => l.Trim()).ToList();
        string[] Values(string key) => [.. lines.Where(l => l.StartsWith(key + ":", StringComparison.Ordinal)).Select(l => l[(key.Length + 1)..].Trim())];
        var windows = BurnRateWindows.For(BurnRateWindows.ParsePeriod(Values("sloPeriod").Single())!.Value);

        Assert.Equal(Values("longWindow").Zip(Values("shortWindow"), (l, s) => $"{l}/{s}"), windows.Select(w => w.Name));
        Assert.Equal(Values("errorBudgetPercent").Select(b => decimal.Parse(b, CultureInfo.InvariantCulture)), windows.Select(w => w.BudgetPercent));
    }

    [Fact]
    public void The_limits_are_those_of_generated_rules_but_for_their_rounding()
    {
        var limits = Limit().Matches(Conformance.Read("burnrate/sloth_gen_getting-started.yml")).Select(m => (Factor: Number(m, 1), Share: Number(m, 2))).Distinct().ToList();
        var slo = SloRig.Slo(objective: 99.9m);

        Assert.NotEmpty(limits);
        Assert.All(limits, limit => Assert.Equal((double)slo.AllowedShare, limit.Share, 1e-12));
        Assert.Equal(BurnRateWindows.For(slo.Period).Select(w => (double)w.Factor).Order(), limits.Select(l => l.Factor).Order());
    }

    [Fact]
    public void The_allowed_share_has_no_rounding_in_it()
    {
        Assert.Equal(0.001m, SloRig.Slo(objective: 99.9m).AllowedShare);
        Assert.Equal(0.0005m, SloRig.Slo(objective: 99.95m).AllowedShare);
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"> \(([0-9.]+) \* ([0-9.]+)\)")]
    private static partial Regex Limit();
}
