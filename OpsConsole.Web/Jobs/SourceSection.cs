using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Sources.Sql;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
internal sealed class SourceSection(IConfigurationSection section, SourceCatalog catalog) : FaultySection([])
{
    private static readonly string[] SourceKeys = ["Kind", "Service", "Target", "Environment", "Version", "Address", "Interval", "Timeout", "Token", "User", "Password", "Signals", "Checks"];
    private static readonly string[] SelectingKeys = ["Numerator", "Denominator", "Query", "Count", "Measure"];
    private static readonly string[] RuleKeys = ["Rule", "Numerator", "Denominator", "Quantile", "Scale", "Window", "Query", "Count", "Measure"];

    /// <summary>Rules that a signal of a kind without measures may have; the first is the likeliest.</summary>
    public static IReadOnlyList<string> RulesOf(string kind) => kind is PrometheusSource.KindName or SqlSource.KindName ? ["query"] : ["ratio", "quantile", "rate", "gauge"];

    public void Read(SourceOptions options)
    {
        var bindings = new List<SourceBinding>();
        foreach (var binding in section.GetChildren().Select(ReadSource).OfType<SourceBinding>().ToList())
        {
            var faults = catalog.Faults(binding);
            Noted.AddRange(faults.Select(fault => $"{section.Path}:{binding.Key}: {fault.TrimEnd('.')}."));
            if (faults.Count == 0 && !bindings.Exists(b => SharedSignals.Of([.. binding.Addresses], b.Addresses).Count > 0))
            {
                bindings.Add(binding);
            }
        }

        RefuseShared();
        options.Bindings = bindings;
        options.Faults = Noted;
    }

    /// <summary>Names every two sources that give the same signal, also where something else is wrong with one of them.</summary>
    private void RefuseShared()
    {
        var before = new List<(string Path, IReadOnlyList<SignalAddress> Gives)>();
        foreach (var (path, gives) in section.GetChildren().Select(static e => (e.Path, Gives: Gives(e))))
        {
            Noted.AddRange(before.Select(b => SharedSignals.Fault(gives, b.Gives, b.Path)).OfType<string>().Select(fault => $"{path} {fault}."));
            before.Add((path, gives));
        }
    }

    /// <summary>Where its samples would belong, as far as it says that.</summary>
    private static SignalAddress[] Gives(IConfigurationSection entry)
    {
        var (service, target, environment) = (entry["Service"], entry["Target"], entry["Environment"]);
        if (string.IsNullOrWhiteSpace(service) || string.IsNullOrWhiteSpace(target) || string.IsNullOrWhiteSpace(environment))
        {
            return [];
        }

        var signals = entry.GetSection("Signals").GetChildren().Select(static s => s.Key).Where(SignalKey.IsValid).Select(static s => new SignalKey(s));
        var checks = entry.GetSection("Checks").GetChildren().Select(static c => c.Key).Where(HttpCheck.IsName).Select(static c => new HttpCheck { Name = c });
        return [.. signals.Concat(checks.SelectMany(static c => new[] { c.Signal, c.LatencySignal })).Select(s => new SignalAddress(service, target, environment, entry["Version"] ?? SourceBinding.EveryVersion, s))];
    }

