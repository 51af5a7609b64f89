using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Targets;

namespace OpsConsole.Web.Catalog;

/// <summary>Puts secrets in the places where files name them, and refuses them wherever else they stand.</summary>
internal sealed class CatalogSecrets(SourceCatalog sources, IEnumerable<DeliveryTargetKind> kinds, IOptions<NamedSecrets> secrets)
{
    /// <summary>Secrets that every kind of source takes, beside its own.</summary>
    private static readonly string[] OfEverySource = ["Token", "Password"];

    /// <summary>Stands for an address that gets no further, so that nothing else is found wrong with it.</summary>
    private const string Withheld = $"https://withheld.invalid/{SourceBinding.VersionPlace}";

    private readonly DeliveryTargetKind[] _kinds = [.. kinds];

    /// <summary>Something wrong about one value: nothing else that is said of it counts.</summary>
    public sealed record Fault(string Path, string What, string? Suggestion = null)
    {
        public string Sentence => $"{Path} {What}.";

        /// <summary>True for a sentence about the same value.</summary>
        public bool Tells(string sentence) => sentence.StartsWith(Path, StringComparison.OrdinalIgnoreCase) && sentence.Length > Path.Length && sentence[Path.Length] is (' ' or ':');
    }

    /// <summary>The values of a service with its secrets in place, and what is wrong with where they stand.</summary>
    public (List<KeyValuePair<string, string?>> Values, List<Fault> Faults) Resolve(CatalogService service)
    {
        var (values, faults) = (new List<KeyValuePair<string, string?>>(), new List<Fault>());
        foreach (var value in service.Values)
        {
            var fault = Wrong(service, value);
            if (fault is not null)
            {
                faults.Add(fault);
            }

            // What may not be used here gets no further than this.
            values.Add(new(value.Path, value.IsSecret ? fault is null ? secrets.Value.Find(value.Text)!.Value : "missing" : CredentialIn(service, value) is null ? value.Text : Withheld));
        }

        return (values, faults);
    }

    private Fault? Wrong(CatalogService service, CatalogValue value) => (FormOf(service, value.Path), value.IsSecret) switch
    {
        (SettingForm.SecretFile, _) => new(value.Path, "is the path of a file with a secret, which no file of the catalogue names: connect this one by the configuration of the console, or give the secret by name"),
        (SettingForm.Secret, false) => new(value.Path, $"is a secret, which stands in no file: write 'secret: <name>' below it, and give the secret itself as the setting {NamedSecrets.Setting("<name>")}"),
        (SettingForm.Text or SettingForm.Address, true) => new(value.Path, "is no secret and is shown to people, so no secret goes there"),
        (_, true) when secrets.Value.Find(value.Text) is null && !NamedSecrets.MayBeName(value.Text) => new(
            value.Path, $"names a secret that is not there, and is not shown because it may be the secret itself: name one, and give the secret as the setting {NamedSecrets.Setting("<name>")}"),
        (_, true) when secrets.Value.Find(value.Text) is null => new(
            value.Path,
            $"names the secret '{value.Text}', which is not there: give it as the setting {NamedSecrets.Setting(value.Text)} ({NamedSecrets.Means(value.Text)}), with {NamedSecrets.EnvironmentSetting(value.Text)}, and start the console anew",
            Spelling.Suggest(value.Text, secrets.Value.Names)),
        (_, true) => Misused(service, value, secrets.Value.Find(value.Text)!),
        (_, false) when CredentialIn(service, value) is { } why => new(value.Path, why),
        _ => null,
    };

