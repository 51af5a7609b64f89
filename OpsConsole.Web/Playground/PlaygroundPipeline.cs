using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Playground;

/// <summary>Does what a delivery pipeline does: asks the gate for the first two stages of each rollout, as anybody asks. From there on people decide.</summary>
internal sealed class PlaygroundPipeline(IActionGate gate, ReleaseBoard board, TimeProvider time, ILogger logger)
{
    /// <summary>The pipeline asks for stages up to and with this one.</summary>
    public const int LastStage = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<Guid> _leftToPeople = [];

    /// <summary>In whose name it asks.</summary>
    public static Operator Operator { get; } = new("playground pipeline", Role.ReleaseManager, IsService: true);

    /// <summary>Watches these releases until cancelled.</summary>
    public async Task RunAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var id in releases)
            {
                if (board.Find(id) is { } release && IsOurs(release))
                {
                    await PromoteWhenAllowedAsync(release, cancellationToken);
                }
            }
        }
    }

    /// <summary>Once somebody has stopped a release it is theirs, also after they let it go on.</summary>
    private bool IsOurs(ReleaseSnapshot release)
    {
        if (release.Phase is not (ReleasePhase.Registered or ReleasePhase.RollingOut))
        {
            _leftToPeople.Add(release.Id);
        }

        return release.StageIndex < LastStage && !_leftToPeople.Contains(release.Id);
    }

    private async Task PromoteWhenAllowedAsync(ReleaseSnapshot release, CancellationToken cancellationToken)
    {
        // Asks only when the answer would be yes, so that the record is not filled with refusals.
        if (gate.Preview(ActionVerb.Promote, release, Operator).Count > 0)
        {
            return;
        }

        var next = release.Stages[release.StageIndex + 1].ExposurePercent;
        var reason = release.StageIndex < 0 ? "First stage of the rollout." : "The first stage held and every gate passes.";
        var answer = await gate.RequestAsync(new PromoteCommand(release.Id, reason, release.SnapshotVersion, null), Operator, cancellationToken);
        logger.LogInformation(
            "playground: the pipeline asks for {Service} {Version} on {Target} at {Percent} %: {Answer}",
            release.Service, release.Version, release.Target, next, Describe(answer));
    }

    private static string Describe(GateAnswer answer) => answer switch
    {
        GateAnswer.Accepted => "accepted",
        GateAnswer.Refused refused => "refused, " + string.Join(" ", refused.Refusals.Select(refusal => refusal.Sentence)),
        GateAnswer.NotFound notFound => notFound.Sentence,
        GateAnswer.Unavailable unavailable => unavailable.Sentence,
        _ => answer.GetType().Name,
    };
}
