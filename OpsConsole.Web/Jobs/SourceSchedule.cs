using System.Collections.Concurrent;
using OpsConsole.Core.Signals;
using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>How the reading of a source goes.</summary>
/// <param name="Binding">What is read.</param>
/// <param name="LastReadAt">When it was last read with success.</param>
/// <param name="LastError">What went wrong last, while it does.</param>
/// <param name="ConsecutiveErrors">Failed reads in a row.</param>
/// <param name="Note">What was odd about the last good read without making it wrong.</param>
public sealed record SourceStatus(SourceBinding Binding, DateTimeOffset? LastReadAt, string? LastError, int ConsecutiveErrors, string? Note = null)
{
    /// <summary>Since when it is read.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>When it was last read, with success or not; null before the first time.</summary>
    public DateTimeOffset? LastTriedAt { get; init; }

    /// <summary>What was found of each of its signals.</summary>
    public IReadOnlyList<SignalHealth> Signals { get; init; } = [];
}

/// <summary>Which sources are read, one Quartz job each.</summary>
public interface ISourceSchedule
{
    /// <summary>Begins to read a source, or replaces the binding of the same key.</summary>
    /// <exception cref="ArgumentException">The binding has faults; the message names them all.</exception>
    Task AddAsync(SourceBinding binding, CancellationToken cancellationToken);

    /// <summary>Stops reading a source.</summary>
    Task RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>How every source does.</summary>
    IReadOnlyList<SourceStatus> List();
}

/// <summary>One Quartz job for each binding, at its interval, begun at a random moment of the first so that sources are not all read at once.</summary>
internal sealed class SourceSchedule(
    ISchedulerFactory schedulers,
    SourceCatalog catalog,
    ISampleSink sink,
    SignalMetrics metrics,
    TimeProvider time,
    ILogger<SourceSchedule> logger) : ISourceSchedule
{
    private const string Group = "sources";
    private readonly ConcurrentDictionary<string, SourceCollection> _collections = new(StringComparer.Ordinal);

    public async Task AddAsync(SourceBinding binding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var collection = new SourceCollection(binding, catalog.Create(binding), sink, metrics, time, logger);
        _collections.AddOrUpdate(binding.Key, collection, (_, replaced) =>
        {
            replaced.Stop();
            return collection;
        });

        var job = JobBuilder.Create<ReadSourceJob>().WithIdentity(Job(binding.Key)).Build();
        var trigger = TriggerBuilder.Create(time)
            .WithIdentity(new TriggerKey(binding.Key, Group))
            .ForJob(job)
            .StartAt(time.GetUtcNow() + (binding.Interval * Random.Shared.NextDouble()))
            .WithOverlapPolicy(OverlapPolicy.Skip)
            .WithSimpleSchedule(SimpleScheduleBuilder.Create()
                .WithInterval(binding.Interval)
                .RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))
            .Build();
        var scheduler = await schedulers.GetScheduler(cancellationToken).ConfigureAwait(false);
        await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (_collections.TryRemove(key, out var collection))
        {
            collection.Stop();
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken).ConfigureAwait(false);
        await scheduler.DeleteJob(Job(key), cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<SourceStatus> List() => [.. _collections.Values.Select(static c => c.Status).OrderBy(static s => s.Binding.Key, StringComparer.Ordinal)];

    /// <summary>What a job with this key does at each of its intervals; nothing when the source was removed meanwhile.</summary>
    internal Task TickAsync(string key, CancellationToken cancellationToken) =>
        _collections.TryGetValue(key, out var collection) ? collection.TickAsync(cancellationToken) : Task.CompletedTask;

    private static JobKey Job(string key) => new(key, Group);
}
