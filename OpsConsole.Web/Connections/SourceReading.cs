using System.Globalization;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Connections;

/// <summary>How every source does, in words.</summary>
public sealed class SourceReading(ISourceSchedule schedule, SourceCatalog catalog, IOptions<SourceOptions> configured, FollowFaults faults, ReleaseBoard board, TimeProvider time)
{
    private const string Averaged = "A release on the board was registered to average it, and each value is over a window of the source's own: the newest counts alone there. Register it with aggregation latest.";

    /// <summary>Every source, the worst first: those that are read, and those that are read for each version that comes.</summary>
    public IReadOnlyList<SourceView> All()
    {
        var shapes = configured.Value.All.Where(b => b.FollowsReleases).ToList();
        var read = schedule.List().Where(s => !s.Binding.FollowsReleases).Select(s => View(s) with { MadeFrom = shapes.FirstOrDefault(shape => Makes(shape, s.Binding))?.Key }).ToList();
        return [.. read.Concat(shapes.Select(shape => View(shape, [.. read.Where(r => r.MadeFrom == shape.Key)])))
            .OrderByDescending(v => v.Standing).ThenBy(v => v.Binding.Service, StringComparer.Ordinal).ThenBy(v => v.Key, StringComparer.Ordinal)];
    }

    /// <summary>The source of a key; null where there is none.</summary>
    public SourceView? Find(string key) => All().FirstOrDefault(v => v.Key == key);

