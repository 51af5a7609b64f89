using Microsoft.Extensions.Logging;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Tracing;

namespace OpsConsole.Core.Policies.Judging;

/// <summary>Analyses releases while they are exposed, and keeps what came out so that gates can read it.</summary>
public sealed class StageAnalyses(IReleaseStore releases, ISignalHistoryStore history, IAnalysisStore analyses, IPolicyReader policies, TimeProvider time, ILogger<StageAnalyses>? log = null)
{
    /// <summary>Shortest time between two runs that are kept: a minute, less what a schedule may be early.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(55);

    /// <summary>An unchanged result is kept again after this long, so that the latest never gets too old to be read.</summary>
    public static readonly TimeSpan LongestInterval = AnalysisRun.FreshFor - TimeSpan.FromSeconds(90);

    private const int MostPoints = 200_000;

    private const int MostEvents = 500;

    /// <summary>Analyses every exposed release whose policy asks for it. A release that cannot be read is left to the next time.</summary>
    /// <returns>How many runs were kept.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var kept = 0;
        foreach (var release in await releases.ListBoardAsync(cancellationToken).ConfigureAwait(false))
        {
            if (release.Phase.IsLive() && release.ExposurePercent > 0 && Wanted(release) is not null)
            {
                using var scope = log?.BeginScope(LogScope.OfRelease(release.Id));
                kept += await AnalyseAsync(release, cancellationToken).ConfigureAwait(false) is { Kept: true } ? 1 : 0;
            }
        }

        return kept;
    }

    /// <summary>Analyses one release now.</summary>
    /// <returns>The report; null where there is no such release, or where nobody ever had it.</returns>
    public async Task<StageReport?> AnalyseAsync(Guid releaseId, CancellationToken cancellationToken) =>
        await releases.FindAsync(releaseId, cancellationToken).ConfigureAwait(false) is { } release
            ? (await AnalyseAsync(release, cancellationToken).ConfigureAwait(false))?.Report
            : null;

    /// <summary>The latest report that was kept, or null.</summary>
    public async Task<StageReport?> LatestAsync(Guid releaseId, CancellationToken cancellationToken) =>
        await analyses.LatestAsync(releaseId, 1, cancellationToken).ConfigureAwait(false) is [var run, ..] ? StageReport.Read(run.ReportJson) : null;

    private async Task<Analysed?> AnalyseAsync(Release release, CancellationToken cancellationToken)
    {
        var events = await releases.EventsAsync(release.Id, MostEvents, cancellationToken).ConfigureAwait(false);
        if (release.StageIndex < 0 || release.StageEnteredAt == default)
        {
            return null;
        }

        // A release that was rolled back is judged up to then.
        var now = time.GetUtcNow();
        var until = release.Phase == ReleasePhase.RolledBack && release.PhaseChangedAt < now ? release.PhaseChangedAt : now;
        var first = events.FirstOrDefault(e => e.Kind == ReleaseEventKind.StageChanged)?.At ?? release.StageEnteredAt;
        var asked = Wanted(release);
        var policy = asked ?? new AnalysisPolicy();
        var from = StageAnalysis.WindowFrom(release, policy, release.StageEnteredAt, release.ExposurePercent, first, until);
        var points = await history.ReadSpanAsync(release.Id, from, until.AddTicks(TimeSpan.TicksPerMicrosecond), MostPoints, cancellationToken).ConfigureAwait(false);
        var report = StageAnalysis.Judge(release, policy, points, from, until, asked is not null) with { At = now };
        var latest = asked is not null && (await analyses.LatestAsync(release.Id, 1, cancellationToken).ConfigureAwait(false)) is [var newest, ..] ? newest : null;
        var keep = asked is not null && IsWorthKeeping(report, latest);
        if (keep)
        {
            var run = new AnalysisRun
            {
                Id = Guid.CreateVersion7(now), ReleaseId = release.Id, At = now, StageIndex = release.StageIndex,
                Verdict = Word(report.Verdict), Score = report.Score, ReportJson = report.Write(),
            };
            await analyses.AddAsync(run, cancellationToken).ConfigureAwait(false);
        }

        return new(report, keep);
    }

    /// <summary>A new stage counts at once; a changed result at most once a minute; an unchanged one before the latest gets too old.</summary>
    private static bool IsWorthKeeping(StageReport report, AnalysisRun? latest)
    {
        if (latest is null || latest.StageIndex != report.StageIndex || latest.At > report.At)
        {
            return true;
        }

        var changed = latest.Verdict != Word(report.Verdict) || !latest.Score.Equals(report.Score);
        return report.At - latest.At >= (changed ? ShortestInterval : LongestInterval);
    }

    private static string Word(CanaryVerdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>What the release's policy asks for. A policy that cannot be read asks for nothing: its gate says so.</summary>
    private AnalysisPolicy? Wanted(Release release)
    {
        try
        {
            return release.Policy is { } snapshot && policies.Read(snapshot).Analysis is { Metrics.Count: > 0 } analysis ? analysis : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record Analysed(StageReport Report, bool Kept);
}
