using System.Runtime.CompilerServices;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Recovery;

namespace OpsConsole.Tests.Shared;

/// <summary>Recovery clocks in memory, honouring the store's contract: copies go out and in, revisions are compared.</summary>
public sealed class InMemoryRecoveries : IRecoveryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, RecoveryClock> _clocks = [];
    private readonly ConditionalWeakTable<RecoveryClock, StrongBox<int>> _readAt = [];

    /// <summary>True: every call fails as it does while the database is away.</summary>
    public bool Away { get; set; }

    public int Saves { get; private set; }

    public IReadOnlyList<RecoveryClock> All => Asked(_ => true);

    /// <summary>Puts a clock there without any check, as another console would have.</summary>
    public void Put(RecoveryClock clock)
    {
        lock (_lock)
        {
            _clocks[clock.Id] = clock.Copy();
        }
    }

    public Task<bool> SaveAsync(RecoveryClock clock, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Fail();
            var there = _clocks.GetValueOrDefault(clock.Id);
            if (_readAt.TryGetValue(clock, out var read) ? there?.Revision != read.Value : there is not null)
            {
                return Task.FromResult(false);
            }

            _clocks[clock.Id] = clock.Copy();
            _readAt.AddOrUpdate(clock, new StrongBox<int>(clock.Revision));
            Saves++;
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<RecoveryClock>> RunningAsync(CancellationToken cancellationToken) => Task.FromResult(Asked(c => c.Ending is null));

    public Task<IReadOnlyList<RecoveryClock>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken) => Task.FromResult(Asked(c => c.ReleaseId == releaseId));

    public Task<IReadOnlyList<RecoveryClock>> LatestAsync(int take, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RecoveryClock>>([.. Asked(_ => true).Take(take)]);

    private IReadOnlyList<RecoveryClock> Asked(Func<RecoveryClock, bool> which)
    {
        lock (_lock)
        {
            Fail();
            return [.. _clocks.Values.Where(which).OrderByDescending(c => c.OnsetAt).ThenByDescending(c => c.Id).Select(Read)];
        }
    }

    private RecoveryClock Read(RecoveryClock clock)
    {
        var copy = clock.Copy();
        _readAt.Add(copy, new StrongBox<int>(copy.Revision));
        return copy;
    }

    private void Fail()
    {
        if (Away)
        {
            throw new RecordUnavailableException("The database cannot be reached now.");
        }
    }
}