    /// <summary>Versions that a source that follows releases can be tested with now, the new ones first.</summary>
    public IReadOnlyList<string> Versions(SourceBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var live = Releases(binding).Where(r => r.Phase.IsLive()).ToList();
        return [.. live.Select(r => r.Version).Concat(live.Select(r => r.PreviousVersion).OfType<string>()).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Age from which a value of a signal is too old to judge by: what a release on the board says of it is what the board goes by.</summary>
    public TimeSpan StaleAfter(SourceBinding binding, SignalKey signal)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return Shown(binding, signal)?.StaleAfter ?? catalog.UsualStaleAfter(binding, signal);
    }

    /// <summary>What a test found, as it is shown of what is read.</summary>
    public IReadOnlyList<FoundSignal> Found(SourceBinding binding, SourceTestReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var now = time.GetUtcNow();
        return [.. report.Findings.Select(f => View(
            binding, new SignalHealth(f.Signal) { Last = f, Value = f.Value, Count = f.Count, ValueAt = f.Newest, HasFound = true }, null, now))];
    }

    private static bool Makes(SourceBinding shape, SourceBinding binding) =>
        shape.Service == binding.Service && shape.Target == binding.Target && shape.Environment == binding.Environment && shape.Kind == binding.Kind && shape.For(binding.Version).Key == binding.Key;

    private SourceView View(SourceStatus status)
    {
        var now = time.GetUtcNow();
        var signals = status.Signals.Select(s => View(status.Binding, s, status.BegunAt, now)).ToList();
        var standing = status.LastError is not null ? SignalStanding.Failing : signals.Count == 0 ? SignalStanding.Awaited : signals.Max(s => s.Standing);
        return new(status.Binding, status, standing, Sentence(status, standing, signals), signals);
    }

    private SourceView View(SourceBinding shape, IReadOnlyList<SourceView> made)
    {
        var where = $"{shape.Service} on {shape.Target} in {shape.Environment}";
        if (faults.Of(shape.Key) is { Count: > 0 } failed)
        {
            var now = made.Count == 0 ? "" : $" It is read for {string.Join(" and ", made.Select(m => m.Binding.Version))}.";
            return new(shape, null, SignalStanding.Failing, $"{string.Join(" ", failed.Select(f => $"Not read for {f.Version}: {f.Why}"))}{now}{Troubles(made)}", []) { ReadAs = made };
        }

        return made.Count == 0
            ? new(shape, null, SignalStanding.Awaited, $"Read once for each version of a release of {where}; none is under way.", [])
            : new(shape, null, made.Max(m => m.Standing), $"Read once for each version of a release of {where}: now for {string.Join(" and ", made.Select(m => m.Binding.Version))}.{Troubles(made)}", []) { ReadAs = made };
    }

    /// <summary>What the versions that fail say of why, the worst first.</summary>
    private static string Troubles(IReadOnlyList<SourceView> made) =>
        string.Concat(made.Where(m => m.Standing == SignalStanding.Failing).OrderByDescending(m => m.ConsecutiveErrors).Select(m => $" {m.Binding.Version}: {m.Sentence}"));

    private FoundSignal View(SourceBinding binding, SignalHealth health, DateTimeOffset? begunAt, DateTimeOffset now)
    {
        var known = Shown(binding, health.Signal) ?? KnownSignals.Find(health.Signal.Value);
        var staleAfter = StaleAfter(binding, health.Signal);
        var standing = health.StandingAt(now, staleAfter);
        var observations = health is not { Value: not null, Count: > 1 and var count } ? ""
            : known is null ? $"{count.ToString("N0", CultureInfo.InvariantCulture)} observations"
            : SignalText.Observations(count, known);
        var averaged = binding.Rules.Any(r => r.Signal == health.Signal && binding.IsSnapshot(r))
            && Releases(binding).SelectMany(r => r.Signals).Any(s => s.Definition.Key == health.Signal && s.Definition.Aggregation == SignalAggregation.WeightedMean);
        var sentence = $"{Sentence(health, standing, staleAfter, begunAt, now)} {(averaged ? Averaged : "")}".Trim();
        return new(
            health, standing, known?.Title ?? health.Signal.Value.Replace('_', ' '), known?.Unit ?? Unit(binding, health.Signal), observations, sentence);
    }

    /// <summary>The unit that follows from how a signal is made, where nothing is known of it.</summary>
    private SignalUnit Unit(SourceBinding binding, SignalKey signal) => binding.Rules.FirstOrDefault(r => r.Signal == signal) switch
    {
        { Scale: not 1 } or null => SignalUnit.None,
        { Kind: SignalRuleKind.Ratio } => SignalUnit.Percent,
        { Kind: SignalRuleKind.Rate } => SignalUnit.PerSecond,
        { Kind: SignalRuleKind.Measure } rule => catalog.Find(binding.Kind)?.Measures.FirstOrDefault(m => m.Name == rule.Numerator)?.Unit ?? SignalUnit.None,
        _ => SignalUnit.None,
    };

    /// <summary>As a release on the board has it; null where none has.</summary>
    private SignalDefinition? Shown(SourceBinding binding, SignalKey signal) => Releases(binding).SelectMany(r => r.Signals).FirstOrDefault(s => s.Definition.Key == signal)?.Definition;

    private IEnumerable<ReleaseSnapshot> Releases(SourceBinding binding) =>
        board.Current.Releases.Where(r => r.Service == binding.Service && r.Target == binding.Target && r.Environment == binding.Environment);

    private static string Sentence(SignalHealth health, SignalStanding standing, TimeSpan staleAfter, DateTimeOffset? begunAt, DateTimeOffset now)
    {
        var last = health.Last?.Sentence ?? "";
        return standing switch
        {
            SignalStanding.Failing => last.Length > 0 ? last : "The source failed.",
            SignalStanding.Missing when begunAt is { } since && !health.HasFound => $"{last} {(health.Last?.Series is null ? "Nothing" : "No series")} of it was found since reading began at {Spans.Full(since)}.".TrimStart(),
            SignalStanding.Missing => last.Length > 0 ? last : "The source has no value.",
            SignalStanding.Stale => $"The newest value is {Spans.Age(now - health.ValueAt!.Value)} old, and from {Spans.Age(staleAfter)} on it is too old to judge by. {last}".TrimEnd(),
            _ => health.Last?.Kind == SampleKind.Missing ? last : "",
        };
    }

    private static string Sentence(SourceStatus status, SignalStanding standing, List<FoundSignal> signals)
    {
        var worst = signals.Where(s => s.Standing == standing).Select(s => s.Key).ToList();
        var all = worst.Count == signals.Count;
        var which = string.Create(CultureInfo.InvariantCulture, $"{worst.Count} of {signals.Count} signals ({string.Join(", ", worst)})");
        return standing switch
        {
            SignalStanding.Failing => status.LastError ?? $"{(all ? "No signal" : which)} {(all ? "can be read" : "cannot be read")}.",
            SignalStanding.Missing => all ? "It was read, and nothing was found of any signal." : $"Nothing was found of {which}.",
            SignalStanding.Stale => all ? "Every value is too old to judge by." : $"Values of {which} are too old to judge by.",
            SignalStanding.Awaited => "It was not read yet.",
            _ => signals.Count == 1 ? "Its signal has a fresh value." : $"All {signals.Count} signals have a fresh value.",
        };
    }
}
