using System.Globalization;
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
internal sealed class SourceSection(IConfigurationSection section, SourceCatalog catalog)
{
    private static readonly string[] SourceKeys = ["Kind", "Service", "Target", "Environment", "Version", "Address", "Interval", "Timeout", "Signals"];
    private static readonly string[] RuleKeys = ["Rule", "Numerator", "Denominator", "Quantile", "Scale", "Window"];
    private readonly List<string> _faults = [];

    public void Read(SourceOptions options)
    {
        var bindings = section.GetChildren().Select(ReadSource).OfType<SourceBinding>().ToList();
        foreach (var binding in bindings)
        {
            _faults.AddRange(catalog.Faults(binding).Select(fault => $"{section.Path}:{binding.Key}: {fault}."));
        }

        options.Bindings = bindings;
        options.Faults = _faults;
    }

    private SourceBinding? ReadSource(IConfigurationSection entry)
    {
        var before = _faults.Count;
        RefuseUnknown(entry, SourceKeys);
        Uri.TryCreate(Required(entry, "Address"), UriKind.Absolute, out var address);
        if (address is null && entry["Address"] is not null)
        {
            Fault(entry, "Address", "is not a whole http or https address");
        }

        var rules = entry.GetSection("Signals").GetChildren().Select(ReadRule).ToList();
        var (service, target, environment, version) = (Required(entry, "Service"), Required(entry, "Target"), Required(entry, "Environment"), Required(entry, "Version"));
        var defaults = (Interval: TimeSpan.FromSeconds(5), Timeout: TimeSpan.FromSeconds(3));
        var (interval, timeout) = (Duration(entry, "Interval", defaults.Interval), Duration(entry, "Timeout", defaults.Timeout));
        return _faults.Count > before ? null : new SourceBinding
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
        };
    }

    private SignalRule? ReadRule(IConfigurationSection entry)
    {
        var before = _faults.Count;
        RefuseUnknown(entry, RuleKeys);
        if (!SignalKey.IsValid(entry.Key))
        {
            _faults.Add($"{entry.Path}: a signal's name is 1 to 64 lower-case letters, digits and underscores, beginning with a letter.");
        }

        if (!Enum.TryParse<SignalRuleKind>(Required(entry, "Rule"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            if (entry["Rule"] is not null)
            {
                Fault(entry, "Rule", "is none of ratio, quantile, gauge and rate");
            }
        }

        var (numerator, quantile, scale, window) = (Required(entry, "Numerator"), Number(entry, "Quantile"), Number(entry, "Scale"), Duration(entry, "Window", TimeSpan.Zero));
        return _faults.Count > before ? null : new SignalRule
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

    private void RefuseUnknown(IConfigurationSection entry, string[] known)
    {
        foreach (var child in entry.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _faults.Add($"{child.Path} is not a setting; known are {string.Join(", ", known)}.");
        }
    }

    private string Required(IConfigurationSection entry, string key)
    {
        if (string.IsNullOrWhiteSpace(entry[key]))
        {
            Fault(entry, key, "is missing");
        }

        return entry[key] ?? "";
    }

    private double? Number(IConfigurationSection entry, string key)
    {
        if (entry[key] is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            Fault(entry, key, "is not a number");
        }

        return number;
    }

    private TimeSpan Duration(IConfigurationSection entry, string key, TimeSpan otherwise)
    {
        if (entry[key] is not { } text)
        {
            return otherwise;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            Fault(entry, key, "is not a time such as 500ms, 5s, 2m or 00:00:05");
        }

        return duration;
    }

    private void Fault(IConfigurationSection entry, string key, string what) => _faults.Add($"{entry.Path}:{key} {what}.");
}
