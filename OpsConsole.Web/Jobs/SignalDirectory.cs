using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Web.Jobs;

/// <summary>Signals of the sources that are read, of the releases on the board, and of what was pushed lately.</summary>
internal sealed class SignalDirectory(ISourceSchedule sources, ReleaseBoard board, PushedSignals pushed, IOptions<SourceOptions>? configured = null, ISloStandings? objectives = null) : ISignalDirectory
{
    /// <summary>What is read, and what will be for each version that comes.</summary>
    private IEnumerable<SourceBinding> Bindings => sources.List().Select(static s => s.Binding).Concat(configured?.Value.All.Where(b => b.FollowsReleases) ?? []);

    public IReadOnlyCollection<string> Provided(string service, string? target, string? environment)
    {
        var read = Bindings
            .Where(b => b.Service == service && (target ?? b.Target) == b.Target && (environment ?? b.Environment) == b.Environment)
            .SelectMany(Names);
        var shown = board.Current.Releases
            .Where(r => r.Service == service && (target ?? r.Target) == r.Target && (environment ?? r.Environment) == r.Environment)
            .SelectMany(static r => r.Signals).Select(static s => s.Definition.Key.Value);
        return [.. read.Concat(shown).Concat(pushed.Names(service, target, environment)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyCollection<string> Measured(string service, string target, string environment)
    {
        var read = Bindings
            .Where(b => b.Service == service && b.Target == target && b.Environment == environment)
            .SelectMany(Names);
        var shown = board.Current.Releases
            .Where(r => r.Service == service && r.Target == target && r.Environment == environment)
            .SelectMany(static r => r.Signals).Where(static s => s.AsOf is not null).Select(static s => s.Definition.Key.Value);
        return read.Concat(shown).Concat(pushed.Names(service, target, environment)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What a source measures, and what the console's own checks come to.</summary>
    private static IEnumerable<string> Names(SourceBinding binding) =>
        binding.Rules.Select(static r => r.Signal.Value).Concat(binding.Checks.SelectMany(static c => new[] { c.Signal.Value, c.LatencySignal.Value }));

    public IReadOnlyDictionary<string, string> Snapshots(string service, string target, string environment) => Bindings
        .Where(b => b.Service == service && b.Target == target && b.Environment == environment)
        .SelectMany(static b => b.Rules.Where(b.IsSnapshot), static (b, r) => (Signal: r.Signal.Value, b.Key))
        .GroupBy(static s => s.Signal, StringComparer.Ordinal)
        .ToDictionary(static g => g.Key, static g => g.MinBy(static s => s.Key.Length).Key, StringComparer.Ordinal);

    /// <summary>Not known until the objectives were read.</summary>
    public bool? HasObjective(string service, string? environment) => objectives is not { IsLoaded: true }
        ? null
        : environment is null ? objectives.All.Any(s => s.Slo.Service == service) : objectives.ForService(service, environment).Count > 0;
}
