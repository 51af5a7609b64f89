using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads sources that are configured for every version: for the new and the previous version of each release on the board, for as long as it is under way.</summary>
internal sealed class FollowedSources(
    IOptions<SourceOptions> options,
    SourceCatalog catalog,
    ISourceSchedule schedule,
    FollowFaults faults,
    ReleaseBoard board,
    TimeProvider time,
    ILogger<FollowedSources> log) : BackgroundService
{
    /// <summary>Time between two looks at the board.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long a version is read after no release on the board has it any more: a roll back is watched from the same source.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>What is read: as what it stood in force, the key on the schedule, and when a release on the board had the version last.</summary>
    private readonly Dictionary<(string Shape, string Version), (SourceBinding Shape, string Key, DateTimeOffset SeenAt)> _read = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            try
            {
                await StepAsync([.. options.Value.All.Where(b => b.FollowsReleases)], stoppingToken);
            }
#pragma warning disable CA1031 // What goes wrong once must not end the following for good.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                log.LogError(e, "Sources could not be put on the schedule.");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task StepAsync(IReadOnlyList<SourceBinding> shapes, CancellationToken cancellationToken)
    {
        var (now, failed) = (time.GetUtcNow(), new HashSet<(string, string)>());
        foreach (var (shape, version) in shapes.SelectMany(Versions, (s, v) => (s, v)))
        {
            if (_read.TryGetValue((shape.Key, version), out var read) && ReferenceEquals(read.Shape, shape))
            {
                _read[(shape.Key, version)] = (shape, read.Key, now);
            }
            else if (!await TryAsync(shape.Key, version, () => BeginAsync(shape, version, now, cancellationToken), cancellationToken))
            {
                failed.Add((shape.Key, version));
            }
        }

        // What is in force no more is not read on for the sake of a roll back either.
        foreach (var (what, read) in _read.Where(r => now - r.Value.SeenAt > Kept || !shapes.Any(s => ReferenceEquals(s, r.Value.Shape))).ToList())
        {
            if (await TryAsync(what.Shape, what.Version, () => EndAsync(read.Key, cancellationToken), cancellationToken))
            {
                _read.Remove(what);
            }
            else
            {
                failed.Add(what);
            }
        }

        faults.Keep(failed);
    }

    /// <summary>One that goes wrong keeps no other from being followed, and is told once, not at every look.</summary>
    private async Task<bool> TryAsync(string key, string version, Func<Task<string?>> act, CancellationToken cancellationToken)
    {
        try
        {
            if (await act() is not { } why)
            {
                return true;
            }

            if (faults.Note(key, version, why))
            {
                log.LogError("Source {Source} is not read for {Version}: {Why}", key, version, why);
            }
        }
#pragma warning disable CA1031 // See above; the next look tries again.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (faults.Note(key, version, $"The console failed ({e.GetType().Name}); its log says why."))
            {
                log.LogError(e, "Source {Source} could not be put on the schedule, or taken off it, for {Version}", key, version);
            }
        }

        return false;
    }

    /// <summary>Null once it is read, else why it cannot be.</summary>
    private async Task<string?> BeginAsync(SourceBinding shape, string version, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var binding = shape.For(version);
        if (catalog.Faults(binding) is { Count: > 0 } wrong)
        {
            return $"It cannot be read: {string.Join("; ", wrong)}.";
        }

        await schedule.AddAsync(binding, cancellationToken);
        log.LogInformation("Source {Source} is read for {Version} of {Service} as {Key}", shape.Key, version, shape.Service, binding.Key);
        _read[(shape.Key, version)] = (shape, binding.Key, now);
        return null;
    }

    private async Task<string?> EndAsync(string key, CancellationToken cancellationToken)
    {
        await schedule.RemoveAsync(key, cancellationToken);
        return null;
    }

    private IEnumerable<string> Versions(SourceBinding shape) => board.Current.Releases
        .Where(r => r.Phase.IsLive() && r.Service == shape.Service && r.Target == shape.Target && r.Environment == shape.Environment)
        .SelectMany(r => r.PreviousVersion is { } previous ? new[] { r.Version, previous } : [r.Version]);
}
