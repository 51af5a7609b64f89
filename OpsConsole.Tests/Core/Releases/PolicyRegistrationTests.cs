using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Releases;

/// <summary>A release takes from its policy what it does not say itself, and the two never contradict each other.</summary>
public sealed class PolicyRegistrationTests
{
    private const string Canary = "canary:\n  stages:\n    - {traffic: 10%, duration: 2m}\n    - {traffic: 100%, duration: 15m}\n  auto_rollback_if:\n    - queue_depth > 500 for 5m\n    - error_rate_delta > 1%\n";
    private const string Checklist = "release:\n  artifact: registry.example/team/shop:2.15.0\n  previous_artifact: shop:2.14.3\n  database_migration: expand_only\n  feature_flag: recommendations\n  initial_exposure: 10%\n";

    private static readonly Operator Pipeline = new("pipeline", Role.ReleaseManager, true);

    private static readonly ReleaseRegistration Good = new()
    {
        Service = "shop", Target = "gateway", Environment = "staging", Version = "2.15.0", PreviousVersion = "2.14.3", Owner = "commerce",
        Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
    };

    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly InMemoryPolicies _library = new();
    private readonly KnownMeasurements _signals = new() { Names = ["queue_depth"] };
    private readonly InMemoryCatalog _catalog = new();
    private readonly RegisterRelease _register;

    public PolicyRegistrationTests() => _register = new RegisterRelease(
        _record, _record, _record, new InMemoryGates(_record), new ReleaseBoard(_time), new SwitchBoard(), _time, NullLogger<RegisterRelease>.Instance, new RegistrationPolicies(_library, _signals, null, new ServiceDirectory(_catalog)));

    [Fact]
    public async Task What_only_the_policy_says_holds()
    {
        var release = await RegisteredAsync(Good with { Policy = Checklist + Canary });

        Assert.Equal([new Stage(10, TimeSpan.FromMinutes(2)), new Stage(100, TimeSpan.Zero)], release.Stages);
        Assert.Equal((TimeSpan.FromMinutes(15), "recommendations", MigrationClass.Expand), (release.WatchTime, release.SwitchKey, release.Migration));
        Assert.Equal(new PolicySnapshot(null, null, PolicyText.Digest(Checklist + Canary), Checklist + Canary), release.Policy);
        Assert.NotNull(await ((ISwitchStore)_record).FindAsync("recommendations", default));
    }

    [Theory]
    [InlineData("staging", false)]
    [InlineData("production", true)]
    [InlineData("elsewhere", false)]
    public async Task A_strategy_is_held_against_what_the_target_can_do_in_the_releases_environment(string environment, bool refused)
    {
        var targets = new TargetRegistry();
        targets.Add(new EnvironmentTarget(new FakeTarget("gateway", GatewayCapabilities.Value, _time), "staging"));
        targets.Add(new EnvironmentTarget(new FakeTarget("gateway", StoreCapabilities.For(StorePlatform.Ios), _time), "production"));

        var read = await new RegistrationPolicies(_library, _signals, targets).ReadAsync(Good with { Environment = environment, Policy = Checklist + "  rollout_strategy: canary\n" + Canary }, default);

        Assert.Equal(refused, read.Faults.Any(f => f.Sentence.Contains("cannot do canary", StringComparison.Ordinal)));
        Assert.Equal(!refused, read.Faults.Count == 0);
    }

    [Fact]
    public async Task Signals_that_the_policy_names_are_watched_and_held_to_nothing()
    {
        var release = await RegisteredAsync(Good with { Policy = Canary });

        var added = release.Signals.Single(s => s.Key.Value == "queue_depth");
        Assert.Equal((false, null, null), (added.Required, added.Limit, added.DeltaLimit));
        Assert.Equal(["http_5xx_rate", "p50_latency", "p95_latency", "p99_latency", "queue_depth"], release.Signals.Select(s => s.Key.Value));
    }

