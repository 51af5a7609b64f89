using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>From files to targets and sources, by the very rules that the configuration is read by.</summary>
internal sealed class CatalogReader(
    SourceCatalog sources, IEnumerable<DeliveryTargetKind> kinds, IOptions<NamedSecrets> secrets, IOptions<SourceOptions> configuredSources, IOptions<TargetOptions> configuredTargets)
{
    private readonly DeliveryTargetKind[] _kinds = [.. kinds];
    private readonly CatalogSecrets _secrets = new(sources, kinds, secrets);

    /// <summary>Reads files; what is wrong with one keeps no other from being read.</summary>
    /// <param name="files">By name.</param>
    /// <param name="found">What is wrong with the folder's other files.</param>
    /// <param name="policies">Names of the policies that there are; null where any may be named.</param>
    /// <param name="besides">What is connected and read by neither the configuration nor the catalogue; null for nothing.</param>
    /// <param name="before">What was there before, what holds first: of two files that say the same, the one that is not among it is wrong.</param>
    public CatalogContent Read(IReadOnlyList<CatalogFile> files, IReadOnlyList<CatalogFault> found, IReadOnlySet<string>? policies = null, ConnectedBesides? besides = null, params IReadOnlyList<CatalogContent> before)
    {
        var (read, faults) = (new List<CatalogPlaced>(), new List<CatalogFault>());
        foreach (var reading in files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(CatalogText.Read))
        {
            faults.AddRange(reading.Faults);
            if (reading.Service is { } service)
            {
                var part = Read(reading, service, out var wrong);
                wrong.AddRange(service.Policies.Where(p => policies?.Contains(p) == false).Select(p => NoPolicy(reading, p, policies!)));
                read.Add(new(reading, part, wrong));
            }
        }

        var parts = new CatalogClashes(configuredSources.Value, configuredTargets.Value, besides ?? ConnectedBesides.Nothing, before).Settle(read);
        faults.AddRange(read.SelectMany(r => r.Faults.OrderBy(f => f.Line).ThenBy(f => f.Column)));
        return new(files, [.. read.Select(r => r.Part.Service)], parts, [.. found, .. faults.OrderBy(f => f.File, StringComparer.Ordinal)]);
    }

    private CatalogPart Read(CatalogReading reading, CatalogService service, out List<CatalogFault> faults)
    {
        var (values, told) = _secrets.Resolve(service);
        values.AddRange(service.Sources.Select(s => KeyValuePair.Create($"sources:{s.Key}:Service", (string?)service.Name)));
        var settings = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var (targets, read) = (new TargetOptions(), new SourceOptions());
        new TargetSection(settings.GetSection("targets"), _kinds).Read(targets);
        new SourceSection(settings.GetSection("sources"), sources).Read(read);
        faults =
        [
            .. told.Select(t => reading.Places.Fault(reading.File.Name, t.Sentence) with { Suggestion = t.Suggestion }),
            .. targets.Faults.Concat(read.Faults).Where(f => !told.Exists(t => t.Tells(f))).Select(f => reading.Places.Fault(reading.File.Name, f)),
        ];
        // What may be a secret is seen nowhere, and what is wrong with one connection takes no other one away.
        var shown = service with { Values = [.. service.Values.Select(v => told.Exists(t => t.Path == v.Path) && !(v.IsSecret && NamedSecrets.MayBeName(v.Text)) ? v with { IsWithheld = true } : v)] };
        (string, int, int) Place(string path) => (reading.File.Name, reading.Places.Of(path).Line, reading.Places.Of(path).Column);
        string PathOf(ConfiguredTarget t) => $"targets:{t.Settings.Target}:environments:{t.Settings.Environment}";
        bool Sound(string path) => !told.Exists(t => t.Path.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));
        return new(
            shown,
            [
                .. targets.Flags.Select(f => new CatalogTargetEntry(f.Target, null, Mark(values, $"targets:{f.Target}:"), null, f) { Place = Place($"targets:{f.Target}") }),
                .. targets.Targets.Where(t => Sound(PathOf(t))).Select(t => new CatalogTargetEntry(t.Settings.Target, t.Settings.Environment, Mark(values, $"targets:{t.Settings.Target}:", t.Settings.Environment), t, null) { Place = Place(PathOf(t)) }),
            ],
            [.. read.Bindings.Where(b => Sound($"sources:{b.Key}")).Select(b => new CatalogSourceEntry(b, Mark(values, $"sources:{b.Key}:")))]);
    }

    private static CatalogFault NoPolicy(CatalogReading reading, string policy, IReadOnlySet<string> policies)
    {
        var (line, column) = reading.Places.Of($"policies:{policy}");
        return new(reading.File.Name, line, column, $"There is no policy '{policy}' in the library; write it first, or take the name out.", Spelling.Suggest(policy, [.. policies]));
    }

    /// <summary>Tells whether something has to be connected anew. With an environment, what is said of others does not count.</summary>
    private static string Mark(List<KeyValuePair<string, string?>> values, string beginning, string? environment = null)
    {
        var own = values
            .Where(v => v.Key.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            .Where(v => environment is null || v.Key[beginning.Length..].Split(':') is not [var group, var place, ..] || !group.Equals("environments", StringComparison.OrdinalIgnoreCase) || place == environment)
            .Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', own))));
    }
}
