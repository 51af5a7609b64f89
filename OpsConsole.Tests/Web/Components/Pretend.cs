using System.Collections.Immutable;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Web.Components;

/// <summary>Releases, snapshots and actions as the pages get them.</summary>
internal static class Pretend
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Operator OnCall = new("mira", Role.OnCall, IsService: false);

    public static Release Release(string service = "shop", string version = "2.15.0") => new()
    {
        Id = Guid.CreateVersion7(Now),
        Service = service,
        Target = "gateway",
        Environment = "production",
        Version = version,
        PreviousVersion = "2.14.3",
        Artifact = new Artifact("sha256:9f86d081884c7d65", "4f2a91c0d3b7", Now, null),
        Owner = "commerce",
        Author = "jonas",
        Links = new ReleaseLinks("https://code.example/c/4f2a91c", null, null, null, "javascript:alert(1)"),
        Stages = [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(50, TimeSpan.FromMinutes(20)), new Stage(100, TimeSpan.Zero)],
        Signals = [KnownSignals.Find("http_5xx_rate")!, KnownSignals.Find("p99_latency")!],
        RegisteredAt = Now.AddMinutes(-30),
    };

    public static ReleaseSnapshot Snapshot(
        string service = "shop",
        Verdict verdict = Verdict.Pass,
        SignalQuality quality = SignalQuality.Fresh,
        ReleasePhase phase = ReleasePhase.RollingOut,
        long version = 100,
        ActionSummary? action = null,
        SwitchSummary? bound = null) => new()
        {
            Id = Guid.CreateVersion7(Now),
            Service = service,
            Target = "gateway",
            Environment = "production",
            Version = "2.15.0",
            PreviousVersion = "2.14.3",
            Owner = "commerce",
            Phase = phase,
            Stages = [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(50, TimeSpan.FromMinutes(20)), new Stage(100, TimeSpan.Zero)],
            StageIndex = 1,
            ExposurePercent = phase == ReleasePhase.RolledBack ? 0 : 50,
            RegisteredAt = Now.AddMinutes(-30),
            StageEnteredAt = Now.AddMinutes(-5),
            Revision = 2,
            SnapshotVersion = version,
            DecisionVersion = version,
            StateVersion = version,
            AsOf = Now,
            Verdict = verdict,
            Quality = quality,
            Reason = "errors 4.21 % > 1 % for 3 m 12 s, 18,203 requests, 2 s old",
            VerdictSince = Now.AddMinutes(-3),
            Signals = [Signal("http_5xx_rate", verdict, quality)],
            Action = action,
            Switch = bound,
        };

    public static SignalSnapshot Signal(string key, Verdict verdict, SignalQuality quality, long samples = 4000) => new()
    {
        Definition = KnownSignals.Find(key)!,
        Quality = quality,
        Verdict = verdict,
        Reason = "errors <b>4.21 %</b>",
        Canary = quality == SignalQuality.Missing ? null : 4.21,
        CanaryText = quality == SignalQuality.Missing ? "–" : "4.21 %",
        BaselineText = "0.2 %",
        DeltaText = "+3.94 pp",
        SparklinePath = "M0 1L96 20",
        LimitY = 12,
        AsOf = quality == SignalQuality.Missing ? null : Now.AddMinutes(-4),
        Samples = samples,
        CanaryPoints = [new ChartPoint(Now.AddSeconds(-1), 4.1), new ChartPoint(Now, 4.21)],
    };

    public static BoardSnapshot Board(params ReleaseSnapshot[] releases) => new(1, Now, releases.ToImmutableArray());

    public static ActionSummary Summary(ActionVerb verb, ActionPhase phase) =>
        new(Guid.CreateVersion7(Now), verb, phase, "mira", Now.AddSeconds(-2), phase.IsInFlight() ? null : Now.AddSeconds(-0.6), null);

    public static ReleaseAction Action(ActionVerb verb, Guid? release) => new()
    {
        Id = Guid.CreateVersion7(Now),
        Verb = verb,
        ReleaseId = release,
        SwitchKey = release is null ? "recommendations" : null,
        RequestedBy = "mira",
        Role = nameof(Role.OnCall),
        Reason = "errors grow",
        EvidenceJson = "{}",
        EvidenceSeal = "9032f95fabc",
        RequestedAt = Now,
    };

    public static ActionBriefing Briefing(string? type = "shop", IReadOnlyList<Refusal>? refusals = null) => new()
    {
        Title = "Roll back shop on gateway",
        WhatHappens = "All requests go to 2.14.3.",
        WhoFeelsIt = "The 50 % of requests now on 2.15.0.",
        HowLong = "4 s here (p95 7 s, n 12)",
        WhatStays = "Rows written by 2.15.0 stay.",
        ToUndo = "Start 2.15.0 again from its first stage.",
        TypeToConfirm = type,
        Gates = [],
        Refusals = refusals ?? [],
        SeenVersion = 100,
        EvidenceAsOf = Now,
    };
}

/// <summary>A refusal with a sentence of its own.</summary>
internal sealed record HoldNotOverRefusal : Refusal
{
    public override string Sentence => "The stage holds for another 6 m 10 s.";
}
