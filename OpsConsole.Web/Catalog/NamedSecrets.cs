using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Web.Catalog;

/// <summary>A secret that files of the catalogue refer to by name.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Environments">Where it may be used: nothing of another environment gets it, and where it names none, nothing of the catalogue does.</param>
/// <param name="Hosts">Where it may be sent, host names, addresses and <c>*.example.org</c>; empty: wherever that which names it leads.</param>
public sealed record NamedSecret(string Value, IReadOnlyList<string> Environments, IReadOnlyList<string> Hosts)
{
    /// <summary>True where it may be sent there.</summary>
    public bool MayGoTo(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.Trim('[', ']').TrimEnd('.');
        return Hosts.Count == 0 || Hosts.Any(h => h.StartsWith("*.", StringComparison.Ordinal)
            ? name.Length > h.Length - 1 && name.EndsWith(h[1..], StringComparison.OrdinalIgnoreCase)
            : name.Equals(h.Trim('[', ']').TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Keeps it out of logs.</summary>
    public override string ToString() => "a secret";
}

/// <summary>Secrets that files of the catalogue refer to by name, section <c>OpsConsole:Secrets</c>: each is <c>Value</c> with <c>Environment</c> and <c>Hosts</c>, from wherever settings come. They are read at start.</summary>
public sealed class NamedSecrets
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Secrets";

    /// <summary>From this length on letters and digits without a break are taken for a key.</summary>
    private const int ShortestKey = 32;

    private const string Value = "Value", Environment = "Environment", Hosts = "Hosts";

    private static readonly string[] Keys = [Value, Environment, Hosts];

    private readonly Dictionary<string, NamedSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Their names, never their values.</summary>
    public IReadOnlyList<string> Names => [.. NamesWhere(static _ => true)];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Names of those that may be used in an environment.</summary>
    public IReadOnlyList<string> NamesIn(string environment) => [.. NamesWhere(s => s.Environments.Contains(environment))];

    /// <summary>Names of those that something of the catalogue may use and that say no hosts: whoever writes the catalogue decides where they go.</summary>
    public IReadOnlyList<string> Anywhere => [.. NamesWhere(static s => s.Environments.Count > 0 && s.Hosts.Count == 0)];

    /// <summary>True for what may be shown and kept as a secret's name, whether or not there is one: a long run of letters and digits is likelier the secret itself.</summary>
    public static bool MayBeName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CatalogName.IsValid(text) && !(text.Length >= ShortestKey && text.All(char.IsAsciiLetterOrDigit));
    }

    /// <summary>The secret of a name; null where there is none.</summary>
    public NamedSecret? Find(string name) => _secrets.GetValueOrDefault(name);

    /// <summary>Where a secret of a name is to be given.</summary>
    public static string Setting(string name) => $"{Section}:{name}:{Value}";

    /// <summary>By what means it can be given beside a settings file: shells set no variable with anything but letters, digits and underscores in its name.</summary>
    public static string Means(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var file = $"OpsConsole__Secrets__{name}__{Value}";
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"a file or variable {file}" : $"a file {file} in the folder that OpsConsole__SecretsFolder names; a shell sets no variable of this name";
    }

    /// <summary>Where it is said what environments a secret is for.</summary>
    public static string EnvironmentSetting(string name) => $"{Section}:{name}:{Environment}";

    /// <summary>Where it is said what hosts a secret may be sent to.</summary>
    public static string HostSetting(string name) => $"{Section}:{name}:{Hosts}";

    /// <summary>Reads the section.</summary>
    public void Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var faults = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            var before = faults.Count;
            if (!CatalogName.IsValid(entry.Key.ToLowerInvariant()))
            {
                faults.Add($"{entry.Path}: a secret's name is {CatalogName.Form}.");
            }
            else if (ReadOne(entry, faults) is { } secret && faults.Count == before)
            {
                _secrets[entry.Key] = secret;
            }
        }

        Faults = faults;
    }

    /// <summary>The value stands below the name, or, as all settings of one value do, right in it.</summary>
    private static NamedSecret ReadOne(IConfigurationSection entry, List<string> faults)
    {
        faults.AddRange(entry.GetChildren().Where(c => !Keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)).Select(c => $"{c.Path} is not a setting of a secret; known are {string.Join(", ", Keys)}."));
        var (value, environments, hosts) = (entry[Value] ?? entry.Value, List(entry.GetSection(Environment)), List(entry.GetSection(Hosts)));
        if (entry[Value] is not null && !string.IsNullOrEmpty(entry.Value))
        {
            faults.Add($"{entry.Path} and {entry.Path}:{Value} both give the secret: keep one.");
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            faults.Add($"{entry.Path} is empty: give the secret as {entry.Path}:{Value}, or take the setting out.");
        }

        faults.AddRange(environments.Where(e => !CatalogName.IsValid(e)).Select(_ => $"{entry.Path}:{Environment}: an environment's name is {CatalogName.Form}; several are given with commas."));
        faults.AddRange(hosts.Where(h => !IsHost(h)).Select(_ => $"{entry.Path}:{Hosts} has something that is neither a host name, an address nor *.example.org; several are given with commas, without http and port."));
        if (entry[Hosts] is not null && hosts.Count == 0)
        {
            faults.Add($"{entry.Path}:{Hosts} names no host: name where the secret may be sent, or take the setting out.");
        }

        return new(value?.TrimEnd('\r', '\n') ?? "", environments, hosts);
    }

    /// <summary>Several on one line with commas, as an environment variable or a file gives them, or a list.</summary>
    private static List<string> List(IConfigurationSection section) =>
        [.. section.GetChildren().Select(c => c.Value).Prepend(section.Value).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];

    private static bool IsHost(string text) => Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) is var kind
        && (kind == UriHostNameType.Dns || (kind is UriHostNameType.IPv4 or UriHostNameType.IPv6 && text[0] != '*'));

    private IEnumerable<string> NamesWhere(Func<NamedSecret, bool> isMeant) => _secrets.Where(s => isMeant(s.Value)).Select(static s => s.Key.ToLowerInvariant()).Order(StringComparer.Ordinal);
}

/// <summary>Stops a console whose secrets are configured wrongly, naming every fault at once.</summary>
internal sealed class NamedSecretsCheck : IValidateOptions<NamedSecrets>
{
    public ValidateOptionsResult Validate(string? name, NamedSecrets options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
