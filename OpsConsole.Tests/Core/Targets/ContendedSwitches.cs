using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>The record, with someone else's change before the first write, or hanging.</summary>
internal sealed class ContendedSwitches(InMemoryRecord record, Func<Task>? before) : ISwitchStore
{
    private Func<Task>? _before = before;

    /// <summary>Every reading waits for it, and does not listen to being cancelled.</summary>
    public TaskCompletionSource? Hang { get; set; }

    public TaskCompletionSource? HangingWrite { get; init; }

    public Task<IReadOnlyList<KillSwitch>> ListAsync(CancellationToken cancellationToken) => record.ListAsync(cancellationToken);

    public async Task<IReadOnlyList<SwitchEnvironment>> EnvironmentsAsync(string? key, CancellationToken cancellationToken)
    {
        await (Hang?.Task ?? Task.CompletedTask);
        return await record.EnvironmentsAsync(key, cancellationToken);
    }

    public async Task<KillSwitch?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await (Hang?.Task ?? Task.CompletedTask);
        return await record.FindAsync(key, cancellationToken);
    }

    public Task<bool> AddAsync(KillSwitch value, CancellationToken cancellationToken) => record.AddAsync(value, cancellationToken);

    public Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => record.AddAsync(value, audit, cancellationToken);

    public Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => record.SaveArchivedAsync(value, audit, cancellationToken);

    public async Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken)
    {
        await (HangingWrite?.Task ?? Task.CompletedTask);
        if (Interlocked.Exchange(ref _before, null) is { } first)
        {
            await first();
        }

        // As the database does: given up before the answer, and done all the same.
        var saved = await record.SaveTargetingAsync(place, audit, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return saved;
    }
}
