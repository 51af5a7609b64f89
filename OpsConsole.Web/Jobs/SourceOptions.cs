using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Web.Jobs;

/// <summary>Sources as configured, section <c>OpsConsole:Sources</c>: one entry for each, named by its key.</summary>
public sealed class SourceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Sources";

    /// <summary>The sources to read from the start.</summary>
    public IReadOnlyList<SourceBinding> Bindings { get; set; } = [];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}

/// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
internal sealed class SourceSection(IConfigurationSection section, SourceCatalog catalog) : FaultySection([])
{
    private static readonly string[] SourceKeys = ["Kind", "Service", "Target", "Environment", "Version", "Address", "Interval", "Timeout", "Signals", "Checks"];
    private static readonly string[] RuleKeys = ["Rule", "Numerator", "Denominator", "Quantile", "Scale", "Window"];

    public void Read(SourceOptions options)
    {
        var bindings = section.GetChildren().Select(ReadSource).OfType<SourceBinding>().ToList();
        foreach (var binding in bindings)
        {
            Noted.AddRange(catalog.Faults(binding).Select(fault => $"{section.Path}:{binding.Key}: {fault}."));
        }

        options.Bindings = bindings;
        options.Faults = Noted;
    }

    private SourceBinding? ReadSource(IConfigurationSection entry)
    {
        var before = Noted.Count;
        RefuseUnknown(entry, SourceKeys);
        Uri.TryCreate(Required(entry, "Address"), UriKind.Absolute, out var address);
        if (address is null && entry["Address"] is not null)
        {
            Fault(entry, "Address", "is not a whole http or https address");
        }

        var rules = entry.GetSection("Signals").GetChildren().Select(ReadRule).ToList();
        var reader = new CheckSection(Noted);
        var checks = entry.GetSection("Checks").GetChildren().Select(reader.Read).ToList();
        var (service, target, environment, version) = (Required(entry, "Service"), Required(entry, "Target"), Required(entry, "Environment"), Required(entry, "Version"));
        var defaults = (Interval: TimeSpan.FromSeconds(5), Timeout: TimeSpan.FromSeconds(3));
        var (interval, timeout) = (Duration(entry, "Interval", defaults.Interval), Duration(entry, "Timeout", defaults.Timeout));
        return Noted.Count > before ? null : new SourceBinding
        {
            Key = entry.Key,
            Kind = entry["Kind"] ?? PrometheusTextSource.KindName,
            Service = service,
            Target = target,
            Environment = environment,
            Version = version,
            Address = address!,
            Interval = interval,
            Timeout = timeout,
            Rules = [.. rules.OfType<SignalRule>()],
            Checks = [.. checks.OfType<HttpCheck>()],
        };
    }

    private SignalRule? ReadRule(IConfigurationSection entry)
    {
        var before = Noted.Count;
        RefuseUnknown(entry, RuleKeys);
        if (!SignalKey.IsValid(entry.Key))
        {
            Noted.Add($"{entry.Path}: a signal's name is 1 to 64 lower-case letters, digits and underscores, beginning with a letter.");
        }

        if (!Enum.TryParse<SignalRuleKind>(Required(entry, "Rule"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            if (entry["Rule"] is not null)
            {
                Fault(entry, "Rule", "is none of ratio, quantile, gauge and rate");
            }
        }

        var (numerator, quantile, scale, window) = (Required(entry, "Numerator"), Number(entry, "Quantile"), Number(entry, "Scale"), Duration(entry, "Window", TimeSpan.Zero));
        return Noted.Count > before ? null : new SignalRule
        {
            Signal = new SignalKey(entry.Key),
            Kind = kind,
            Numerator = numerator,
            Denominator = entry["Denominator"],
            Quantile = quantile,
            Scale = scale ?? 1,
            Window = window,
        };
    }
}
