using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Tests.Shared;

/// <summary>A journal without a disk.</summary>
public sealed class InMemoryJournal : IKillJournal
{
    private readonly TaskCompletionSource _some = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<JournalledKill> _waiting = [];

    /// <summary>Set: why nothing can be kept.</summary>
    public string? Full { get; set; }

    public IReadOnlyList<JournalledKill> Waiting => _waiting;

    public bool IsRead { get; set; } = true;

    public IReadOnlyList<DamagedKill> Damaged { get; set; } = [];

    /// <summary>How often opening an unread journal fails before it reads <see cref="Left"/>.</summary>
    public int Failures { get; set; }

    /// <summary>What an earlier run left, until it is read.</summary>
    public List<JournalledKill> Left { get; } = [];

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        if (!IsRead && Failures-- <= 0)
        {
            _waiting = [.. Left, .. _waiting];
            IsRead = true;
            _some.TrySetResult();
        }

        return Task.CompletedTask;
    }

    public Task KeepAsync(JournalledKill kill, CancellationToken cancellationToken)
    {
        if (Full is { } why)
        {
            return Task.FromException(new JournalUnavailableException(why));
        }

        _waiting = [.. _waiting, kill];
        _some.TrySetResult();
        return Task.CompletedTask;
    }

    public Task DropAsync(Guid id, CancellationToken cancellationToken)
    {
        _waiting = [.. _waiting.Where(k => k.Id != id)];
        return Task.CompletedTask;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _some.Task.WaitAsync(cancellationToken);
}
