using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>What is written reads back as what it was.</summary>
public sealed class PolicyRoundTripTests
{
    [Fact]
    public void Any_policy_reads_back_as_it_was_written() => Prop.ForAll(Arb.From(Policies()), Same).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(PolicyExamples.Checklist)]
    [InlineData(PolicyExamples.Canary)]
    [InlineData(PolicyExamples.Checklist + PolicyExamples.Canary)]
    [InlineData(PolicyExamples.Everything)]
    [InlineData("release: {}\ncanary: {}\n")]
    public void So_do_the_examples(string text) => Same(PolicyText.Check(text, null).Policy!);

    [Theory]
    [InlineData("null")]
    [InlineData("a: b")]
    [InlineData("# x")]
    [InlineData("say \"hi\" & 'bye'")]
    [InlineData("ends with:")]
    [InlineData("a #b")]
    [InlineData("- x")]
    [InlineData("ümlaut \ud83d\ude80")]
    [InlineData("{x}")]
    public void A_value_is_quoted_where_it_has_to_be(string value) => Same(new() { Release = new() { Artifact = "shop:1", RollbackCommand = value } });

    private static void Same(ReleasePolicy policy)
    {
        var text = PolicyText.Write(policy);

        var read = PolicyText.Check(text, null);

        Assert.True(read.Errors.Count == 0, text + string.Join("\n", read.Errors.Select(e => e.Sentence)));
        Assert.Equal(JsonSerializer.Serialize(policy), JsonSerializer.Serialize(read.Policy));
        Assert.Equal(text, PolicyText.Write(read.Policy!));
    }

    private static Gen<ReleasePolicy> Policies() =>
        from triggers in Gen.SubListOf(Triggers)
        from stages in Gen.SubListOf(1d, 2.5, 5, 12.25, 50)
        from holds in Gen.Choose(0, 86400).ListOf(stages.Count)
        from watch in Gen.OneOf(Gen.Constant<TimeSpan?>(null), Gen.Choose(0, 90_000).Select(s => (TimeSpan?)TimeSpan.FromSeconds(s)))
        from split in Gen.Choose(0, triggers.Count)
        from command in Gen.Elements("deploy shop:1", "say: \"x\" # y", "null", "-", "true", "ö {}")
        from migration in Gen.Elements<MigrationClass?>(null, MigrationClass.None, MigrationClass.Expand, MigrationClass.Migrate, MigrationClass.Contract)
        from dry in Gen.Elements(true, false)
        from limit in Gen.Choose(-1, 9)
        from mode in Gen.Elements(DeliveryMode.Delivery, DeliveryMode.Deployment)
        from reaction in Gen.Elements(TriggerReaction.Recommend, TriggerReaction.Halt, TriggerReaction.Rollback)
        from codes in Gen.SubListOf("lint", "unit", "security")
        from age in Gen.Choose(60, 86_400)
        from approvals in Gen.Choose(0, 3)
        from analysis in Gen.Elements(true, false)
        from pass in Gen.Choose(0, 1000)
        select new ReleasePolicy
        {
            Release = new()
            {
                RollbackTriggers = [.. triggers.Take(split)], RollbackCommand = command, DatabaseMigration = migration,
                InitialExposurePercent = stages.Count > 0 ? stages[0] : null, Strategy = dry ? RolloutStrategy.Canary : null,
            },
            Canary = new()
            {
                Stages = stages.Count == 0 ? [] : [.. stages.Zip(holds, (p, h) => new Stage(p, TimeSpan.FromSeconds(h))), new Stage(100, TimeSpan.Zero)],
                WatchTime = watch,
                AutoRollbackIf = [.. triggers.Skip(split).Select(t => t with { DryRun = dry, RecoverFor = TimeSpan.FromSeconds(age) })],
                PromoteIf = dry ? [PromoteCondition.NoCriticalAlerts] : [],
                Checks = dry ? [] : [new() { Name = "a: b", Failure = Triggers[0], Interval = TimeSpan.FromSeconds(age), Limits = new(limit, limit, limit, Math.Max(0, limit)) }],
            },
            Delivery = new() { Mode = mode, OnTrigger = reaction },
            Analysis = analysis ? new() { Pass = pass / 10d, Marginal = pass / 20d, Metrics = [new("p99_latency", dry, command, limit + 1, 1.25, dry ? 0.5 : null) { Tolerance = pass < 1000 ? pass / 1000d : null, Confidence = dry ? 0.999 : null, NoData = dry ? NoDataMeaning.Ignore : null, MinimumPoints = limit < 2 ? null : limit, NanStrategy = dry ? NanStrategy.Replace : NanStrategy.Remove, Direction = dry ? null : WorseWhen.Either }, new("p50_latency") { Measure = dry ? EffectMeasure.Cles : EffectMeasure.MeanRatio }] } : null,
            Evidence = new() { Required = [.. codes], MaxAge = dry ? TimeSpan.FromSeconds(age) : null, LargeChangeLines = dry ? age : null, Quarantine = dry ? [command] : [] },
            Approvals = new() { Required = approvals, Roles = dry ? ["on-call"] : [], Expires = TimeSpan.FromSeconds(age) },
        };

    /// <summary>Each with another signal, so that none contradicts another.</summary>
    private static Trigger[] Triggers { get; } =
    [
        Read("queue_depth > 500"), Read("http_5xx_rate > 1.5% for 5m"), Read("p95_latency >= 800ms for 90s"), Read("p99_latency > 1.25s for 1h30m"),
        Read("checkout_success_rate drops > 3%"), Read("app_error_rate_delta > 0.5%"), Read("search_success_rate <= 12% for 1d"), Read("slo_burn_rate > 14.4x"),
        Read("own_signal < -4 for 0s"),
    ];

    private static Trigger Read(string text) => PolicyText.Check($"canary:\n  auto_rollback_if:\n    - {text}\n", null).Policy!.Canary!.AutoRollbackIf[0];
}
