using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Command;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>Tests what a file would connect before any of it is in force. Nothing is changed anywhere.</summary>
/// <remarks>A draft is what one person typed: each trial is on record first, no program is run for it, and it lets the console connect nowhere that is not allowed without it.</remarks>
internal sealed class CatalogTrials(CatalogBook book, TargetConnector connector, ITargetRegistry registry, TargetTest targetTest, SourceTest sourceTest, TestSlots slots, IOperatorRoles roles, SignInAudit audit)
{
    private const string What = "test what is not in the catalogue yet";

    /// <summary>Reads the target of a file about its service.</summary>
    /// <param name="file">A file without faults.</param>
    /// <param name="target">Which of its targets.</param>
    /// <param name="environment">Where.</param>
    /// <param name="version">The version to ask about.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RecordAnswer<TargetTestReport>> TargetAsync(CatalogFile file, string target, string environment, string version, Operator by, CancellationToken cancellationToken)
    {
        if (await AgainstAsync(by, cancellationToken) is { Count: > 0 } refusals)
        {
            return new RecordAnswer<TargetTestReport>.Refused(refusals);
        }

        if (Part(file) is not { } part)
        {
            return Faulty<TargetTestReport>();
        }

        var own = part.Targets.FirstOrDefault(t => t.Meets(target, environment));
        if (own?.Connected?.Kind.Name == CommandKind.KindName)
        {
            return new RecordAnswer<TargetTestReport>.NotFound("No program is run for a file that is not applied: apply it, and test the target on its page.");
        }

        return await slots.RunAsync<TargetTestReport>($"the target {target} in {environment} of the draft of {part.Service.Name}", async () =>
        {
            if (!await audit.RecordAsync(by, "catalog.try", detail: $"The target {target} in {environment} of {part.Service.Name}, about {version}."))
            {
                return Unrecorded<TargetTestReport>();
            }

            var adapter = own switch
            {
                { Flags: { } flags } => connector.Connect(flags),
                { Connected: { } connected } => connector.ConnectDraft(connected),
                _ => registry.FindForDraft(target, environment),
            };
            return adapter is null
                ? new RecordAnswer<TargetTestReport>.NotFound($"Nothing connects {target} in {environment}: give it a kind here, or have another file or the configuration connect it first.")
                : new RecordAnswer<TargetTestReport>.Done(await targetTest.RunAsync(adapter, part.Service.Name, environment, version, cancellationToken));
        });
    }

    /// <summary>Reads the source of a file.</summary>
    /// <param name="file">A file without faults.</param>
    /// <param name="key">Which of its sources.</param>
    /// <param name="version">The version to read it for, where it follows releases.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="progress">Told in words what is being done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RecordAnswer<SourceTestReport>> SourceAsync(CatalogFile file, string key, string? version, Operator by, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (await AgainstAsync(by, cancellationToken) is { Count: > 0 } refusals)
        {
            return new RecordAnswer<SourceTestReport>.Refused(refusals);
        }

        if (Part(file)?.Sources.FirstOrDefault(s => s.Binding.Key == key) is not { } source)
        {
            return Faulty<SourceTestReport>();
        }

        return await slots.RunAsync<SourceTestReport>($"the source {key} of the draft of {source.Binding.Service}", async () =>
            !await audit.RecordAsync(by, "catalog.try", detail: $"The source {key} of {source.Binding.Service} at {source.Binding.Address?.Host ?? "no address"}.")
                ? Unrecorded<SourceTestReport>()
                : new RecordAnswer<SourceTestReport>.Done(await sourceTest.RunAsync(source.Binding, source.Binding.FollowsReleases ? version : null, progress: progress, cancellationToken: cancellationToken)));
    }

    private static RecordAnswer<T> Faulty<T>() => new RecordAnswer<T>.NotFound("Put right what is wrong with it first.");

    private static RecordAnswer<T> Unrecorded<T>() => new RecordAnswer<T>.Unavailable("The record cannot be written now, and nothing is tried without it; try again in a minute.");

    private CatalogPart? Part(CatalogFile file) =>
        book.With(file).Found is var found && found.Faults.All(f => f.File != file.Name) ? found.Parts.FirstOrDefault(p => CatalogFile.NameOf(p.Service.Name) == file.Name) : null;

    private async Task<IReadOnlyList<Refusal>> AgainstAsync(Operator by, CancellationToken cancellationToken) =>
        [.. MayNotRefusal.Of(await roles.HeldInAsync(by, null, cancellationToken), Permission.CatalogWrite, What)];
}
