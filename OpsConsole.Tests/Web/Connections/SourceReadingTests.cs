using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Web.Api;
using OpsConsole.Web.Connections;

namespace OpsConsole.Tests.Web.Connections;

public sealed class SourceReadingTests
{
    private readonly Bound _bound = new();

    [Fact]
    public void What_fails_comes_first_then_what_was_not_found_what_is_stale_what_is_not_read_and_what_is_well()
    {
        _bound.Read(Bound.Binding("well"), Bound.Found());
        _bound.Read(Bound.Binding("unread"));
        _bound.Read(Bound.Binding("old"), Bound.Found(age: 3600));
        _bound.Read(Bound.Binding("missing"), Bound.Missing());
        _bound.Failing(Bound.Binding("failing"), "The source answered 503.");

        Assert.Equal(["failing", "missing", "old", "unread", "well"], _bound.Sources.All().Select(s => s.Key));
        Assert.Equal(
            ["The source answered 503.", "It was read, and nothing was found of any signal.", "Every value is too old to judge by.", "It was not read yet.", "Its signal has a fresh value."],
            _bound.Sources.All().Select(s => s.Sentence));
    }

    [Fact]
    public void What_follows_releases_and_cannot_be_read_for_a_version_fails_and_says_why()
    {
        _bound.Options.Bindings = [Bound.Binding("shape", version: SourceBinding.EveryVersion)];
        _bound.Faults.Note("shape", "3.0.0", "The console failed (IOException); its log says why.");

        var source = Assert.Single(_bound.Sources.All());

        Assert.Equal((SignalStanding.Failing, "Not read for 3.0.0: The console failed (IOException); its log says why."), (source.Standing, source.Sentence));
    }

    [Fact]
    public void A_source_stands_as_its_worst_signal_and_says_which()
    {
        _bound.Read(Bound.Binding(signals: ["http_5xx_rate", "queue_depth", "p99_latency"]), Bound.Found(), Bound.Missing("queue_depth"), Bound.Found("p99_latency", 240));

        var source = Assert.Single(_bound.Sources.All());

        Assert.Equal((SignalStanding.Missing, "Nothing was found of 1 of 3 signals (queue_depth)."), (source.Standing, source.Sentence));
        Assert.Equal(["0.4 %", "–", "240 ms"], source.Signals.Select(s => s.Value));
        Assert.Equal("The source has no metric of that name. No series of it was found since reading began at 2026-03-01 11:50:00 UTC.", source.Signals[1].Sentence);
    }

    [Fact]
    public void A_signal_without_traffic_now_is_fresh_for_as_long_as_its_last_value_is_and_says_why()
    {
        var binding = Bound.Binding();
        var health = new SourceHealth(binding, Bound.Now);
        health.Take([Bound.Found(age: 6)]);
        health.Take([Bound.Missing(series: 4, why: "Nothing was counted in the window.")]);
        _bound.Schedule.Sources.Add(new(binding, Bound.Now, null, 0) { Signals = health.Signals });

        var signal = Assert.Single(Assert.Single(_bound.Sources.All()).Signals);

        Assert.Equal((SignalStanding.Fresh, "Nothing was counted in the window."), (signal.Standing, signal.Sentence));
    }

    [Fact]
    public void How_old_a_value_may_be_is_what_the_release_on_the_board_says()
    {
        var release = BoardRig.Release(registeredAt: Bound.Now, signals: KnownSignals.Find("http_5xx_rate")! with { StaleAfter = TimeSpan.FromDays(2) });
        _bound.Read(Bound.Binding(), Bound.Found(age: 86_400));
        Assert.Equal(SignalStanding.Stale, Assert.Single(_bound.Sources.All()).Standing);

        _bound.Board.Track(release);
        _bound.Board.BuildDue();

        Assert.Equal(SignalStanding.Fresh, Assert.Single(_bound.Sources.All()).Standing);
    }

    [Theory]
    [InlineData(SignalRuleKind.Measure, SignalAggregation.WeightedMean, true)]
    [InlineData(SignalRuleKind.Measure, SignalAggregation.Latest, false)]
    [InlineData(SignalRuleKind.Gauge, SignalAggregation.WeightedMean, false)]
    public void A_release_that_would_average_what_is_over_windows_of_the_sources_own_is_told_of(SignalRuleKind kind, SignalAggregation aggregation, bool told)
    {
        var binding = Bound.Binding();
        _bound.Read(binding with { Rules = [binding.Rules[0] with { Kind = kind }] }, Bound.Found());
        Assert.Equal("", Assert.Single(Assert.Single(_bound.Sources.All()).Signals).Sentence);

        _bound.Board.Track(BoardRig.Release(registeredAt: Bound.Now, signals: KnownSignals.Find("http_5xx_rate")! with { Aggregation = aggregation }));
        _bound.Board.BuildDue();

        Assert.Equal(
            told ? "A release on the board was registered to average it, and each value is over a window of the source's own: the newest counts alone there. Register it with aggregation latest." : "",
            Assert.Single(Assert.Single(_bound.Sources.All()).Signals).Sentence);
    }

