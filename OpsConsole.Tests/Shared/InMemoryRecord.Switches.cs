using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>What is read of one switch, and what is saved of switches with its audit line.</summary>
public sealed partial class InMemoryRecord
{
    private volatile bool _hangs;

    /// <summary>True: who reads a switch waits until they give up.</summary>
    public bool Hangs
    {
        get => _hangs;
        set => _hangs = value;
    }

    public async Task<KillSwitch?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        return await Asked(() => _switches.TryGetValue(key, out var s) ? Copy(s) : null);
    }

    public Task<bool> AddAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) =>
        Lined(audit, () => _switches.TryAdd(value.Key, Copy(value)));

    public Task<bool> SaveArchivedAsync(KillSwitch value, AuditEntry audit, CancellationToken cancellationToken) => Lined(audit, () =>
    {
        if (IsStale(value, _switches.GetValueOrDefault(value.Key)))
        {
            return false;
        }

        _switches[value.Key] = Copy(value);
        return true;
    });

    public Task<bool> SaveTargetingAsync(SwitchEnvironment place, AuditEntry audit, CancellationToken cancellationToken) => Lined(audit, () =>
    {
        if (_places.GetValueOrDefault((place.Key, place.Environment)) is { } there && IsStale(place, there))
        {
            return false;
        }

        _places[(place.Key, place.Environment)] = Copy(place);
        return true;
    });

    private Task<bool> Lined(AuditEntry audit, Func<bool> change) => Asked(() =>
    {
        var done = change();
        if (done)
        {
            _audit.Add(audit);
        }

        return done;
    });
}
