using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Policies.Replay;
using OpsConsole.Web.Components.Charts;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

public sealed class ReplayPageTests
{
    private const string Errors = "http_5xx_rate";
    private const string Quick = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 1m\ndelivery:\n  on_trigger: rollback\n";
    private const string Slow = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 30m\n";

    private static Recorded Bad() => new Recorded()
        .Moved(0, 5).Measured(Errors, 10, 300, 0.1).Measured(Errors, 310, 600, 4).Moved(600, 0, ReleaseEventKind.RolledBack);

    private static Interface Pages(Recorded record)
    {
        var pages = new Interface();
        pages.Time.JumpTo(record.AsOf);
        pages.Record.Releases.Add(record.Release);
        pages.Record.Events.AddRange(record.Events);
        pages.Record.Points.AddRange(record.Points);
        pages.Policies.Add("quick", 1, Quick);
        pages.Policies.Add("slow", 2, Slow);
        return pages;
    }

    [Fact]
    public async Task Without_a_release_the_history_is_offered_to_choose_from()
    {
        await using var pages = Pages(Bad());
        pages.Harness.Navigation.NavigateTo("replay");

        await pages.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);

        var link = (await pages.Harness.FindAsync(".replay-list")).Find("a")!;
        Assert.Equal($"replay?release={pages.Record.Releases[0].Id}", link["href"]);

