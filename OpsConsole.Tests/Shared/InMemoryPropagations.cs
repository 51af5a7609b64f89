using System.Collections.Concurrent;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>Measured propagations in memory; may be told to be away.</summary>
internal sealed class InMemoryPropagations : IPropagationStore
{
    public ConcurrentDictionary<Guid, FlagPropagation> Stored { get; } = [];

    /// <summary>How often one was saved.</summary>
    public int Saves { get; private set; }

    public bool Away { get; set; }

    public Task SaveAsync(FlagPropagation value, CancellationToken cancellationToken)
    {
        Reach();
        Saves++;
        Stored[value.Id] = value;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FlagPropagation>> LatestAsync(string? key, int take, CancellationToken cancellationToken)
    {
        Reach();
        return Task.FromResult<IReadOnlyList<FlagPropagation>>(
            [.. Stored.Values.Where(p => key is null || p.Key == key).OrderByDescending(p => p.FlippedAt).ThenByDescending(p => p.Id).Take(take)]);
    }

    private void Reach()
    {
        if (Away)
        {
            throw new RecordUnavailableException("away");
        }
    }
}
