using OpsConsole.Core.Catalog;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>A file that was read, with what follows from it and what is wrong with that.</summary>
internal sealed record CatalogPlaced(CatalogReading Reading, CatalogPart Part, List<CatalogFault> Faults);

/// <summary>
/// Leaves out what is there already, and says so. What stands in the configuration wins, and so does what is connected and read by neither it nor a file; of two files the one that said it before, first in what holds, then in what was found,
/// else the first by name: what comes second is a fault, and never quietly something else than it says.
/// </summary>
internal sealed class CatalogClashes(SourceOptions configuredSources, TargetOptions configuredTargets, ConnectedBesides besides, IReadOnlyList<CatalogContent> before)
{
    private readonly List<CatalogContent> _before = [.. before];
    private readonly List<(CatalogPlaced Of, CatalogTargetEntry Target)> _targets = [];
    private readonly List<(CatalogPlaced Of, CatalogSourceEntry Source)> _sources = [];

    /// <summary>The parts with what of them can be used; what cannot is noted at the file that it stands in.</summary>
    /// <param name="read">Files, by name.</param>
    public IReadOnlyList<CatalogPart> Settle(IReadOnlyList<CatalogPlaced> read)
    {
        foreach (var (of, target) in read.SelectMany(static r => r.Part.Targets, static (r, t) => (Of: r, Target: t)).OrderBy(t => Rank(t.Of, p => p.Targets.Any(o => (o.Target, o.Environment) == (t.Target.Target, t.Target.Environment)))))
        {
            if (!Refuses(of, $"targets:{target.Target}:environments:{target.Environment}", Clash(target)))
            {
                _targets.Add((of, target));
            }
        }

        foreach (var (of, source) in read.SelectMany(static r => r.Part.Sources, static (r, s) => (Of: r, Source: s)).OrderBy(s => Rank(s.Of, p => p.Sources.Any(o => o.Binding.Key == s.Source.Binding.Key))))
        {
            if (!Refuses(of, $"sources:{source.Binding.Key}", Clash(source.Binding)))
            {
                _sources.Add((of, source));
            }
        }

        return [.. read.Select(r => r.Part with
        {
            Targets = [.. r.Part.Targets.Where(t => _targets.Exists(k => ReferenceEquals(k.Target, t)))], Sources = [.. r.Part.Sources.Where(s => _sources.Exists(k => ReferenceEquals(k.Source, s)))],
        })];
    }

    /// <summary>How long ago a service said something: the lower, the earlier.</summary>
    private int Rank(CatalogPlaced of, Func<CatalogPart, bool> says)
    {
        var first = _before.FindIndex(c => c.Parts.Any(p => p.Service.Name == of.Part.Service.Name && says(p)));
        return first < 0 ? _before.Count : first;
    }

    private static bool Refuses(CatalogPlaced of, string path, string? sentence)
    {
        if (sentence is not null)
        {
            var (line, column) = of.Reading.Places.Of(path);
            of.Faults.Add(new(of.Reading.File.Name, line, column, sentence));
        }

        return sentence is not null;
    }

    private string? Clash(CatalogTargetEntry target) =>
        Configured(target) is { } setting ? $"{target.Title} is connected by the configuration already ({setting}); take it out of one of the two."
        : besides.Targets.FirstOrDefault(o => target.Meets(o.Target, o.Environment)) is { } beside
            ? $"{target.Title} is connected at this console already, as '{beside.Title}' for {beside.Environment ?? "every environment"}, by neither the configuration nor a file; here it is enough to name it, with its environments and without a kind."
        : _targets.Find(o => o.Target.Meets(target.Target, target.Environment)) is { Of: { } other }
            ? $"{target.Title} is connected by {other.Reading.File.Name} already; here it is enough to name it, with its environments and without a kind."
        : null;

    private string? Clash(SourceBinding source) =>
        configuredSources.Bindings.Any(b => b.Key == source.Key) ? $"The configuration has a source {source.Key} already ({SourceOptions.Section}:{source.Key}); take it out of one of the two."
        : besides.Sources.Any(b => b.Key == source.Key) ? $"A source {source.Key} is read at this console already, by neither the configuration nor a file; give this one another name."
        : _sources.Find(o => o.Source.Binding.Key == source.Key) is { Of: { } other } ? $"{other.Reading.File.Name} has a source {source.Key} already; give this one another name."
        : configuredSources.Bindings.Select(b => Shared(source, b, $"the configuration's source {b.Key} ({SourceOptions.Section}:{b.Key})"))
            .Concat(besides.Sources.Select(b => Shared(source, b, $"the source {b.Key}, of neither the configuration nor a file,")))
            .Concat(_sources.Select(o => Shared(source, o.Source.Binding, $"the source {o.Source.Binding.Key} of {o.Of.Reading.File.Name}"))).FirstOrDefault(static s => s is not null);

    private static string? Shared(SourceBinding source, SourceBinding other, string name) =>
        (source.Service, source.Target, source.Environment) == (other.Service, other.Target, other.Environment)
            && SharedSignals.Fault([.. source.Addresses], [.. other.Addresses], name) is { } fault ? $"The source {source.Key} {fault}." : null;

    private string? Configured(CatalogTargetEntry target) =>
        configuredTargets.Targets.FirstOrDefault(t => target.Meets(t.Settings.Target, t.Settings.Environment)) is { } connected ? $"{TargetOptions.Section}:{connected.Settings.Target}:Environments:{connected.Settings.Environment}"
        : configuredTargets.Flags.Any(f => target.Meets(f.Target, null)) ? $"{TargetOptions.Section}:{target.Target}"
        : null;
}
