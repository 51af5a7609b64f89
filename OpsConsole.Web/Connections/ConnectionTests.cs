using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Connections;

/// <summary>Tests sources and targets that are in use, for whoever may ask for it.</summary>
internal sealed class ConnectionTests(SourceTest sourceTest, TargetTest targetTest, TestSlots slots, SourceReading sources, ITargetRegistry targets, IOperatorRoles roles)
{
    /// <summary>Tests a source that is in use, or is read for each version.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="version">The version to read one for that follows releases; null: the newest that is under way.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="progress">Told in words what is being done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RecordAnswer<SourceTestReport>> SourceAsync(string key, string? version, Operator by, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var found = sources.Find(key)?.Binding;
        if (await AgainstAsync(by, found?.Environment, cancellationToken).ConfigureAwait(false) is { Count: > 0 } refusals)
        {
            return new RecordAnswer<SourceTestReport>.Refused(refusals);
        }

        if (found is not { } binding)
        {
            return new RecordAnswer<SourceTestReport>.NotFound("There is no source of that key.");
        }

        var of = binding.FollowsReleases ? version ?? (sources.Versions(binding) is [var newest, ..] ? newest : null) : version;
        return await OneAsync($"the source {key}", () => sourceTest.RunAsync(binding, of, signal => sources.StaleAfter(binding, signal), progress, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Reads a target about a service and a version.</summary>
    public async Task<RecordAnswer<TargetTestReport>> TargetAsync(string target, string environment, string service, string version, Operator by, CancellationToken cancellationToken)
    {
        if (await AgainstAsync(by, environment, cancellationToken).ConfigureAwait(false) is { Count: > 0 } refusals)
        {
            return new RecordAnswer<TargetTestReport>.Refused(refusals);
        }

        return targets.Find(target, environment) is { } adapter
            ? await OneAsync($"{target} in {environment}", () => targetTest.RunAsync(adapter, service, environment, version, cancellationToken)).ConfigureAwait(false)
            : new RecordAnswer<TargetTestReport>.NotFound($"There is no target {target} in {environment}.");
    }

    private async Task<IReadOnlyList<Refusal>> AgainstAsync(Operator by, string? environment, CancellationToken cancellationToken)
    {
        var now = await roles.NowAsync(by, cancellationToken).ConfigureAwait(false);
        return [.. MayNotRefusal.Of(now?.In(environment), Permission.ConnectionsTest, Words.Of(Permission.ConnectionsTest))];
    }

    private Task<RecordAnswer<T>> OneAsync<T>(string what, Func<Task<T>> test) => slots.RunAsync<T>(what, async () => new RecordAnswer<T>.Done(await test().ConfigureAwait(false)));
}
