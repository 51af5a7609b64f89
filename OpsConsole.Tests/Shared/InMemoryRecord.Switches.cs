using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>What is saved of switches with its audit line.</summary>
public sealed partial class InMemoryRecord
{
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