    [Fact]
    public void A_value_of_a_source_that_is_read_rarely_is_not_stale_between_two_reads()
    {
        _bound.Read(Bound.Binding(signals: "orders") with { Interval = TimeSpan.FromMinutes(5) }, Bound.Found("orders", age: 400));

        Assert.Equal(SignalStanding.Fresh, Assert.Single(_bound.Sources.All()).Standing);
    }

    [Fact]
    public void One_that_follows_releases_is_shown_with_what_is_read_for_each_version()
    {
        var shape = Bound.Binding("shop", version: SourceBinding.EveryVersion);
        _bound.Options.Bindings = [shape];
        Assert.Equal(
            (SignalStanding.Awaited, "Read once for each version of a release of shop on gateway in production; none is under way."),
            (Assert.Single(_bound.Sources.All()).Standing, _bound.Sources.Find("shop")!.Sentence));

        _bound.Read(shape.For("2.15.0"), Bound.Missing());
        _bound.Read(shape.For("2.14.3"), Bound.Found());
        _bound.Read(Bound.Binding("beside"), Bound.Found());

        var whole = _bound.Sources.Find("shop")!;
        Assert.Equal((SignalStanding.Missing, 2), (whole.Standing, whole.ReadAs.Count));
        Assert.All(whole.ReadAs, r => Assert.Equal("shop", r.MadeFrom));
        Assert.Null(_bound.Sources.Find("beside")!.MadeFrom);
    }

    [Fact]
    public void One_that_follows_releases_says_why_its_versions_fail()
    {
        var shape = Bound.Binding("shop", version: SourceBinding.EveryVersion);
        _bound.Options.Bindings = [shape];
        _bound.Read(shape.For("1.0.0"), Bound.Found());
        _bound.Failing(shape.For("1.1.0"), "The source does not accept connections.");

        var whole = _bound.Sources.Find("shop")!;

        Assert.Equal(
            (SignalStanding.Failing, "Read once for each version of a release of shop on gateway in production: now for 1.1.0 and 1.0.0. 1.1.0: The source does not accept connections."),
            (whole.Standing, whole.Sentence.Replace("1.0.0 and 1.1.0", "1.1.0 and 1.0.0", StringComparison.Ordinal)));
        var told = SourceAnswer.From(whole);
        Assert.Equal(("1.1.0: The source does not accept connections.", 4), (told.LastError, told.ConsecutiveErrors));

        _bound.Faults.Note("shop", "2.0.0", "The name is taken.");
        Assert.EndsWith(" 1.1.0: The source does not accept connections.", _bound.Sources.Find("shop")!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignalRuleKind.Ratio, 1, "9.09 %")]
    [InlineData(SignalRuleKind.Rate, 1, "9.09 /s")]
    [InlineData(SignalRuleKind.Rate, 60, "9.09")]
    [InlineData(SignalRuleKind.Gauge, 1, "9.09")]
    public void A_signal_of_which_nothing_is_known_has_the_unit_that_its_rule_makes(SignalRuleKind kind, double scale, string shown)
    {
        var binding = Bound.Binding(signals: "orders");
        _bound.Read(binding with { Rules = [binding.Rules[0] with { Kind = kind, Scale = scale }] }, Bound.Found("orders", 9.0909));

        var signal = Assert.Single(Assert.Single(_bound.Sources.All()).Signals);

        Assert.Equal((shown, "orders", "120 observations"), (signal.Value, signal.Title, signal.Observations));
    }

    [Fact]
    public void Of_an_address_only_host_and_port_are_shown()
    {
        _bound.Read(Bound.Binding(), Bound.Found());

        Assert.Equal("shop.test:9100", Assert.Single(_bound.Sources.All()).Host);
    }

    [Fact]
    public void Every_standing_has_a_word_an_icon_and_a_colour()
    {
        var all = Enum.GetValues<SignalStanding>();

        Assert.Equal(all.Length, all.Select(s => s.Word()).Distinct().Count());
        Assert.Equal(all.Length, all.Select(s => s.Slug()).Distinct().Count());
    }
}