    private SourceBinding? ReadSource(IConfigurationSection entry)
    {
        var before = Noted.Count;
        var kind = catalog.Find(entry["Kind"] ?? PrometheusTextSource.KindName);
        if (entry["Kind"] is { } unknown && kind is null)
        {
            // What else it may say hangs on the kind.
            var kinds = catalog.Kinds.Select(k => k.Name).ToArray();
            Noted.Add($"{entry.Path}:Kind: the kind '{unknown}' is none of: {string.Join(", ", kinds)}. {Spelling.Suggest(unknown, kinds)}".TrimEnd());
            return null;
        }

        RefuseUnknown(entry, [.. SourceKeys, .. (kind?.Settings ?? []).Select(s => s.Name)]);
        Uri.TryCreate(kind is { HasAddress: false } or { DefaultAddress: not null } ? entry["Address"] : Required(entry, "Address"), UriKind.Absolute, out var address);
        if (address is null && entry["Address"] is not null)
        {
            Fault(entry, "Address", "is not a whole http or https address");
        }
        else if (address is not null && WebAddress.HasCredential(address))
        {
            Fault(entry, "Address", WebAddress.CredentialFault(Credentials(kind)));
        }

        var rules = entry.GetSection("Signals").GetChildren().Select(e => ReadRule(e, kind)).ToList();
        var reader = new CheckSection(Noted);
        var checks = entry.GetSection("Checks").GetChildren().Select(reader.Read).ToList();
        var (service, target, environment, version) = (Required(entry, "Service"), Required(entry, "Target"), Required(entry, "Environment"), entry["Version"] ?? SourceBinding.EveryVersion);
        var (interval, timeout) = (Duration(entry, "Interval", kind?.DefaultInterval ?? TimeSpan.FromSeconds(5)), Duration(entry, "Timeout", kind?.DefaultTimeout ?? TimeSpan.FromSeconds(3)));
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
            Address = address ?? kind?.DefaultAddress,
            Settings = kind is null ? ConnectionSettings.None : Settings(entry, kind, timeout),
            Interval = interval,
            Timeout = timeout,
            Rules = [.. rules.OfType<SignalRule>()],
            Checks = [.. checks.OfType<HttpCheck>()],
        };
    }

    private static ConnectionSettings Settings(IConfigurationSection entry, SourceKind kind, TimeSpan timeout) =>
        new(kind.Name, kind.Settings, kind.Settings.Where(s => entry[s.Name] is not null).ToDictionary(s => s.Name, s => entry[s.Name]!)) { Timeout = timeout };

    /// <summary>Where a kind takes what lets the console in.</summary>
    private static List<string> Credentials(SourceKind? kind) =>
        kind?.Name == Core.Sources.HttpCheck.HttpCheckSource.KindName ? []
        : kind?.Settings.Where(static s => s.Form == SettingForm.Secret).Select(static s => s.Name).ToList() is { Count: > 0 } own ? own
        : ["Token", "User with Password"];

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

        foreach (var (key, fault) in new[] { ("Token", token is null ? null : SourceCredential.Fault(token)), ("User", user is null ? null : SourceCredential.UserFault(user)), ("Password", password is null ? null : SourceCredential.Fault(password)) })
        {
            if (fault is not null)
            {
                Fault(entry, key, fault);
            }
        }

        return token is not null ? SourceCredential.Bearer(token) : user is not null && password is not null ? SourceCredential.Basic(user, password) : null;
    }

    private SignalRule? ReadRule(IConfigurationSection entry, SourceKind? source)
    {
        var before = Noted.Count;
        RefuseUnknown(entry, RuleKeys);
        if (!SignalKey.IsValid(entry.Key))
        {
            Noted.Add($"{entry.Path}: a signal's name is 1 to 64 lower-case letters, digits and underscores, beginning with a letter.");
        }

        var isRule = Enum.TryParse<SignalRuleKind>(Required(entry, "Rule"), ignoreCase: true, out var kind) && Enum.IsDefined(kind);
        if (!isRule && entry["Rule"] is { } unknown && !string.IsNullOrWhiteSpace(unknown))
        {
            var takes = source is { Measures.Count: > 0 } ? ["measure"] : RulesOf(source?.Name ?? PrometheusTextSource.KindName);
            Noted.Add($"{entry.Path}:Rule '{unknown}' is no rule; a source of the kind {source?.Name ?? PrometheusTextSource.KindName} takes {string.Join(", ", takes)}. {Spelling.Suggest(unknown, takes)}".TrimEnd());
        }

        // What other rules select, a query or a measure says in one: each has the words that fit it.
        (string Selects, string? Divides) words = kind switch
        {
            SignalRuleKind.Query => ("Query", "Count"),
            SignalRuleKind.Measure => ("Measure", null),
            _ => ("Numerator", "Denominator"),
        };
        foreach (var other in SelectingKeys.Where(k => k != words.Selects && k != words.Divides && entry[k] is not null && Noted.Count == before))
        {
            Fault(entry, other, $"does not belong to the rule {entry["Rule"]}");
        }

        // Without a rule nothing tells by which word it selects.
        var (numerator, quantile, scale, window) = (isRule ? Required(entry, words.Selects) : "", Number(entry, "Quantile"), Number(entry, "Scale"), Duration(entry, "Window", TimeSpan.Zero));
        return Noted.Count > before ? null : new SignalRule
        {
            Signal = new SignalKey(entry.Key),
            Kind = kind,
            Numerator = numerator,
            Denominator = words.Divides is { } divides ? entry[divides] : null,
            Quantile = quantile,
            Scale = scale ?? 1,
            Window = window,
        };
    }
}
