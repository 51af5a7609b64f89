using System.Collections.Immutable;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Rollouts;

/// <summary>The rollouts of a target, kept in a file so that they are the same after a restart.</summary>
internal sealed class RolloutTable
{
    private readonly Lock _writing = new();
    private readonly string _path;
    private readonly bool _canShrink;
    private readonly TimeProvider _time;
    private ImmutableDictionary<string, Rollout> _rollouts;

    /// <summary>Reads what was kept. Where exposure cannot shrink, what is installed stays installed.</summary>
    public RolloutTable(string path, bool canShrink, TimeProvider time)
    {
        _path = path;
        _canShrink = canShrink;
        _time = time;
        _rollouts = (AtomicFile.Read<Rollout[]>(path) ?? []).ToImmutableDictionary(rollout => rollout.Service, StringComparer.Ordinal);
    }

    /// <summary>The rollout of a service, or null when there is none.</summary>
    public Rollout? Find(string service) => Volatile.Read(ref _rollouts).GetValueOrDefault(service);

    /// <summary>Applies a change once.</summary>
    /// <returns>Null when the rollout now is as asked, or the sentence that refuses it.</returns>
    public string? Apply(string service, RolloutChange change)
    {
        lock (_writing)
        {
            var before = Find(service);
            if (before?.HasApplied(change.ActionId) == true)
            {
                return null;
            }

            if (Refusal(before, change) is { } refusal)
            {
                return refusal;
            }

            Save(Rollout.After(before, service, change, _time.GetUtcNow()));
            return null;
        }
    }

    /// <summary>Sets a rollout as the estate's owner, without the rules for changes.</summary>
    public void Put(string service, RolloutChange change)
    {
        lock (_writing)
        {
            Save(Rollout.After(Find(service), service, change, _time.GetUtcNow()));
        }
    }

    private string? Refusal(Rollout? before, RolloutChange change)
    {
        if (before is null)
        {
            return "there is no rollout of this service here.";
        }

        var reached = before.Version == change.Version ? before.ExposurePercent : 0;
        if (before.Halted && change.Halted && change.ExposurePercent > reached)
        {
            return $"the rollout is halted at {reached:0.##} %; lift the halt to raise it.";
        }

        return !_canShrink && change.ExposurePercent < reached
            ? $"{reached:0.##} % of the users were offered {before.Version}, and an installed version cannot be taken back."
            : null;
    }

    private void Save(Rollout rollout)
    {
        var next = _rollouts.SetItem(rollout.Service, rollout);
        AtomicFile.Write(_path, next.Values.OrderBy(r => r.Service, StringComparer.Ordinal).ToArray());
        Volatile.Write(ref _rollouts, next);
    }
}
