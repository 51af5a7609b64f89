using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads sources that are configured for every version: for the new and the previous version of each release on the board, for as long as it is under way.</summary>
internal sealed class FollowedSources(IOptions<SourceOptions> options, ISourceSchedule schedule, ReleaseBoard board, TimeProvider time, ILogger<FollowedSources> log) : BackgroundService
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
        var now = time.GetUtcNow();
        foreach (var (shape, version) in shapes.SelectMany(Versions, (s, v) => (s, v)))
        {
            if (!_read.TryGetValue((shape.Key, version), out var read) || !ReferenceEquals(read.Shape, shape))
            {
                var binding = shape.For(version);
                await schedule.AddAsync(binding, cancellationToken);
                log.LogInformation("Source {Source} is read for {Version} of {Service} as {Key}", shape.Key, version, shape.Service, binding.Key);
                read.Key = binding.Key;
            }

            _read[(shape.Key, version)] = (shape, read.Key, now);
        }

        // What is in force no more is not read on for the sake of a roll back either.
        foreach (var (what, read) in _read.Where(r => now - r.Value.SeenAt > Kept || !shapes.Any(s => ReferenceEquals(s, r.Value.Shape))).ToList())
        {
            await schedule.RemoveAsync(read.Key, cancellationToken);
            _read.Remove(what);
        }
    }

    private IEnumerable<string> Versions(SourceBinding shape) => board.Current.Releases
        .Where(r => r.Phase.IsLive() && r.Service == shape.Service && r.Target == shape.Target && r.Environment == shape.Environment)
        .SelectMany(r => r.PreviousVersion is { } previous ? new[] { r.Version, previous } : [r.Version]);
}
