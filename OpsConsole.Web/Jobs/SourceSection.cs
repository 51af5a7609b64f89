using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
internal sealed class SourceSection(IConfigurationSection section, SourceCatalog catalog) : FaultySection([])
{
    private static readonly string[] SourceKeys = ["Kind", "Service", "Target", "Environment", "Version", "Address", "Interval", "Timeout", "Token", "User", "Password", "Signals", "Checks"];
    private static readonly string[] RuleKeys = ["Rule", "Numerator", "Denominator", "Quantile", "Scale", "Window", "Query", "Count"];

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
        var (service, target, environment, version) = (Required(entry, "Service"), Required(entry, "Target"), Required(entry, "Environment"), entry["Version"] ?? SourceBinding.EveryVersion);
        var defaults = (Interval: TimeSpan.FromSeconds(5), Timeout: TimeSpan.FromSeconds(3));
        var (interval, timeout) = (Duration(entry, "Interval", defaults.Interval), Duration(entry, "Timeout", defaults.Timeout));
        var credential = ReadCredential(entry);
        return Noted.Count > before ? null : new SourceBinding
        {
            Credential = credential,
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

    /// <summary>A token, or a user with a password, or neither.</summary>
    private SourceCredential? ReadCredential(IConfigurationSection entry)
    {
        var (token, user, password) = (entry["Token"], entry["User"], entry["Password"]);
        if (token is not null && (user is not null || password is not null))
        {
            Fault(entry, "Token", "stands beside a user with a password: give one of the two");
        }
        else if ((user is null) != (password is null))
        {
            Fault(entry, user is null ? "User" : "Password", "is missing");
        }

        return token is { Length: > 0 } ? SourceCredential.Bearer(token) : user is not null && password is not null ? SourceCredential.Basic(user, password) : null;
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
                Fault(entry, "Rule", "is none of ratio, quantile, gauge, rate and query");
            }
        }

        // What other rules select, a query says in one: each has the words that fit it.
        var asks = Noted.Count == before && kind == SignalRuleKind.Query;
        var (selects, divides) = asks ? ("Query", "Count") : ("Numerator", "Denominator");
        string[] others = asks ? ["Numerator", "Denominator"] : ["Query", "Count"];
        foreach (var other in others.Where(k => entry[k] is not null))
        {
            Fault(entry, other, $"does not belong to the rule {entry["Rule"]}");
        }

        var (numerator, quantile, scale, window) = (Required(entry, selects), Number(entry, "Quantile"), Number(entry, "Scale"), Duration(entry, "Window", TimeSpan.Zero));
        return Noted.Count > before ? null : new SignalRule
        {
            Signal = new SignalKey(entry.Key),
            Kind = kind,
            Numerator = numerator,
            Denominator = entry[divides],
            Quantile = quantile,
            Scale = scale ?? 1,
            Window = window,
        };
    }
}
