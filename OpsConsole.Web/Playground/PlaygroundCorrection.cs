using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Playground;

/// <summary>Does what the app's developers do once the bad build was halted: registers the corrected one in its place. They put the fire out first, and where nobody does they are ready after <see cref="Longest"/>.</summary>
internal sealed class PlaygroundCorrection(RegisterRelease register, ReleaseBoard board, TimeProvider time, ILogger logger)
{
    /// <summary>From the end of the recovery clock to the corrected build.</summary>
    public static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(10);

    /// <summary>From the halt to the corrected build, where the clock still runs.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private DateTimeOffset? _haltedSince;
    private DateTimeOffset _notBefore;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await LookAsync(cancellationToken);
        }
    }

    /// <summary>Looks once, and registers the corrected build when it is ready.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var bad = board.Current.Releases.FirstOrDefault(IsBad);
        _haltedSince = bad is null ? null : _haltedSince ?? now;
        if (bad is null || now < _notBefore || now < ReadyAt(bad, _haltedSince!.Value))
        {
            return;
        }

        _notBefore = now + Pause;
        var answer = await register.RegisterAsync(PlaygroundReleases.Correction(bad.Target, bad.Id), PlaygroundPipeline.Operator, cancellationToken);
        logger.LogInformation("playground: {Version} corrects {Bad} on {Target}: {Answer}", PlaygroundReleases.CorrectedApp, bad.Version, bad.Target, PlaygroundRegister.Describe(answer));
    }

    private static DateTimeOffset ReadyAt(ReleaseSnapshot bad, DateTimeOffset haltedSince)
    {
        var latest = haltedSince + Longest;
        return bad.Recovery?.Clock?.EndedAt + AfterTheEnd is { } ready && ready < latest ? ready : latest;
    }

    private static bool IsBad(ReleaseSnapshot release) => release is
    {
        Service: PlaygroundReleases.Pocket, Target: "play-store", Environment: PlaygroundReleases.Environment, Version: PlaygroundReleases.NewApp, Phase: ReleasePhase.Halted,
    };
}
