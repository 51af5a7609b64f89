using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Playground;

/// <summary>Does what a delivery pipeline does: asks the gate for the first two stages of each rollout, as anybody asks. From there on people decide. A release that fixes one of them it takes to everyone, as its gates let it.</summary>
internal sealed class PlaygroundPipeline(IActionGate gate, ReleaseBoard board, TimeProvider time, ILogger logger)
{
    /// <summary>The pipeline asks for stages up to and with this one, but for a fix.</summary>
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
            await LookAsync(releases, cancellationToken);
        }
    }

    /// <summary>Looks once and asks for what is allowed.</summary>
    internal async Task LookAsync(IReadOnlyCollection<Guid> releases, CancellationToken cancellationToken)
    {
        foreach (var release in board.Current.Releases.Where(r => releases.Contains(r.Id) || (r.FixesReleaseId is { } bad && releases.Contains(bad))))
        {
            if (IsOurs(release))
            {
                await PromoteWhenAllowedAsync(release, cancellationToken);
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

        return release.StageIndex < (release.FixesReleaseId is null ? LastStage : release.Stages.Count - 1) && !_leftToPeople.Contains(release.Id);
    }

    private async Task PromoteWhenAllowedAsync(ReleaseSnapshot release, CancellationToken cancellationToken)
    {
        // Asks only when the answer would be yes, so that the record is not filled with refusals.
        if (gate.Preview(ActionVerb.Promote, release, Operator).Count > 0)
        {
            return;
        }

        var next = release.Stages[release.StageIndex + 1].ExposurePercent;
        var reason = release.StageIndex < 0 ? "First stage of the rollout." : "The stage before it held and every gate passes.";
        var answer = await gate.RequestAsync(new PromoteCommand(release.Id, reason, release.SnapshotVersion, next >= 100 ? release.Service : null), Operator, cancellationToken);
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
