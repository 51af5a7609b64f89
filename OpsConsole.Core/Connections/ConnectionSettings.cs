namespace OpsConsole.Core.Connections;

/// <summary>How one target or source is reached, as configured.</summary>
public class ConnectionSettings
{
    /// <summary>Of a kind that needs no setting.</summary>
    public static readonly ConnectionSettings None = new("", [], new Dictionary<string, string>());

    /// <summary>Time limit where none is set.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<ConnectionSetting> _known;
    private readonly Dictionary<string, string> _values;

    /// <param name="kind">What kind it is.</param>
    /// <param name="known">What settings that kind has.</param>
    /// <param name="values">What was set, by name, without regard to case.</param>
    public ConnectionSettings(string kind, IReadOnlyList<ConnectionSetting> known, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (Kind, _known) = (kind, known);
        _values = new Dictionary<string, string>(values, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What kind it is.</summary>
    public string Kind { get; }

    /// <summary>Longest time for one change or one reading, further tries included.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>What a setting says, or what holds where it is left out; empty where it is optional and has no default.</summary>
    /// <exception cref="ArgumentException">The kind has no such setting.</exception>
    public string this[string name] => _values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : Setting(name).Default ?? "";

    /// <summary>Every secret that was set: none of them may be seen anywhere.</summary>
    public IEnumerable<string> Secrets => _known.Where(s => s.Form == SettingForm.Secret).Select(s => this[s.Name]).Where(s => s.Length > 0);

    /// <summary>Every setting that is not a secret, with what it says.</summary>
    public IEnumerable<(ConnectionSetting Setting, string Value)> Shown => _known.Where(s => s.Form != SettingForm.Secret).Select(s => (s, this[s.Name])).Where(s => s.Item2.Length > 0);

    /// <summary>An address that was set, ending in a slash.</summary>
    public Uri Address(string name) => new(this[name].TrimEnd('/') + "/");

    /// <summary>Hosts of the addresses that were set, or that hold where none was.</summary>
    public IEnumerable<string> Hosts() => _known.Where(s => s.Form == SettingForm.Address && this[s.Name].Length > 0).Select(s => Address(s.Name).DnsSafeHost);

    /// <summary>Everything that is wrong, one sentence each, beginning with the setting.</summary>
    public virtual IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        foreach (var setting in _known)
        {
            var value = this[setting.Name];
            if (value.Length == 0)
            {
                if (setting.IsRequired)
                {
                    faults.Add($"{setting.Name} is missing: {setting.Sentence}");
                }
            }
            else if (setting.Form == SettingForm.Address && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                faults.Add($"{setting.Name} is not a whole http or https address.");
            }
            else if (setting.Form == SettingForm.Address && WebAddress.HasCredential(value))
            {
                faults.Add($"{setting.Name} {WebAddress.CredentialFault(_known.Where(s => s.Form == SettingForm.Secret).Select(s => s.Name))}.");
            }
        }

        return faults;
    }

    /// <summary>Keeps secrets out of logs.</summary>
    public override string ToString() => Kind;

    private ConnectionSetting Setting(string name) =>
        _known.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"{Kind} has no setting {name}.", nameof(name));
}
