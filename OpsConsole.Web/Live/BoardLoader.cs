using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Live;

/// <summary>Puts the stored releases, their latest actions and the switches on the board at start, trying again for as long as the database is away. The console is ready once it is done.</summary>
public sealed class BoardLoader(
    ReleaseBoard board, IReleaseStore releases, IActionStore actions, ISwitchStore switches, StorageReady storage, TimeProvider time, ILogger<BoardLoader> log) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once everything stored is on the board.</summary>
    public bool IsLoaded => _loaded.Task.IsCompletedSuccessfully;

    /// <summary>Completes when everything stored is on the board.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        IsLoaded ? HealthCheckResult.Healthy("loaded") : HealthCheckResult.Unhealthy("waiting for the database to load the board from"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.WaitAsync(stoppingToken);
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await LoadAsync(stoppingToken);
                _loaded.TrySetResult();
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(exception, "The board cannot be loaded yet: {Reason} Next attempt in {Pause} s.", exception.Message, pause.TotalSeconds);
                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        // All is read before anything is shown, so that an attempt that fails half way leaves nothing half shown.
        var live = await Limited(releases.ListBoardAsync);
        var latest = await Limited(token => actions.LatestAsync([.. live.Select(r => r.Id)], token));
        var known = await Limited(switches.ListAsync);
        var places = await Limited(token => switches.EnvironmentsAsync(null, token));
        var fixedOnes = new Dictionary<Guid, Release>();
        foreach (var id in live.Select(r => r.FixesReleaseId).OfType<Guid>())
        {
            if (await Limited(token => releases.FindAsync(id, token)) is { } bad)
            {
                fixedOnes[id] = bad;
            }
        }

        foreach (var value in known)
        {
            board.Show(value.Summary());
            foreach (var place in places.Where(p => p.Key == value.Key))
            {
                board.Show(place.Summary(value.TurnsOff));
            }
        }

        foreach (var release in live)
        {
            board.Replace(release, release.FixesReleaseId is { } id && fixedOnes.TryGetValue(id, out var bad) ? [bad] : []);
        }

        foreach (var (id, action) in latest)
        {
            board.Show(id, action.Summary());
        }

        log.LogInformation("The board shows {Releases} releases.", live.Count);

        async Task<T> Limited<T>(Func<CancellationToken, Task<T>> read)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                return await read(limit.Token).WaitAsync(ReadLimit, time, cancellationToken);
            }
            finally
            {
                await limit.CancelAsync();
            }
        }
    }
}
