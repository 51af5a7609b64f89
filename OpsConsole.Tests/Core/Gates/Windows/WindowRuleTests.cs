using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Windows;

namespace OpsConsole.Tests.Core.Gates.Windows;

public sealed class WindowRuleTests
{
    private const int Weekdays = 1 | 2 | 4 | 8 | 16;

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture);

    private static DeployWindow Window(
        DeployWindowKind kind = DeployWindowKind.Allow, int days = Weekdays, string starts = "09:00", double hours = 8, string zone = "Europe/Berlin",
        string? from = null, string? to = null, string? service = null, string name = "office hours") => new()
        {
            Id = Guid.NewGuid(), Name = name, Kind = kind, Service = service, Days = days, StartsAt = TimeSpan.Parse(starts, System.Globalization.CultureInfo.InvariantCulture),
            Lasts = TimeSpan.FromHours(hours), TimeZone = zone, From = from is null ? null : At(from), To = to is null ? null : At(to),
            Reason = "someone is there", CreatedBy = "ana", CreatedAt = At("2026-01-01T00:00"),
        };

    [Fact]
    public void Where_no_window_is_defined_promotions_are_possible_at_any_time()
    {
        var standing = WindowRule.Allowed([], At("2026-03-07T03:00"));

        Assert.True(standing.Open);
        Assert.Contains("at any time", standing.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-06T07:59", false)]
    [InlineData("2026-03-06T08:00", true)]
    [InlineData("2026-03-06T15:59", true)]
    [InlineData("2026-03-06T16:00", false)]
    [InlineData("2026-03-07T10:00", false)]
    public void A_recurring_window_is_open_in_its_local_hours(string utc, bool open) => Assert.Equal(open, WindowRule.Allowed([Window()], At(utc)).Open);

    [Fact]
    public void A_closed_window_says_when_it_opens_next_in_its_own_zone()
    {
        var standing = WindowRule.Allowed([Window()], At("2026-03-06T17:00"));

        Assert.False(standing.Open);
        Assert.Equal(At("2026-03-09T08:00"), standing.NextChange);
        Assert.Contains("opens Monday 09:00 Europe/Berlin", standing.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_over_midnight_holds_on_the_day_after_it_began()
    {
        var night = Window(days: 16, starts: "22:00", hours: 6);

        Assert.True(WindowRule.Allowed([night], At("2026-03-07T02:30")).Open);
        Assert.False(WindowRule.Allowed([night], At("2026-03-07T03:00")).Open);
        Assert.False(WindowRule.Allowed([night], At("2026-03-06T02:30")).Open);
    }

    [Fact]
    public void A_start_that_the_clocks_skip_is_the_first_instant_after_the_gap()
    {
        // In Berlin 2026-03-29 goes from 01:59:59 to 03:00.
        var window = Window(days: 64, starts: "02:30", hours: 1);

        Assert.False(WindowRule.Allowed([window], At("2026-03-29T00:59")).Open);
        Assert.True(WindowRule.Allowed([window], At("2026-03-29T01:00")).Open);
        Assert.False(WindowRule.Allowed([window], At("2026-03-29T02:00")).Open);
    }

    [Fact]
    public void A_start_that_the_clocks_show_twice_is_the_first_of_the_two()
    {
        // In Berlin 2026-10-25 shows 02:30 at 00:30 and again at 01:30 UTC.
        var window = Window(days: 64, starts: "02:30", hours: 0.5);

        Assert.True(WindowRule.Allowed([window], At("2026-10-25T00:30")).Open);
        Assert.False(WindowRule.Allowed([window], At("2026-10-25T01:30")).Open);
    }

    [Fact]
    public void Windows_that_follow_on_one_another_are_open_until_the_last_ends()
    {
        var standing = WindowRule.Allowed([Window(starts: "09:00", hours: 4), Window(starts: "13:00", hours: 4)], At("2026-03-06T09:00"));

        Assert.Equal(At("2026-03-06T16:00"), standing.NextChange);
    }

    [Fact]
    public void A_window_that_holds_around_the_clock_does_not_keep_the_rule_busy() =>
        Assert.True(WindowRule.Allowed([Window(days: 127, starts: "00:00", hours: 24)], At("2026-03-06T09:00")).Open);

    [Fact]
    public void A_freeze_forbids_and_says_why_and_until_when()
    {
        var freeze = Window(DeployWindowKind.Freeze, days: 0, from: "2026-12-20T00:00", to: "2027-01-02T00:00", zone: "UTC", name: "Christmas");

        var before = WindowRule.Frozen([freeze], At("2026-12-19T00:00"));
        var inside = WindowRule.Frozen([freeze], At("2026-12-24T00:00"));

        Assert.True(before.Open);
        Assert.Contains("Christmas begins Sunday 00:00 UTC", before.Sentence, StringComparison.Ordinal);
        Assert.False(inside.Open);
        Assert.Contains("Frozen by Christmas until 2027-01-02 00:00 UTC", inside.Sentence, StringComparison.Ordinal);
        Assert.True(WindowRule.Frozen([freeze], At("2027-01-02T00:00")).Open);
    }

    [Fact]
    public void A_freeze_without_an_end_holds_until_it_is_ended()
    {
        var freeze = Window(DeployWindowKind.Freeze, days: 0, from: "2026-03-01T00:00");
        Assert.Contains("until it is ended", WindowRule.Frozen([freeze], At("2026-05-01T00:00")).Sentence, StringComparison.Ordinal);

        freeze.End("ana", At("2026-05-01T00:00"));

        Assert.True(WindowRule.Frozen([freeze], At("2026-05-01T00:00")).Open);
    }

    [Fact]
    public void Windows_that_ran_out_keep_the_place_closed_until_the_last_of_them_is_ended_by_hand()
    {
        var now = At("2026-03-06T09:00");
        DeployWindow[] windows = [Window(days: 0, from: "2026-01-01T00:00", to: "2026-01-02T00:00", zone: "UTC"), Window(to: "2026-02-01T10:30", zone: "UTC", name: "migration weeks")];

        var standing = WindowRule.Allowed(windows, now);
        Assert.Equal(
            (false, "The last deploy window here ended 2026-02-01 10:30 UTC (migration weeks); end it by hand or make a new one."), (standing.Open, standing.Sentence));
        Assert.True(WindowRule.Allowed([.. windows, Window()], now).Open);

        windows[1].End("ana", now);
        Assert.Contains("ended 2026-01-02 00:00 UTC (office hours)", WindowRule.Allowed(windows, now).Sentence, StringComparison.Ordinal);

        windows[0].End("ana", now);
        Assert.Contains("No deploy window is defined here", WindowRule.Allowed(windows, now).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_freeze_that_ran_out_restricts_nothing_any_more() =>
        Assert.True(WindowRule.Frozen([Window(DeployWindowKind.Freeze, days: 0, from: "2026-01-01T00:00", to: "2026-01-02T00:00")], At("2026-03-06T09:00")).Open);

    [Fact]
    public void In_a_zone_that_nobody_knows_a_freeze_holds_and_a_window_does_not()
    {
        Assert.False(WindowRule.Allowed([Window(zone: "Mars/Olympus")], At("2026-03-06T09:00")).Open);
        Assert.False(WindowRule.Frozen([Window(DeployWindowKind.Freeze, zone: "Mars/Olympus")], At("2026-03-06T09:00")).Open);
    }

    [Fact]
    public void A_scope_covers_only_its_own_place()
    {
        Assert.True(WindowRule.Covers(Window(), "shop", "gateway", "production"));
        Assert.True(WindowRule.Covers(Window(service: "Shop"), "shop", "gateway", "production"));
        Assert.False(WindowRule.Covers(Window(service: "search"), "shop", "gateway", "production"));
    }

    [Fact]
    public void Everything_wrong_with_a_new_window_is_said_at_once()
    {
        var command = new CreateWindowCommand
        {
            Name = "", Kind = DeployWindowKind.Allow, Days = [DayOfWeek.Monday], StartsAt = TimeSpan.FromHours(25), Lasts = TimeSpan.FromHours(30), TimeZone = "Nowhere", Reason = "x",
            From = At("2026-02-02T00:00"), To = At("2026-02-01T00:00"),
        };

        var refusals = WindowCheck.Judge(command, new Operator("vik", Role.Viewer, false), At("2026-01-01T00:00"));

        Assert.Equal(7, refusals.Count);
        Assert.Empty(WindowCheck.Judge(
            command with { Name = "office", StartsAt = TimeSpan.FromHours(9), Lasts = TimeSpan.FromHours(8), TimeZone = "Europe/Berlin", Reason = "people are there", From = null, To = null },
            new Operator("ann", Role.Admin, false), At("2026-01-01T00:00")));
    }

    [Theory]
    [InlineData("9999-12-01T00:00", null, "From: it begins in the year 9999, and windows lie in the years 2000 to 2200.")]
    [InlineData("1999-12-31T23:59", null, "From: it begins in the year 1999, and windows lie in the years 2000 to 2200.")]
    [InlineData(null, "9999-12-31T23:59", "To: it ends in the year 9999, and windows lie in the years 2000 to 2200.")]
    [InlineData("2026-03-01T00:00", "2036-03-01T00:01", "To: it ends more than 10 years after it begins.")]
    [InlineData(null, "2036-01-01T00:01", "To: it ends more than 10 years after it begins.")]
    [InlineData("2026-03-01T00:00", "2036-03-01T00:00", null)]
    [InlineData("2200-12-31T23:59", null, null)]
    public void A_begin_or_end_too_far_off_is_refused(string? from, string? to, string? sentence)
    {
        foreach (var days in new DayOfWeek[][] { [], [DayOfWeek.Monday] })
        {
            var command = new CreateWindowCommand
            {
                Name = "office", Kind = DeployWindowKind.Allow, Days = days, StartsAt = TimeSpan.FromHours(9), Lasts = TimeSpan.FromHours(8), TimeZone = "Europe/Berlin", Reason = "people are there",
                From = from is null ? null : At(from), To = to is null ? null : At(to),
            };

            Assert.Equal(sentence is null ? [] : [sentence], WindowCheck.Judge(command, new Operator("ann", Role.Admin, false), At("2026-01-01T00:00")).Select(r => r.Sentence));
        }
    }

    [Fact]
    public void No_window_on_record_and_no_instant_makes_the_rule_throw()
    {
        TimeSpan[] lengths = [TimeSpan.MinValue, TimeSpan.FromHours(8), TimeSpan.MaxValue];
        DateTimeOffset?[] instants =
        [
            null, DateTimeOffset.MinValue, DateTimeOffset.MinValue.AddDays(1), At("2026-03-06T09:00"), At("9999-12-01T00:00"), DateTimeOffset.MaxValue.AddDays(-1), DateTimeOffset.MaxValue,
        ];
        var windows = from kind in Enum.GetValues<DeployWindowKind>()
                      from days in new[] { int.MinValue, -1, 0, 1, 127, 128, int.MaxValue }
                      from zone in new[] { "UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Mars/Olympus" }
                      from length in lengths
                      from bounds in instants.SelectMany(f => instants.Select(t => (From: f, To: t)))
                      select new DeployWindow
                      {
                          Id = Guid.NewGuid(), Name = "odd", Kind = kind, Days = days, StartsAt = length, Lasts = length, TimeZone = zone, From = bounds.From, To = bounds.To,
                          Reason = "odd", CreatedBy = "ana", CreatedAt = At("2026-01-01T00:00"),
                      };

        foreach (var window in windows)
        {
            foreach (var now in instants.OfType<DateTimeOffset>())
            {
                Assert.InRange(Occurrences.Of(window, now).Count(), 0, 12);
                Assert.NotEmpty(WindowRule.Moment(WindowRule.Standing(window, now).NextChange ?? now, window, now));
                Assert.NotEmpty(WindowRule.Allowed([window], now).Sentence + WindowRule.Frozen([window], now).Sentence + WindowWords.Of(window));
            }
        }
    }

    [Theory]
    [InlineData(DeployWindowKind.Allow)]
    [InlineData(DeployWindowKind.Freeze)]
    public void One_on_record_that_cannot_be_judged_lets_nothing_through_and_is_named(DeployWindowKind kind)
    {
        DeployWindow[] windows = [Window(kind, days: 127, starts: "00:00", hours: 24), Window(kind, from: "9999-12-31T12:00", name: "far off")];
        var now = At("2026-03-06T09:00");

        var standing = kind == DeployWindowKind.Allow ? WindowRule.Allowed(windows, now) : WindowRule.Frozen(windows, now);
        Assert.Equal(
            (false, true, "far off cannot be judged: it begins in the year 9999, and windows lie in the years 2000 to 2200; end it by hand."), (standing.Open, standing.Broken, standing.Sentence));

        windows[1].End("ana", now);

        standing = kind == DeployWindowKind.Allow ? WindowRule.Allowed(windows, now) : WindowRule.Frozen(windows, now);
        Assert.Equal((kind == DeployWindowKind.Allow, false), (standing.Open, standing.Broken));
    }

    [Fact]
    public void A_window_is_told_in_plain_words() => Assert.Equal(
        "Monday to Friday 09:00 for 8 h, Europe/Berlin; service shop.", WindowWords.Of(Window(service: "shop")));
}
