namespace OpsConsole.Core.Targets;

/// <summary>How one target is reached in one environment, as configured: its credential is for that environment alone.</summary>
public sealed class TargetSettings
{
    /// <summary>Shortest and longest <see cref="Timeout"/>: what carries an action out waits no longer than that for a target to accept a change.</summary>
    public static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100), MaxTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time limit where none is set.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly DeliveryTargetKind _kind;
    private readonly Dictionary<string, string> _values;

    /// <param name="kind">What kind of target it is.</param>
    /// <param name="target">The name that releases use for it.</param>
    /// <param name="environment">The environment that it is reached in.</param>
    /// <param name="values">What was set, by name, without regard to case.</param>
    public TargetSettings(DeliveryTargetKind kind, string target, string environment, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(values);
        (_kind, Target, Environment) = (kind, target, environment);
        _values = new Dictionary<string, string>(values, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The name that releases use for the target.</summary>
    public string Target { get; }

    /// <summary>The one environment whose releases may be changed by it.</summary>
    public string Environment { get; }

    /// <summary>Longest time for one change or one reading, further tries included.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>What services are called at the target, where that is not the name that they have here.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>What a setting says, or what holds where it is left out; empty where it is optional and has no default.</summary>
    /// <exception cref="ArgumentException">The kind has no such setting.</exception>
    public string this[string name] => _values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : Setting(name).Default ?? "";

    /// <summary>Every secret that was set: none of them may be seen anywhere.</summary>
    public IEnumerable<string> Secrets => _kind.Settings.Where(s => s.Form == TargetSettingForm.Secret).Select(s => this[s.Name]).Where(s => s.Length > 0);

    /// <summary>An address that was set, ending in a slash.</summary>
    public Uri Address(string name) => new(this[name].TrimEnd('/') + "/");

    /// <summary>Hosts of the addresses that were set, or that hold where none was.</summary>
    public IEnumerable<string> Hosts() => _kind.Settings.Where(s => s.Form == TargetSettingForm.Address && this[s.Name].Length > 0).Select(s => Address(s.Name).DnsSafeHost);

    /// <summary>What a service is called at the target.</summary>
    public string NameOf(string service) => Services.GetValueOrDefault(service, service);

    /// <summary>Everything that is wrong, one sentence each, beginning with the setting.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        foreach (var setting in _kind.Settings)
        {
            var value = this[setting.Name];
            if (value.Length == 0)
            {
                if (setting.IsRequired)
                {
                    faults.Add($"{setting.Name} is missing: {setting.Sentence}");
                }
            }
            else if (setting.Form == TargetSettingForm.Address && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                faults.Add($"{setting.Name} is not a whole http or https address.");
            }
        }

        return faults.Count > 0 ? faults : [.. _kind.Faults(this)];
    }

    /// <summary>Keeps secrets out of logs.</summary>
    public override string ToString() => $"{Target} ({_kind.Name}) in {Environment}";

    private TargetSetting Setting(string name) =>
        _kind.Settings.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"{_kind.Name} has no setting {name}.", nameof(name));
}
