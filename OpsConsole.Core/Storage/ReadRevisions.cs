using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>Remembers at which revision each object was read or last saved, however often it was changed since: a save succeeds only against that one.</summary>
internal static class ReadRevisions
{
    private static readonly ConditionalWeakTable<object, StrongBox<int>> Known = [];

    /// <summary>Notes the revision of everything that is read.</summary>
    public static IMaterializationInterceptor Interceptor { get; } = new OnRead();

    /// <summary>Notes the revision that the object has now as the one that the database has.</summary>
    public static void Note(object entity)
    {
        if (Of(entity) is { } revision)
        {
            Known.AddOrUpdate(entity, new StrongBox<int>(revision));
        }
    }

    /// <summary>The revision that the database had when the object was read or saved.</summary>
    /// <exception cref="InvalidOperationException">The object was neither read from a store nor saved by one.</exception>
    public static int At(object entity) => Known.TryGetValue(entity, out var revision)
        ? revision.Value
        : throw new InvalidOperationException($"This {entity.GetType().Name} was not read from the store, so a change of it cannot be saved.");

    /// <summary>True for an object that was read from a store or saved by one.</summary>
    public static bool Knows(object entity) => Known.TryGetValue(entity, out _);

    private static int? Of(object entity) => entity switch
    {
        Release release => release.Revision,
        ReleaseAction action => action.Revision,
        KillSwitch value => value.Revision,
        SwitchEnvironment place => place.Revision,
        RecoveryClock clock => clock.Revision,
        RolloutState rollout => rollout.Revision,
        Waiver waiver => waiver.Revision,
        RejectedDigest rejected => rejected.Revision,
        DeployWindow window => window.Revision,
        _ => null,
    };

    private sealed class OnRead : IMaterializationInterceptor
    {
        public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
        {
            Note(entity);
            return entity;
        }
    }
}