    [Fact]
    public async Task A_signal_that_nothing_provides_is_a_fault_with_its_line()
    {
        _signals.Names = [];

        var fault = Assert.Single(await FaultsAsync(Good with { Policy = Canary }));

        Assert.Equal("policy", fault.Path);
        Assert.StartsWith("line 6, column 7: Nothing provides 'queue_depth' for shop on gateway, staging.", fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_of_the_library_is_frozen_as_it_was()
    {
        await SaveAsync(Canary);
        await SaveAsync(Canary + "# later\n");

        var latest = await RegisteredAsync(Good with { PolicyName = "web" });
        var first = await RegisteredAsync(Good with { Environment = "production", PolicyName = "web", PolicyVersion = 1 });
        await SaveAsync(Canary + "# later still\n");

        Assert.Equal(("web", 2), (latest.Policy!.Name, latest.Policy.Version!.Value));
        Assert.Equal(("web", 1, Canary), (first.Policy!.Name, first.Policy.Version!.Value, first.Policy.Text));
        Assert.Equal(2, (await ((IReleaseStore)_record).FindAsync(latest.Id, default))!.Policy!.Version);
    }

    [Fact]
    public async Task A_registration_that_names_no_policy_goes_by_the_one_that_the_catalogue_names()
    {
        await SaveAsync(Canary);
        Applied("policies: { staging: web }");

        var release = await RegisteredAsync(Good);
        Assert.Equal(("web", 1, 2), (release.Policy!.Name, release.Policy.Version!.Value, release.Stages.Count));

        Assert.Null((await RegisteredAsync(Good with { Environment = "production" })).Policy);
        Assert.Null((await RegisteredAsync(Good with { Service = "search" })).Policy);
        Assert.Null((await RegisteredAsync(Good with { Target = "app-store", Policy = Canary })).Policy!.Name);
        await _library.SaveAsync(new("own", Canary, PolicyText.Digest(Canary), null, Pipeline, _time.GetUtcNow()), default);
        Assert.Equal("own", (await RegisteredAsync(Good with { Target = "play-store", PolicyName = "own" })).Policy!.Name);

        Applied("policies: [own]");
        Assert.Equal("own", (await RegisteredAsync(Good with { Target = "edge" })).Policy!.Name);
    }

    [Fact]
    public async Task What_the_catalogue_names_and_is_not_there_or_cannot_be_told_is_a_fault_and_never_a_release_without_a_policy()
    {
        Applied("policies: [nobody]");
        Assert.Equal(new RegistrationFault("policyName", "There is no policy nobody in the library, which the catalogue names for shop in staging."), Assert.Single(await FaultsAsync(Good)));

        Applied("polices: [nobody]");
        Assert.StartsWith("Which policy shop goes by cannot be told, because the console cannot read what its catalogue has of it (shop.yaml, line 4, column 1:", Assert.Single(await FaultsAsync(Good)).Sentence, StringComparison.Ordinal);

        _catalog.Away = true;
        Assert.IsType<RegisterAnswer.Unavailable>(await _register.RegisterAsync(Good, Pipeline, default));
    }

    public static TheoryData<string, ReleaseRegistration, string> Contradictions => new()
    {
        { "both", Good with { Policy = Canary, PolicyName = "web" }, "policy" },
        { "version of nothing", Good with { PolicyVersion = 1 }, "policyVersion" },
        { "version of a text", Good with { Policy = Canary, PolicyVersion = 1 }, "policyVersion" },
        { "unknown name", Good with { PolicyName = "nobody" }, "policyName" },
        { "faulty text", Good with { Policy = "canary:\n  stages: 5%\n" }, "policy" },
        { "other stages", Good with { Policy = Canary, Stages = [new(5, 120), new(100, 0)] }, "stages" },
        { "other holds", Good with { Policy = Canary, Stages = [new(10, 60), new(100, 0)] }, "stages" },
        { "other watch", Good with { Policy = Canary, WatchSeconds = 60 }, "watchSeconds" },
        { "other switch", Good with { Policy = Checklist + Canary, SwitchKey = "other" }, "switchKey" },
        { "other migration", Good with { Policy = Checklist + Canary, Migration = MigrationClass.None }, "migration" },
        { "other version", Good with { Policy = Checklist + Canary, Version = "2.16.0" }, "version" },
        { "other service", Good with { Policy = "release:\n  artifact: shop:2.15.0\n  rollback_command: x\n", Service = "cart" }, "service" },
        { "other previous", Good with { Policy = Checklist + Canary, PreviousVersion = "2.14.2" }, "previousVersion" },
        { "other digest", Good with { Policy = "release:\n  artifact: shop@sha256:beef\n  rollback_command: x\n" }, "artifact.digest" },
        { "initial exposure", Good with { Policy = "release:\n  initial_exposure: 1%\n  rollback_command: x\n" }, "stages" },
        { "no way back", Good with { Policy = Canary, PreviousVersion = null }, "acceptNoWayBack" },
        { "none in the checklist", Good with { Policy = "release:\n  database_migration: none\n" }, "acceptNoWayBack" },
        { "approvals of a change by nobody", Good with { Policy = Canary + "approvals:\n  required: 1\n" }, "author" },
        { "approvals of a change by a blank", Good with { Policy = Canary + "approvals:\n  required: 1\n", Author = " " }, "author" },
        { "an approval more for a large change", Good with { Policy = Canary + "evidence:\n  large_change_lines: 500\n" }, "author" },
        { "accepted by nobody", Good with { Policy = Canary, PreviousVersion = null, AcceptNoWayBack = new(" ", "first release") }, "acceptNoWayBack.by" },
        { "accepted for nothing", Good with { Policy = Canary, PreviousVersion = null, AcceptNoWayBack = new("mira", "") }, "acceptNoWayBack.reason" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task What_both_say_must_be_the_same(string name, ReleaseRegistration registration, string path)
    {
        Assert.NotEmpty(name);
        Assert.Equal(path, Assert.Single(await FaultsAsync(registration)).Path);
        Assert.Empty(_record.Audit);
    }

    [Fact]
    public async Task With_its_author_a_release_may_ask_for_approvals() =>
        Assert.Equal("jonas", (await RegisteredAsync(Good with { Policy = Canary + "approvals:\n  required: 1\n", Author = "jonas" })).Author);

    [Fact]
    public async Task What_both_say_alike_is_fine() => await RegisteredAsync(Good with
    {
        Policy = Checklist + Canary, Stages = [new(10, 120), new(100, 0)], WatchSeconds = 900, SwitchKey = "recommendations", Migration = MigrationClass.Expand,
    });

    [Fact]
    public async Task A_release_without_a_way_back_starts_once_a_named_person_accepts_that_on_record()
    {
        var release = await RegisteredAsync(Good with { Policy = Canary, PreviousVersion = null, AcceptNoWayBack = new("mira", "It is the first release.") });

        var line = Assert.Single(_record.Audit, a => a.Event == "release.accept-no-way-back");
        Assert.Equal(("pipeline", $"release:{release.Id:N}", "It is the first release."), (line.Actor, line.Subject, line.Reason));
        Assert.Contains("mira accepts", line.Detail, StringComparison.Ordinal);
        var told = Assert.Single(_record.Events, e => e.Kind == ReleaseEventKind.Waiver);
        Assert.Equal((release.Id, "mira", "It is the first release."), (told.ReleaseId, told.Actor, told.Reason));
    }

    [Fact]
    public async Task Without_the_record_of_the_acceptance_nothing_is_registered()
    {
        _record.AuditAway = true;

        Assert.IsType<RegisterAnswer.Unavailable>(await _register.RegisterAsync(Good with { Policy = Canary, PreviousVersion = null, AcceptNoWayBack = new("mira", "First.") }, Pipeline, default));

        Assert.Empty(_record.Events);
    }

    [Fact]
    public async Task A_release_without_a_policy_registers_as_before()
    {
        var release = await RegisteredAsync(Good with { PreviousVersion = null });

        Assert.Null(release.Policy);
        Assert.Equal((4, TimeSpan.FromMinutes(10), MigrationClass.None), (release.Stages.Count, release.WatchTime, release.Migration));
    }

    [Fact]
    public async Task Where_nothing_is_measured_a_release_is_registered_with_a_plain_warning()
    {
        _signals.Now = [];

        var warning = Assert.Single(await WarningsAsync(Good with { Policy = Canary }));

        Assert.StartsWith("Nothing measures shop on gateway, staging: no source reads it", warning, StringComparison.Ordinal);
        foreach (var part in new[] { "http_5xx_rate", "queue_depth", "inconclusive", "OpsConsole:Sources", "POST /api/v1/signals" })
        {
            Assert.Contains(part, warning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_what_is_needed_and_not_measured_is_named()
    {
        _signals.Now = ["http_5xx_rate", "p95_latency", "p99_latency"];

        var warning = Assert.Single(await WarningsAsync(Good with { Policy = Canary }));

        Assert.StartsWith("For shop on gateway, staging nothing measures queue_depth, so", warning, StringComparison.Ordinal);
        _signals.Now = [.. _signals.Now, "p50_latency", "queue_depth"];
        Assert.Empty(await WarningsAsync(Good with { Environment = "production", Policy = Canary }));
    }

    [Fact]
    public async Task Synthetic_checks_that_a_policy_waits_for_and_nobody_runs_are_told()
    {
        _signals.Now = ["http_5xx_rate", "p50_latency", "p95_latency", "p99_latency", "queue_depth"];

        var warning = Assert.Single(await WarningsAsync(Good with { Policy = Canary + "  promote_if: [synthetic_checks_pass]\n" }));

        Assert.Contains("no synthetic check of shop on gateway, staging", warning, StringComparison.Ordinal);
        Assert.Contains("http-check", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_not_known_what_is_measured_nothing_is_warned_of() => Assert.Empty(await WarningsAsync(Good with { Policy = Canary }));

    [Fact]
    public async Task While_the_library_is_away_nothing_is_registered()
    {
        _library.Away = true;
        Assert.IsType<RegisterAnswer.Unavailable>(await _register.RegisterAsync(Good with { PolicyName = "web" }, Pipeline, default));
    }

    private Task<PolicySaved> SaveAsync(string text) => _library.SaveAsync(new("web", text, PolicyText.Digest(text), null, Pipeline, _time.GetUtcNow()), default);

    private void Applied(string policies) => _catalog.Versions.Add(new CatalogVersion
    {
        Number = _catalog.Versions.Count + 1, Digest = "", AppliedBy = "ada", AppliedAt = _time.GetUtcNow(), Summary = "",
        Files = [new("shop.yaml", $"service: shop\nowner: {{ team: commerce }}\nenvironments: [staging]\n{policies}\n")],
    });

    private async Task<Release> RegisteredAsync(ReleaseRegistration registration)
    {
        var answer = await _register.RegisterAsync(registration, Pipeline, default);
        Assert.True(answer is RegisterAnswer.Registered, (answer as RegisterAnswer.Invalid)?.Faults is { } faults ? string.Join(" ", faults) : answer.ToString());
        return ((RegisterAnswer.Registered)answer).Release;
    }

    private async Task<IReadOnlyList<RegistrationFault>> FaultsAsync(ReleaseRegistration registration) =>
        Assert.IsType<RegisterAnswer.Invalid>(await _register.RegisterAsync(registration, Pipeline, default)).Faults;

    private async Task<IReadOnlyList<string>> WarningsAsync(ReleaseRegistration registration) =>
        Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(registration, Pipeline, default)).Warnings;
}
