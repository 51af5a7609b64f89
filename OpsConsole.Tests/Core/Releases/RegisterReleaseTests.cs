using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Releases;

public sealed class RegisterReleaseTests
{
    private static readonly Operator Pipeline = new("pipeline", Role.ReleaseManager, true);
    private static readonly string Digest = "sha256:" + new string('a', 64);

    private static readonly ReleaseRegistration Good = new()
    {
        Service = "shop",
        Target = "gateway",
        Environment = "staging",
        Version = "2.15.0",
        PreviousVersion = "2.14.3",
        Artifact = new(Digest, "abc1234", null, null),
        Owner = "commerce",
        SwitchKey = "recommendations",
    };

    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly InMemoryGates _gates;
    private readonly ReleaseBoard _board;
    private readonly RegisterRelease _register;

    public RegisterReleaseTests()
    {
        _gates = new InMemoryGates(_record);
        _board = new ReleaseBoard(_time);
        _register = new RegisterRelease(_record, _record, _record, _gates, _board, new SwitchBoard(), _time, NullLogger<RegisterRelease>.Instance);
    }

    [Fact]
    public async Task A_rejected_artifact_is_refused_whatever_it_is_called_until_the_rejection_is_lifted()
    {
        var rejected = new RejectedDigest { Id = Guid.NewGuid(), Digest = Digest, Title = "shop 2.14.9", Reason = "leaks memory", By = "ana", At = _time.GetUtcNow() };
        _gates.Put(rejected);

        var refused = Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good, Pipeline, default));

        Assert.Contains("rejected by ana (leaks memory)", refused.Sentence, StringComparison.Ordinal);
        Assert.Contains(_record.Audit, e => e is { Event: "release.register", Outcome: "refused" });
        rejected.Lift("root", "looked into", _time.GetUtcNow());
        _gates.Put(rejected);
        Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good, Pipeline, default));
    }

    public static TheoryData<string, ReleaseRegistration, string> Faulty => new()
    {
        { "no service", Good with { Service = null! }, "service" },
        { "upper-case target", Good with { Target = "Gateway" }, "target" },
        { "environment with a space", Good with { Environment = "a b" }, "environment" },
        { "long owner", Good with { Owner = new string('x', 65) }, "owner" },
        { "bad switch", Good with { SwitchKey = "" }, "switchKey" },
        { "empty version", Good with { Version = "" }, "version" },
        { "version with a slash", Good with { Version = "1/2" }, "version" },
        { "previous is the same", Good with { PreviousVersion = "2.15.0" }, "previousVersion" },
        { "previous malformed", Good with { PreviousVersion = "-1" }, "previousVersion" },
        { "no artifact", Good with { Artifact = null! }, "artifact" },
        { "short digest", Good with { Artifact = Good.Artifact with { Digest = "sha256:abc" } }, "artifact.digest" },
        { "digest without algorithm", Good with { Artifact = Good.Artifact with { Digest = new string('a', 64) } }, "artifact.digest" },
        { "upper-case digest", Good with { Artifact = Good.Artifact with { Digest = Digest.ToUpperInvariant() } }, "artifact.digest" },
        { "no commit", Good with { Artifact = Good.Artifact with { Commit = null! } }, "artifact.commit" },
        { "built tomorrow", Good with { Artifact = Good.Artifact with { BuiltAt = DateTimeOffset.MaxValue } }, "artifact.builtAt" },
        { "provenance no link", Good with { Artifact = Good.Artifact with { Provenance = "here" } }, "artifact.provenance" },
        { "previous digest", Good with { PreviousDigest = "x" }, "previousDigest" },
        { "empty author", Good with { Author = "" }, "author" },
        { "author with a line break", Good with { Author = "a\nb" }, "author" },
        { "script link", Good with { Links = new("javascript:alert(1)", null, null, null, null) }, "links.commit" },
        { "relative link", Good with { Links = new(null, null, null, null, "/dashboard") }, "links.dashboard" },
        { "password in a link", Good with { Links = new(null, null, null, "https://ops:s3cret@logs.example/", null) }, "links.logs" },
        { "user in the provenance", Good with { Artifact = Good.Artifact with { Provenance = "https://ops@builds.example/1" } }, "artifact.provenance" },
        { "no stages", Good with { Stages = [] }, "stages" },
        { "too many stages", Good with { Stages = [.. Enumerable.Range(1, 21).Select(i => new StageRegistration(i, 0))] }, "stages" },
        { "descending stages", Good with { Stages = [new(50, 0), new(25, 0), new(100, 0)] }, "stages[1].exposurePercent" },
        { "ends below 100", Good with { Stages = [new(5, 0), new(50, 0)] }, "stages[1].exposurePercent" },
        { "stage of 0 %", Good with { Stages = [new(0, 0), new(100, 0)] }, "stages[0].exposurePercent" },
        { "stage that is no number", Good with { Stages = [new(double.NaN, 0), new(100, 0)] }, "stages[0].exposurePercent" },
        { "hold of 31 days", Good with { Stages = [new(5, 31 * 86400), new(100, 0)] }, "stages[0].holdSeconds" },
        { "negative hold", Good with { Stages = [new(5, -1), new(100, 0)] }, "stages[0].holdSeconds" },
        { "hold left out", Good with { Stages = [new(5, null), new(100, 0)] }, "stages[0].holdSeconds" },
        { "required and without a limit", Good with { Signals = [new() { Key = "http_5xx_rate" }, new() { Key = "p50_latency", Required = true }] }, "signals[1]" },
        { "own signal without a limit", Good with { Signals = [new() { Key = "cart_size", Family = SignalFamily.Business, Unit = SignalUnit.Count, Better = BetterWhen.Higher }] }, "signals[0]" },
        { "only compared, with nothing", Good with { PreviousVersion = null, Signals = [new() { Key = "checkout_success_rate" }] }, "signals[0]" },
        { "no signals", Good with { Signals = [] }, "signals" },
        { "too many signals", Good with { Signals = [.. Enumerable.Range(0, 33).Select(i => new SignalRegistration { Key = $"s{i}" })] }, "signals" },
        { "bad signal key", Good with { Signals = [new() { Key = "P99" }, new() { Key = "p99_latency" }] }, "signals[0].key" },
        { "signal twice", Good with { Signals = [new() { Key = "p99_latency" }, new() { Key = "p99_latency" }] }, "signals[1].key" },
        { "unknown signal without definition", Good with { Signals = [new() { Key = "cart_size" }] }, "signals[0]" },
        { "no required signal", Good with { Signals = [new() { Key = "p99_latency", Required = false }] }, "signals" },
        { "negative delta", Good with { Signals = [new() { Key = "p99_latency", DeltaLimit = -1 }] }, "signals[0].deltaLimit" },
        { "endless limit", Good with { Signals = [new() { Key = "p99_latency", Limit = double.PositiveInfinity }] }, "signals[0].limit" },
        { "no window", Good with { Signals = [new() { Key = "p99_latency", WindowSeconds = 0 }] }, "signals[0].windowSeconds" },
        { "negative sample time", Good with { Signals = [new() { Key = "p99_latency", SampledOverSeconds = -1 }] }, "signals[0].sampledOverSeconds" },
        { "never stale", Good with { Signals = [new() { Key = "p99_latency", StaleAfterSeconds = 1e9 }] }, "signals[0].staleAfterSeconds" },
        { "negative count", Good with { Signals = [new() { Key = "p99_latency", MinimumCount = -1 }] }, "signals[0].minimumCount" },
        { "long watch", Good with { WatchSeconds = 1e9 }, "watchSeconds" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task Each_fault_is_found_where_it_is(string name, ReleaseRegistration registration, string path)
    {
        Assert.NotEmpty(name);
        var invalid = Assert.IsType<RegisterAnswer.Invalid>(await _register.RegisterAsync(registration, Pipeline, default));
        Assert.Equal((path, false), (Assert.Single(invalid.Faults).Path, invalid.Faults[0].Sentence.Contains("s3cret", StringComparison.Ordinal)));
        Assert.Empty(_record.Audit);
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var invalid = Assert.IsType<RegisterAnswer.Invalid>(await _register.RegisterAsync(
            Good with { Service = "", Version = "", Artifact = new("x", "", null, null), Stages = [new(500, -1)], WatchSeconds = -1 }, Pipeline, default));

        Assert.Equal(
            ["service", "version", "artifact.digest", "artifact.commit", "stages[0].exposurePercent", "stages[0].holdSeconds", "stages[0].exposurePercent", "watchSeconds"],
            invalid.Faults.Select(f => f.Path));
    }

    [Fact]
    public async Task A_good_registration_is_on_record_on_the_board_and_exposes_nobody()
    {
        var release = Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good, Pipeline, default)).Release;

        Assert.Equal((ReleasePhase.Registered, 0d, -1), (release.Phase, release.ExposurePercent, release.StageIndex));
        Assert.Equal([5d, 25d, 50d, 100d], release.Stages.Select(s => s.ExposurePercent));
        Assert.Contains(release.Signals, s => s.Key.Value == "p99_latency" && s.Required);
        Assert.NotNull(await ((IReleaseStore)_record).FindAsync(release.Id, default));
        Assert.Contains(_record.Audit, a => a is { Event: "release.register", Outcome: "done", Actor: "pipeline" });
        Assert.NotNull(await ((ISwitchStore)_record).FindAsync("recommendations", default));
        _board.BuildDue();
        Assert.Equal("recommendations", _board.Find(release.Id)!.Switch!.Key);
    }

    [Fact]
    public async Task A_known_signal_takes_what_differs_and_an_own_one_is_defined_whole()
    {
        var answer = await _register.RegisterAsync(
            Good with
            {
                Signals =
                [
                    new() { Key = "http_5xx_rate", Limit = 2, StaleAfterSeconds = 60 },
                    new() { Key = "cart_size", Family = SignalFamily.Business, Unit = SignalUnit.Count, Better = BetterWhen.Higher, DeltaLimit = 10 },
                ],
            },
            Pipeline, default);

        var signals = Assert.IsType<RegisterAnswer.Registered>(answer).Release.Signals;
        Assert.Equal(KnownSignals.Find("http_5xx_rate")! with { Limit = 2, StaleAfter = TimeSpan.FromMinutes(1) }, signals[0]);
        Assert.Equal(("cart size", SignalFamily.Business, 10d), (signals[1].Title, signals[1].Family, signals[1].DeltaLimit));
    }

    [Fact]
    public async Task The_same_artifact_goes_to_another_environment_and_a_rebuilt_one_does_not()
    {
        await _register.RegisterAsync(Good, Pipeline, default);

        var rebuilt = Good with { Environment = "production", Artifact = Good.Artifact with { Digest = "sha256:" + new string('b', 64) } };
        var conflict = Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(rebuilt, Pipeline, default));
        Assert.Contains("promote the same artifact forward", conflict.Sentence, StringComparison.Ordinal);
        Assert.Contains(_record.Audit, a => a is { Event: "release.register", Outcome: "refused" });

        Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good with { Environment = "production" }, Pipeline, default));
    }

    [Fact]
    public async Task The_same_version_and_a_second_rollout_are_conflicts_that_name_what_is_there()
    {
        var first = Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good, Pipeline, default)).Release;

        Assert.Equal(first.Id, Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good, Pipeline, default)).Existing);
        Assert.Equal(first.Id, Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good with { Version = "2.16.0" }, Pipeline, default)).Existing);
    }

    [Fact]
    public async Task A_flood_of_refused_registrations_is_one_line_a_minute_and_another_refusal_is_on_record_at_once()
    {
        await _register.RegisterAsync(Good, Pipeline, default);
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good, Pipeline, default));
        }

        Assert.Single(Refused());
        await _register.RegisterAsync(Good with { Version = "2.16.0" }, Pipeline, default);
        await _register.RegisterAsync(Good, Pipeline with { Name = "another" }, default);
        await _register.RegisterAsync(Good with { Artifact = Good.Artifact with { Digest = "sha256:" + new string('b', 64) } }, Pipeline, default);
        Assert.Equal(4, Refused().Count);

        _time.Advance(RecordPace.Pause);
        _record.AuditAway = true;
        await _register.RegisterAsync(Good, Pipeline, default);
        _record.AuditAway = false;
        await _register.RegisterAsync(Good, Pipeline, default);
        Assert.EndsWith("Of the same, 20 more were left out since 12:00:00 UTC.", Refused()[^1].Detail, StringComparison.Ordinal);

        List<AuditEntry> Refused() => [.. _record.Audit.Where(e => e is { Event: "release.register", Outcome: "refused" })];
    }

    [Fact]
    public async Task A_registration_that_is_refused_leaves_no_switch_behind()
    {
        await _register.RegisterAsync(Good, Pipeline, default);

        Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good with { Version = "2.16.0", SwitchKey = "another" }, Pipeline, default));
        Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good with { SwitchKey = "another" }, Pipeline, default));

        Assert.Null(await ((ISwitchStore)_record).FindAsync("another", default));
    }

    [Fact]
    public async Task The_same_registration_sent_again_adds_a_switch_that_a_crash_left_out()
    {
        await _record.AddAsync(RegistrationRules.Build(Good, _time.GetUtcNow()), "pipeline", default);

        Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good, Pipeline, default));

        Assert.NotNull(await ((ISwitchStore)_record).FindAsync("recommendations", default));
    }

    [Fact]
    public async Task A_later_release_takes_the_place_of_the_one_at_100_percent_on_the_board()
    {
        var first = Assert.IsType<RegisterAnswer.Registered>(
            await _register.RegisterAsync(Good with { Stages = [new(100, 0)] }, Pipeline, default)).Release;
        first.EnterNextStage(_time.GetUtcNow());
        _record.Put(first);
        _board.Track(first);
        _board.BuildDue();

        var second = Assert.IsType<RegisterAnswer.Registered>(
            await _register.RegisterAsync(Good with { Version = "2.16.0", PreviousVersion = "2.15.0" }, Pipeline, default)).Release;

        _time.Advance(TimeSpan.FromSeconds(1));
        _board.BuildDue();
        Assert.Null(_board.Find(first.Id));
        Assert.NotNull(_board.Find(second.Id));
        Assert.Equal(ReleasePhase.Superseded, (await ((IReleaseStore)_record).FindAsync(first.Id, default))!.Phase);
    }

    [Fact]
    public async Task A_fix_takes_the_place_of_the_halted_release_that_it_names()
    {
        var bad = Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good, Pipeline, default)).Release;
        var fix = Good with { Version = "2.15.1", Fixes = bad.Id };
        Assert.Contains("halt it first", Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(fix, Pipeline, default)).Sentence, StringComparison.Ordinal);
        bad.Halt(_time.GetUtcNow());
        _record.Put(bad);

        var registered = Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(fix, Pipeline, default)).Release;

        Assert.Equal(bad.Id, registered.FixesReleaseId);
        Assert.Equal(ReleasePhase.Superseded, (await ((IReleaseStore)_record).FindAsync(bad.Id, default))!.Phase);
        _time.Advance(TimeSpan.FromSeconds(1));
        _board.BuildDue();
        Assert.Equal(registered.Id, Assert.Single(_board.Current.Releases).Id);
        Assert.Equal((bad.Id, ReleasePhase.Superseded), Assert.Single(_board.Current.Replaced) is { } replaced ? (replaced.Id, replaced.Phase) : default);
    }

    [Fact]
    public async Task A_fix_names_a_release_of_the_same_place()
    {
        var bad = Assert.IsType<RegisterAnswer.Registered>(await _register.RegisterAsync(Good, Pipeline, default)).Release;

        Assert.Contains("no release of the id", Assert.IsType<RegisterAnswer.Conflict>(await _register.RegisterAsync(Good with { Fixes = Guid.NewGuid() }, Pipeline, default)).Sentence, StringComparison.Ordinal);
        Assert.Contains("same service, target and environment", Assert.IsType<RegisterAnswer.Conflict>(
            await _register.RegisterAsync(Good with { Environment = "elsewhere", Fixes = bad.Id }, Pipeline, default)).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.OnCall)]
    public async Task Only_who_may_register_can(Role role)
    {
        var refused = Assert.IsType<RegisterAnswer.NotPermitted>(await _register.RegisterAsync(Good, new Operator("x", role, false), default));
        Assert.EndsWith("ask someone who is release manager or admin.", refused.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_registered_and_it_is_said()
    {
        _record.Away = true;
        Assert.IsType<RegisterAnswer.Unavailable>(await _register.RegisterAsync(Good, Pipeline, default));
        Assert.Empty(_board.Current.Releases);
    }
}