    /// <summary>Why a value is shown to nobody: a credential is in it, or may be in what was meant as an address.</summary>
    private string? CredentialIn(CatalogService service, CatalogValue value) =>
        WebAddress.HasCredential(value.Text) ? "has a user or password in its address, which everybody would see: take it out, and name it as a secret where the kind takes one, such as 'secret: <name>' below token"
        : value.Text.Contains('@', StringComparison.Ordinal) && IsAddress(service, value.Path) && !(Uri.TryCreate(value.Text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            ? "is not a whole http or https address, and is not shown because a password may be in it"
        : null;

    private bool IsAddress(CatalogService service, string path) =>
        FormOf(service, path) == SettingForm.Address || (path.Split(':') is ["sources", _, var setting] && setting.Equals("Address", StringComparison.OrdinalIgnoreCase));

    /// <summary>A secret belongs to its environments, and where it says so, to hosts: whoever writes files decides where things connect to, and not where secrets go.</summary>
    private Fault? Misused(CatalogService service, CatalogValue value, NamedSecret secret)
    {
        if (EnvironmentOf(service, value.Path) is not { } environment || !secret.Environments.Contains(environment))
        {
            var here = EnvironmentOf(service, value.Path) ?? "its environment";
            return secret.Environments.Count == 0
                ? new(value.Path, $"names the secret '{value.Text}', which says no environment, so nothing of the catalogue gets it: add the setting {NamedSecrets.EnvironmentSetting(value.Text)}, here {here}, and start the console anew")
                : new(value.Path, $"names the secret '{value.Text}', which is for {string.Join(", ", secret.Environments)} alone, and this is {here}: name a secret of {here}", Spelling.Suggest(value.Text, secrets.Value.NamesIn(here)));
        }

        if (secret.Hosts.Count == 0)
        {
            return null;
        }

        var hosts = HostsOf(service, value.Path);
        return hosts.Count == 0
            ? new(value.Path, $"names the secret '{value.Text}', which may be sent to {string.Join(", ", secret.Hosts)} alone, and no address here tells where it goes: name a secret that says no hosts")
            : hosts.Find(h => !secret.MayGoTo(h)) is { } other
                ? new(value.Path, $"names the secret '{value.Text}', which may be sent to {string.Join(", ", secret.Hosts)} alone, and an address here leads to {other}")
                : null;
    }

    private static string? EnvironmentOf(CatalogService service, string path) => path.Split(':') switch
    {
        ["targets", _, _, var environment, _] => environment,
        ["sources", var key, _] => service.Sources.FirstOrDefault(s => s.Key == key)?.Environment,
        _ => null,
    };

    /// <summary>Hosts of all addresses that stand beside a secret, or that hold where none is given. What is no address is told as that.</summary>
    private List<string> HostsOf(CatalogService service, string path)
    {
        var beside = path[..(path.LastIndexOf(':') + 1)];
        var addresses = path.Split(':') switch
        {
            ["targets", var name, ..] => Addresses(TargetKind(service, name)?.Settings ?? []),
            ["sources", var key, ..] when SourceKind(service, key) is { } kind => Addresses(kind.Settings).Concat(kind.HasAddress ? [Said("Address") ?? kind.DefaultAddress?.OriginalString] : []),
            _ => [],
        };
        return [.. addresses.Select(a => Uri.TryCreate(a, UriKind.Absolute, out var address) ? address.DnsSafeHost : "").Where(h => h.Length > 0).Distinct()];

        IEnumerable<string?> Addresses(IReadOnlyList<ConnectionSetting> settings) => settings.Where(s => s.Form == SettingForm.Address).Select(s => Said(s.Name) ?? s.Default);

        string? Said(string setting) => service.Values.FirstOrDefault(v => v.Path.Equals(beside + setting, StringComparison.OrdinalIgnoreCase))?.Text;
    }

    private DeliveryTargetKind? TargetKind(CatalogService service, string name) =>
        service.Targets.FirstOrDefault(t => t.Name == name)?.Kind is { } kind ? Array.Find(_kinds, k => k.Name.Equals(kind, StringComparison.OrdinalIgnoreCase)) : null;

    private SourceKind? SourceKind(CatalogService service, string key) => sources.Find(service.Sources.FirstOrDefault(s => s.Key == key)?.Kind ?? PrometheusTextSource.KindName);

    /// <summary>What form a setting has; null where its kind, or the setting itself, is not known.</summary>
    private SettingForm? FormOf(CatalogService service, string path) => path.Split(':') switch
    {
        ["targets", var name, _, _, var setting] => Form(TargetKind(service, name)?.Settings ?? [], setting),
        ["sources", _, var setting] when OfEverySource.Contains(setting, StringComparer.OrdinalIgnoreCase) => SettingForm.Secret,
        ["sources", var key, var setting] => Form(SourceKind(service, key)?.Settings ?? [], setting) ?? SettingForm.Text,
        _ => SettingForm.Text,
    };

    private static SettingForm? Form(IReadOnlyList<ConnectionSetting> settings, string name) => settings.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Form;
}
