using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Targets;

/// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
internal sealed class TargetSection(IConfigurationSection section, IEnumerable<DeliveryTargetKind> kinds) : FaultySection([])
{
    /// <summary>The kind that is the console's own switches: the same in every environment, and needs no credential.</summary>
    public const string FlagKind = "feature-flag";

    private const string EnvironmentsKey = "Environments";
    private const string ServicesKey = "Services";

    private static readonly string[] FlagKeys = ["Kind", "Timeout"];
    private static readonly string[] Keys = [.. FlagKeys, EnvironmentsKey];

    private readonly Dictionary<string, DeliveryTargetKind> _kinds = kinds.ToDictionary(k => k.Name, StringComparer.OrdinalIgnoreCase);
    private readonly List<FlagTargetOptions> _flags = [];
    private readonly List<ConfiguredTarget> _targets = [];

    public void Read(TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var entry in section.GetChildren())
        {
            ReadTarget(entry);
        }

        (options.Flags, options.Targets, options.Faults) = (_flags, _targets, Noted);
    }

    private void ReadTarget(IConfigurationSection entry)
    {
        var before = Noted.Count;
        var isFlags = string.Equals(entry["Kind"], FlagKind, StringComparison.OrdinalIgnoreCase);
        RefuseUnknown(entry, isFlags || entry["Kind"] is null ? FlagKeys : Keys);
        Name(entry, "a target's name");
        var kind = Required(entry, "Kind");
        if (kind.Length > 0 && !isFlags && !_kinds.ContainsKey(kind))
        {
            var known = _kinds.Keys.Append(FlagKind).Order(StringComparer.Ordinal).ToArray();
            Noted.Add($"{entry.Path}:Kind is none of {string.Join(", ", known)}. {Spelling.Suggest(kind, known)}".TrimEnd());
        }

        var noted = Noted.Count;
        var timeout = Duration(entry, "Timeout", TargetSettings.DefaultTimeout);
        if (Noted.Count == noted && (timeout < TargetSettings.MinTimeout || timeout > TargetSettings.MaxTimeout))
        {
            Fault(entry, "Timeout", "is not from 100ms to 10s");
        }

        if (Noted.Count > before)
        {
            return;
        }

        if (isFlags)
        {
            _flags.Add(new FlagTargetOptions { Target = entry.Key, Timeout = timeout });
            return;
        }

        var environments = entry.GetSection(EnvironmentsKey).GetChildren().ToList();
        if (environments.Count == 0)
        {
            Fault(entry, EnvironmentsKey, "names no environment: each one that the target is used in has settings of its own");
        }

        foreach (var environment in environments)
        {
            ReadEnvironment(environment, _kinds[kind], entry.Key, timeout);
        }
    }

    private void ReadEnvironment(IConfigurationSection entry, DeliveryTargetKind kind, string target, TimeSpan timeout)
    {
        var before = Noted.Count;
        RefuseUnknown(entry, [.. kind.Settings.Select(s => s.Name), ServicesKey]);
        Name(entry, "an environment's name");
        var services = entry.GetSection(ServicesKey).GetChildren().ToList();
        foreach (var service in services)
        {
            Name(service, "a service's name");
            if (string.IsNullOrWhiteSpace(service.Value))
            {
                Noted.Add($"{service.Path} says nothing: give the name that the service has at the target, or leave it out where that is the same.");
            }
        }

        var values = kind.Settings.Where(s => entry[s.Name] is not null).ToDictionary(s => s.Name, s => entry[s.Name]!);
        var settings = new TargetSettings(kind, target, entry.Key, values) { Timeout = timeout, Services = services.ToDictionary(s => s.Key, s => s.Value ?? "") };
        Noted.AddRange(settings.Faults().Select(fault => $"{entry.Path}:{fault}"));
        if (Noted.Count == before)
        {
            _targets.Add(new ConfiguredTarget(kind, settings));
        }
    }

    private void Name(IConfigurationSection entry, string what)
    {
        if (!CatalogName.IsValid(entry.Key))
        {
            Noted.Add($"{entry.Path}: {what} is {CatalogName.Form}.");
        }
    }
}
