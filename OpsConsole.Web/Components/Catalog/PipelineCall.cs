using System.Globalization;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Components.Catalog;

/// <summary>The call by which a pipeline registers a release of a service on one of its targets.</summary>
internal static class PipelineCall
{
    /// <summary>What the call registers, with an example of what only the pipeline knows: so it can be held to what a registration is held to.</summary>
    /// <param name="service">Whose release it is.</param>
    /// <param name="target">One of its targets.</param>
    /// <param name="environment">Where.</param>
    /// <param name="sources">What is read of the service there.</param>
    /// <param name="kinds">The kinds of sources: some are late by nature.</param>
    public static ReleaseRegistration Example(CatalogService service, string target, string environment, IEnumerable<SourceBinding> sources, SourceCatalog kinds) => new()
    {
        Service = service.Name,
        Target = target,
        Environment = environment,
        Owner = service.Owner.Team,
        Version = "2.0.0",
        PreviousVersion = "1.0.0",
        Artifact = new("sha256:" + new string('0', 64), "0000000", null, null),
        Signals = Signals(sources, kinds) is { Count: > 0 } signals ? signals : null,
        PolicyName = service.PolicyIn(environment),
    };

    /// <summary>Names of signals that are read and that no release can name without saying what they mean.</summary>
    public static IReadOnlyList<string> Unknown(IEnumerable<SourceBinding> sources) =>
        [.. sources.SelectMany(Names).Distinct(StringComparer.Ordinal).Where(name => KnownSignals.Find(name) is null).Order(StringComparer.Ordinal)];

    /// <summary>The three lines.</summary>
    /// <param name="example">What they register.</param>
    /// <param name="console">Address of the console, with a slash at its end.</param>
    public static string Lines(ReleaseRegistration example, string console) => string.Join(
        '\n',
        $"curl -sS --fail-with-body -X POST {console}api/v1/releases -H \"Authorization: Bearer $OPSCONSOLE_TOKEN\" -H 'Content-Type: application/json' -d @- <<END",
        $"{{ \"service\": \"{example.Service}\", \"target\": \"{example.Target}\", \"environment\": \"{example.Environment}\", \"owner\": \"{example.Owner}\", \"version\": \"$VERSION\", \"previousVersion\": \"$PREVIOUS_VERSION\", "
            + "\"artifact\": { \"digest\": \"$DIGEST\", \"commit\": \"$COMMIT\" }"
            + (example.Signals is { } signals ? $", \"signals\": [{string.Join(", ", signals.Select(Text))}]" : "")
            + (example.PolicyName is { } policy ? $", \"policyName\": \"{policy}\"" : "") + " }",
        "END");

    /// <summary>What is read, as a release names it: nothing else would be looked at. One at least is required, or nothing would show that a release is healthy.</summary>
    private static List<SignalRegistration> Signals(IEnumerable<SourceBinding> sources, SourceCatalog kinds)
    {
        var read = sources.SelectMany(source => Names(source).Select(name => (Source: source, Known: KnownSignals.Find(name))))
            .Where(s => s.Known is not null).Select(s => (s.Source, Known: s.Known!)).DistinctBy(s => s.Known.Key).OrderBy(s => s.Known.Key.Value, StringComparer.Ordinal).Take(SignalsAtMost).ToList();
        var none = !read.Exists(s => s.Known.Required);
        return none && !read.Exists(s => s.Known.Limit is not null) ? [] : read.ConvertAll(s => Signal(s.Source, s.Known, kinds, none && s.Known.Limit is not null));
    }

    /// <summary>What is read seldom, or is late by nature, is not stale between two reads; what a source counted over a time of its own is not added to what it counted before.</summary>
    private static SignalRegistration Signal(SourceBinding source, SignalDefinition known, SourceCatalog kinds, bool require)
    {
        var between = kinds.UsualAge(source, known.Key);
        return new()
        {
            Key = known.Key.Value,
            Required = require ? true : null,
            Aggregation = source.Rules.Any(r => r.Signal == known.Key && r.Kind == SignalRuleKind.Measure) ? SignalAggregation.Latest : null,
            WindowSeconds = between > known.Window ? between.TotalSeconds : null,
            StaleAfterSeconds = between > known.StaleAfter ? between.TotalSeconds : null,
        };
    }

    private static IEnumerable<string> Names(SourceBinding source) =>
        source.Rules.Select(r => r.Signal.Value).Concat(source.Checks.SelectMany(c => new[] { c.Signal.Value, c.LatencySignal.Value }));

    private static string Text(SignalRegistration signal) =>
        $"{{ \"key\": \"{signal.Key}\""
        + (signal.Required is true ? ", \"required\": true" : "")
        + (signal.Aggregation is SignalAggregation.Latest ? ", \"aggregation\": \"latest\"" : "")
        + (signal.WindowSeconds is { } window ? $", \"windowSeconds\": {Number(window)}" : "")
        + (signal.StaleAfterSeconds is { } stale ? $", \"staleAfterSeconds\": {Number(stale)}" : "") + " }";

    private static string Number(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    private const int SignalsAtMost = 32;
}
