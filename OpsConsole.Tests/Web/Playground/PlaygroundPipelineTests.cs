using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground;

namespace OpsConsole.Tests.Web.Playground;

public sealed class PlaygroundPipelineTests
{
    private readonly FakeTime _time = new();
    private readonly ReleaseBoard _board;
    private readonly ListeningGate _gate = new();
    private readonly Release _release;
    private readonly PlaygroundPipeline _pipeline;

    public PlaygroundPipelineTests()
    {
        _board = new ReleaseBoard(_time);
        _pipeline = new PlaygroundPipeline(_gate, _board, _time, NullLogger.Instance);
        _release = New("shop", "2.15.0");
    }

    [Fact]
    public async Task It_takes_a_release_to_its_second_stage_and_no_further()
    {
        for (var stage = 0; stage < 4; stage++)
        {
            await LookAsync();
            _release.EnterNextStage(_time.GetUtcNow());
        }

        Assert.Equal(2, _gate.Asked.Count);
    }

    [Fact]
    public async Task A_fix_of_one_of_its_releases_is_taken_to_everyone_and_another_release_is_not_its_business()
    {
        var fix = New("shop", "2.15.1", _release.Id);
        _board.Replace(fix, [_release]);
        _board.Track(New("cart", "9.0.0"));
        for (var stage = 0; stage < 4; stage++)
        {
            await LookAsync(fix);
            fix.EnterNextStage(_time.GetUtcNow());
        }

        await LookAsync(fix);
        Assert.Equal(Enumerable.Repeat(fix.Id, 4), _gate.Asked.Select(a => a.Command.ReleaseId));
        Assert.Equal([null, null, null, "shop"], _gate.Asked.Select(a => a.Command.Confirmation));
    }

    [Fact]
    public async Task It_asks_as_a_service_on_what_the_board_shows()
    {
        await LookAsync();

        var (command, by) = Assert.Single(_gate.Asked);
        Assert.Equal(_board.Find(_release.Id)!.SnapshotVersion, command.SeenVersion);
        Assert.Equal(Role.ReleaseManager, by.Role);
        Assert.True(by.IsService);
    }

    [Fact]
    public async Task It_does_not_ask_for_what_would_be_refused()
    {
        _gate.Refusals = [new SomeRefusal()];

        await LookAsync();

        Assert.Empty(_gate.Asked);
    }

    [Fact]
    public async Task A_release_that_somebody_stopped_is_left_to_people_also_when_it_goes_on()
    {
        _release.EnterNextStage(_time.GetUtcNow());
        _release.Halt(_time.GetUtcNow());
        await LookAsync();
        _release.Resume(_time.GetUtcNow());
        await LookAsync();

        Assert.Empty(_gate.Asked);
    }

    private Release New(string service, string version, Guid? fixes = null) => new()
    {
        Id = Guid.CreateVersion7(), Service = service, Target = "gateway", Environment = "production", Version = version, PreviousVersion = "2.14.3", FixesReleaseId = fixes,
        Artifact = new Artifact("sha256:" + new string('a', 64), "abc", null, null), Owner = "commerce", RegisteredAt = _time.GetUtcNow(),
        Stages = [new Stage(5, TimeSpan.Zero), new Stage(25, TimeSpan.Zero), new Stage(50, TimeSpan.Zero), new Stage(100, TimeSpan.Zero)], Signals = [],
    };

    private Task LookAsync(Release? release = null)
    {
        _board.Track(release ?? _release);
        _time.Advance(TimeSpan.FromSeconds(1));
        _board.BuildDue();
        return _pipeline.LookAsync([_release.Id], CancellationToken.None);
    }

    private sealed record SomeRefusal : Refusal
    {
        public override string Sentence => "Not now.";
    }

    private sealed class ListeningGate : IActionGate
    {
        public List<(PromoteCommand Command, Operator By)> Asked { get; } = [];

        public IReadOnlyList<Refusal> Refusals { get; set; } = [];

        public Task<GateAnswer> RequestAsync(ActionCommand command, Operator by, CancellationToken cancellationToken)
        {
            Asked.Add(((PromoteCommand)command, by));
            return Task.FromResult<GateAnswer>(new GateAnswer.Refused([]));
        }

        public IReadOnlyList<Refusal> Preview(ActionVerb verb, ReleaseSnapshot release, Operator by) => Refusals;

        public Task<ActionBriefing?> BriefAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken) => Task.FromResult<ActionBriefing?>(null);

        public Task<ActionBriefing?> BriefSwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken) => Task.FromResult<ActionBriefing?>(null);

        public IReadOnlyList<GateResult> Gates(ReleaseSnapshot release) => [];
    }
}