        pages.Harness.Navigation.NavigateTo("replay?release=0198c1f0-0000-7000-8000-000000000009");
        await pages.Harness.SeesAsync("There is no such release");
    }

    [Fact]
    public async Task An_empty_history_says_what_the_page_is_for_and_a_record_that_is_away_can_be_tried_again()
    {
        await using var pages = new Interface();
        pages.Record.Away = "the database is away";
        pages.Harness.Navigation.NavigateTo("replay");
        await pages.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);
        await pages.Harness.SeesAsync("the database is away");

        pages.Record.Away = null;
        await pages.Harness.ClickAsync("#try-again");
        await pages.Harness.SeesAsync("No release has been registered yet");
    }

    [Fact]
    public async Task Two_policies_stand_side_by_side_with_their_sentences_marks_and_tables()
    {
        await using var pages = Pages(Bad());
        pages.Harness.Navigation.NavigateTo($"replay?release={pages.Record.Releases[0].Id}&left=quick@1&right=slow");

        await pages.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("Would have rolled back at 14:06:10 UTC (within 10 s), about 3 m 50 s before it was rolled back; 4,600 requests fewer (of 12,000) would have met it.");
        await pages.Harness.SeesAsync("had been breached for 4 m 50 s of 30 m 0 s");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(["A", "B"], shown.FindAll("[data-policy]").Select(p => p["data-policy"]));
        var marks = shown.Find(".marks")!.FindAll("td").Select(t => t.Text).ToList();
        Assert.Contains("would have rolled back: http_5xx_rate > 1% for 1m", marks);
        Assert.Contains("really rolled back", marks);
        Assert.Equal(2, shown.FindAll(".threshold").Count);
    }

    [Fact]
    public async Task A_pasted_text_with_faults_says_where_and_a_good_one_is_replayed()
    {
        await using var pages = Pages(Bad());
        pages.Policies.Clear();
        pages.Harness.Navigation.NavigateTo($"replay?release={pages.Record.Releases[0].Id}");
        await pages.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);

        await pages.Harness.FireAsync("#text-A", "onchange", new ChangeEventArgs { Value = Quick.Replace("auto_rollback_if", "auto_rolback_if", StringComparison.Ordinal) });
        await pages.Harness.ClickAsync("#run");
        await pages.Harness.SeesAsync("line 2, column 3");

        await pages.Harness.FireAsync("#text-A", "onchange", new ChangeEventArgs { Value = Quick });
        await pages.Harness.ClickAsync("#run");
        await pages.Harness.SeesAsync("Would have rolled back at 14:06:10 UTC");
    }

    [Fact]
    public async Task A_release_without_a_policy_and_without_points_claims_nothing()
    {
        var bare = new Recorded().Moved(0, 5);
        await using var pages = Pages(bare);
        pages.Harness.Navigation.NavigateTo($"replay?release={bare.Release.Id}&left=own&right=quick@1");

        await pages.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);

        await pages.Harness.SeesAsync("registered without a policy");
        await pages.Harness.SeesAsync("Not known: no signal of this release is on record any more.");
    }

    [Fact]
    public void A_drawing_has_steps_gaps_thresholds_and_marks_in_their_places()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 200, 0.1).Measured(Errors, 300, 600, 4).Moved(300, 50).Moved(600, 0, ReleaseEventKind.RolledBack);
        var history = record.History();
        var policy = Recorded.Policy(OpsConsole.Core.Policies.TriggerReaction.Halt, Recorded.Trigger("http_5xx_rate > 1%", Errors, 1));
        var outcome = OpsConsole.Core.Policies.Replay.PolicyReplay.Run(policy, history);

        var drawing = ReplayDrawing.Of(new(history, [new("one", outcome, [], null, policy)]));

        Assert.StartsWith("M0 95.2H500V52", drawing.ExposurePath, StringComparison.Ordinal);
        Assert.Equal(2, drawing.Signals[0].CanaryPath.Count(c => c == 'M'));
        Assert.Equal((Errors, "http_5xx_rate > 1%"), (drawing.Signals[0].Signal.Key.Value, drawing.Signals[0].Thresholds.Single().Text));
        Assert.Equal([("100%", "real"), ("50%", "A")], drawing.Marks.Select(m => (m.X, m.Letter)));
        Assert.Equal("A", Assert.Single(drawing.Pauses).Letter);
    }

    [Fact]
    public async Task The_signal_that_decided_is_drawn_first_and_its_lines_have_labels()
    {
        var record = new Recorded("p95_latency", Errors).Moved(0, 5).Measured("p95_latency", 10, 600, 200).Measured(Errors, 10, 600, 4).Moved(600, 0, ReleaseEventKind.RolledBack);
        var history = record.History();
        var policy = Recorded.Policy(OpsConsole.Core.Policies.TriggerReaction.Halt, Recorded.Trigger("p95_latency > 900ms", "p95_latency", 900), Recorded.Trigger("http_5xx_rate > 1%", Errors, 1));
        var outcome = OpsConsole.Core.Policies.Replay.PolicyReplay.Run(policy, history);
        var drawing = ReplayDrawing.Of(new(history, [new("one", outcome, [], null, policy)]));
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<ReplayChart>(new Dictionary<string, object?> { ["Drawing"] = drawing });

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(Errors, shown.Find("[data-signal]")!["data-signal"]);
        var labels = shown.FindAll(".line-label").Select(l => l.Text).ToList();
        Assert.Contains("A: http_5xx_rate > 1%", labels);
        Assert.Contains("A: halts", labels);
    }

    [Fact]
    public async Task An_analysis_that_no_condition_asks_for_says_that_it_holds_nothing_back_and_before_there_is_data_there_is_no_score()
    {
        const string text = "analysis:\n  metrics: [http_5xx_rate]\n";
        var record = new Recorded(Errors).Measured(Errors, 10, 300, 4).Measured(Errors, 10, 300, 0.2, side: OpsConsole.Core.Signals.SignalSide.Baseline);
        record.AsOf = Recorded.At(300);
        var plain = record.Release;
        var release = new OpsConsole.Core.Releases.Release
        {
            Id = plain.Id, Service = plain.Service, Target = plain.Target, Environment = plain.Environment, Version = plain.Version, PreviousVersion = plain.PreviousVersion,
            Artifact = plain.Artifact, Owner = plain.Owner, Stages = plain.Stages, Signals = plain.Signals, RegisteredAt = plain.RegisteredAt,
            Policy = new OpsConsole.Core.Policies.PolicySnapshot("web", 1, OpsConsole.Core.Policies.Text.PolicyText.Digest(text), text),
        };
        release.EnterNextStage(Recorded.Start);
        await using var pages = new Interface();
        pages.Time.JumpTo(record.AsOf);
        pages.Record.Releases.Add(release);
        pages.Record.Events.AddRange(record.Events);
        pages.Record.Points.AddRange(record.Points);
        await pages.Harness.RenderAsync<AnalysisPanel>(new Dictionary<string, object?> { ["Release"] = release }, Pretend.OnCall);

        await pages.Harness.ClickAsync("#analyse");

        await pages.Harness.SeesAsync("It holds nothing back: the policy does not ask for it.");
        await pages.Harness.SeesAsync("No score yet: nothing could be compared.");
        await pages.Harness.SeesAsync("UTC at the earliest");
        Assert.Null((await pages.Harness.ShownAsync()).Find(".score"));
    }

    [Fact]
    public async Task A_policy_leads_to_its_replay_and_is_kept_while_a_release_is_chosen()
    {
        await using var pages = Pages(Bad());
        await pages.Policies.SaveAsync(new("lead", Quick, OpsConsole.Core.Policies.Text.PolicyText.Digest(Quick), null, Pretend.OnCall, Pretend.Now), default);
        await pages.Harness.RenderAsync<PolicyPage>(new Dictionary<string, object?> { ["Name"] = "lead" }, Pretend.OnCall);
        var link = (await pages.Harness.FindAsync("#replay"))["href"]!;
        Assert.StartsWith("replay?left=lead%40", link, StringComparison.Ordinal);

        await using var chosen = Pages(Bad());
        chosen.Harness.Navigation.NavigateTo(link);
        await chosen.Harness.RenderAsync<ReplayPage>(null, Pretend.OnCall);
        Assert.EndsWith("&left=" + link["replay?left=".Length..], (await chosen.Harness.FindAsync(".replay-list")).Find("a")!["href"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_analysis_of_a_release_shows_labels_sentences_distributions_and_score()
    {
        var record = new Recorded(Errors).Measured(Errors, 10, 3600, 4).Measured(Errors, 10, 3600, 0.2, side: OpsConsole.Core.Signals.SignalSide.Baseline);
        record.AsOf = Recorded.At(3600);
        record.Release.EnterNextStage(Recorded.Start);
        await using var pages = Pages(record);

        await pages.Harness.RenderAsync<AnalysisPanel>(new Dictionary<string, object?> { ["Release"] = record.Release }, Pretend.OnCall);
        await pages.Harness.SeesAsync("No analysis is on record.");

        await pages.Harness.ClickAsync("#analyse");
        await pages.Harness.SeesAsync("asks for no analysis");
        var shown = await pages.Harness.ShownAsync();
        var metric = shown.Find("[data-metric]")!;
        Assert.Equal((Errors, "High"), (metric["data-metric"], metric["data-label"]));
        Assert.Contains("120 independent points of the new version, 120 of the previous, one every 30 s; at least 50 each", metric.Text, StringComparison.Ordinal);
        Assert.NotEmpty(metric.FindAll(".canary"));
        Assert.NotEmpty(metric.FindAll(".baseline"));
        Assert.NotNull(metric.Find(".estimate"));
        Assert.Contains("of 100; marginal from 75, passes from 95", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_nobody_had_and_a_record_that_is_away_say_so()
    {
        var record = new Recorded();
        await using var pages = Pages(record);
        await pages.Harness.RenderAsync<AnalysisPanel>(new Dictionary<string, object?> { ["Release"] = record.Release }, Pretend.OnCall);

        await pages.Harness.ClickAsync("#analyse");
        await pages.Harness.SeesAsync("Nobody has had this release yet");

        pages.Record.Away = "the database is away";
        await pages.Harness.ClickAsync("#analyse");
        await pages.Harness.SeesAsync("the database is away");
    }

    [Fact]
    public void Two_distributions_share_an_axis_and_the_interval_is_drawn_against_the_tolerance()
    {
        var metric = new AnalysedMetric
        {
            Signal = Errors, Title = "errors", Unit = OpsConsole.Core.Signals.SignalUnit.Percent, Group = "default", Label = MetricLabel.High, Reason = "High.",
            Lower = 1, Upper = 3, Estimate = 2, Tolerated = 0.5, Spread = new(0, 4, [0, 0, 0, 10], [5, 5, 0, 0]),
        };

        var drawing = DistributionDrawing.Of(metric)!;

        Assert.Equal(["75%"], drawing.Canary.Select(b => b.X));
        Assert.Equal([("0%", "24%"), ("25%", "24%")], drawing.Baseline.Select(b => (b.X, b.Height)));
        Assert.Equal("Shift +2 pp, interval +1 pp to +3 pp, tolerance ±0.5 pp.", drawing.Interval!.Sentence);
        Assert.Equal(("43.71%", "94%"), (drawing.Interval.From, drawing.Interval.To));
        Assert.Null(DistributionDrawing.Of(metric with { Spread = null }));
        Assert.Null(DistributionDrawing.Of(metric with { Estimate = null })!.Interval);
    }
}
