using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;

namespace OpsConsole.Web.Catalog;

/// <summary>Which part of a draft is said.</summary>
public enum DraftStep
{
    Service,
    Target,
    Source,
    Review,
}

/// <summary>A service on its way into the catalogue, as somebody fills it in, and the file that it comes to.</summary>
public sealed class ServiceDraft
{
    /// <summary>Stands for a target that is connected by another file or by the configuration.</summary>
    public const string ConnectedElsewhere = "";

    /// <summary>Stands for a service whose numbers are pushed.</summary>
    public const string NoSource = "";

    public string Name { get; set; } = "";

    public string Team { get; set; } = "";

    public string Contact { get; set; } = "";

    /// <summary>Names with commas.</summary>
    public string Environments { get; set; } = "production";

    /// <summary>Likewise; may be empty.</summary>
    public string Policies { get; set; } = "";

    public string TargetName { get; set; } = "";

    public string TargetKind { get; set; } = ConnectedElsewhere;

    public string TargetEnvironment { get; set; } = "";

    /// <summary>What is set of the target, by setting; of a secret its name.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public Dictionary<string, string> TargetValues { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string SourceKey { get; set; } = "";

    public string SourceKind { get; set; } = NoSource;

    public string SourceEnvironment { get; set; } = "";

    public string Address { get; set; } = "";

    /// <summary>Name of the secret that the source is read with; may be empty.</summary>
    public string Token { get; set; } = "";

    /// <summary>What is set of the source besides, as of the target.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public Dictionary<string, string> SourceValues { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Measures of the kind that become signals of the same name.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public SortedSet<string> Measures { get; } = new(StringComparer.Ordinal);

    /// <summary>The one signal of a kind without measures, or the one check of a kind of checks.</summary>
    public string Signal { get; set; } = "";

    /// <summary>One of <see cref="RulesOf"/> its kind.</summary>
    public string Rule { get; set; } = "query";

    /// <summary>Selector or query; of a check, its path.</summary>
    public string Selects { get; set; } = "";

    /// <summary>What it is divided by, or counted with; may be empty.</summary>
    public string Divides { get; set; } = "";

    public string Quantile { get; set; } = "";

    /// <summary>The version that target and source are tested with; not part of the file.</summary>
    public string Version { get; set; } = "";

    /// <summary>What came of its tests, for as long as it says what was tested.</summary>
    [JsonIgnore]
    public DraftTests Tests => field ??= new(this);

    [JsonIgnore]
    public IReadOnlyList<string> EnvironmentNames => Names(Environments);

    /// <summary>Where the target is used: the first environment, unless another one is chosen.</summary>
    [JsonIgnore]
    public string TargetPlace => TargetEnvironment.Length > 0 ? TargetEnvironment : EnvironmentNames.FirstOrDefault("");

    /// <summary>Of where the source is.</summary>
    [JsonIgnore]
    public string SourcePlace => SourceEnvironment.Length > 0 ? SourceEnvironment : TargetPlace;

    /// <summary>Rules that a signal of a kind without measures may have; the first is the likeliest.</summary>
    public static IReadOnlyList<string> RulesOf(string kind) => Jobs.SourceSection.RulesOf(kind);

    /// <summary>True where the rule has a second selector or query. SQL counts in the query itself.</summary>
    [JsonIgnore]
    public bool IsDivided => Rule == "ratio" || (Rule == "query" && SourceKind != Core.Sources.Sql.SqlSource.KindName);

    /// <summary>True for a kind that is let in by a token, where it has no secrets of its own. What was said for another kind is kept and not written.</summary>
    public static bool TakesToken(Core.Signals.SourceKind kind) =>
        kind.HasAddress && kind.Name != Core.Sources.HttpCheck.HttpCheckSource.KindName && !kind.Settings.Any(s => s.Form == SettingForm.Secret);

    /// <summary>As it may be kept in a browser: without what stands in the place of a secret's name and is none, because that may be the secret itself.</summary>
    /// <param name="secrets">Settings that are a secret with some kind: what is typed for one kind stays when another is chosen.</param>
    public ServiceDraft ToKeep(IReadOnlySet<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        var kept = JsonSerializer.Deserialize<ServiceDraft>(JsonSerializer.Serialize(this))!;
        kept.Token = MayBeKept(Token) ? Token : "";
        foreach (var values in new[] { kept.TargetValues, kept.SourceValues })
        {
            foreach (var (name, _) in values.Where(v => secrets.Contains(v.Key) && !MayBeKept(v.Value)).ToList())
            {
                values.Remove(name);
            }
        }

        return kept;

        static bool MayBeKept(string text) => text.Trim() is not { Length: > 0 } name || NamedSecrets.MayBeName(name);
    }

    /// <summary>The file as far as it is said.</summary>
    /// <param name="until">The last step that counts.</param>
    /// <param name="target">Settings of the target's kind; empty where it has none.</param>
    /// <param name="source">The source's kind; null where it is not known.</param>
    public CatalogFile File(DraftStep until, IReadOnlyList<ConnectionSetting> target, Core.Signals.SourceKind? source)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"service: {Plain(Name)}\nowner:\n  team: {Plain(Team)}\n");
        Line(text, 1, "contact", Contact);
        text.Append(CultureInfo.InvariantCulture, $"environments: [{string.Join(", ", EnvironmentNames.Select(Plain))}]\n");
        if (until >= DraftStep.Target)
        {
            Target(text, target);
        }

        if (until >= DraftStep.Source && SourceKind != NoSource)
        {
            Source(text, source);
        }

        if (Names(Policies) is { Count: > 0 } policies)
        {
            text.Append(CultureInfo.InvariantCulture, $"policies: [{string.Join(", ", policies.Select(Plain))}]\n");
        }

        return new(CatalogFile.NameOf(Name.Trim()), text.ToString());
    }

    private void Target(StringBuilder text, IReadOnlyList<ConnectionSetting> settings)
    {
        text.Append(CultureInfo.InvariantCulture, $"targets:\n  {Plain(TargetName)}:\n");
        if (TargetKind == ConnectedElsewhere)
        {
            text.Append(CultureInfo.InvariantCulture, $"    environments: [{Plain(TargetPlace)}]\n");
            return;
        }

        Line(text, 2, "kind", TargetKind);
        if (settings.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    environments:\n      {Plain(TargetPlace)}:\n");
            Settings(text, 4, settings, TargetValues);
        }
    }

    private void Source(StringBuilder text, Core.Signals.SourceKind? kind)
    {
        text.Append(CultureInfo.InvariantCulture, $"sources:\n  {Plain(SourceKey)}:\n");
        Line(text, 2, "kind", SourceKind);
        Line(text, 2, "target", TargetName);
        Line(text, 2, "environment", SourcePlace);
        Line(text, 2, "address", kind?.HasAddress == false ? "" : Address);
        if (kind is not null && TakesToken(kind) && Token.Trim().Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    token:\n      secret: {Plain(Token)}\n");
        }

        Settings(text, 2, kind?.Settings ?? [], SourceValues);
        if (SourceKind == Core.Sources.HttpCheck.HttpCheckSource.KindName)
        {
            text.Append(CultureInfo.InvariantCulture, $"    checks:\n      {Plain(Signal)}:\n");
            Line(text, 4, "path", Selects);
            return;
        }

        text.Append("    signals:\n");
        foreach (var measure in kind?.Measures.Count > 0 ? Measures : [])
        {
            text.Append(CultureInfo.InvariantCulture, $"      {Plain(measure)}:\n        rule: measure\n        measure: {Plain(measure)}\n");
        }

        if (kind is null or { Measures.Count: 0 })
        {
            text.Append(CultureInfo.InvariantCulture, $"      {Plain(Signal)}:\n");
            Line(text, 4, "rule", Rule);
            Line(text, 4, Rule == "query" ? "query" : "numerator", Selects);
            Line(text, 4, Rule == "query" ? "count" : "denominator", IsDivided ? Divides : "");
            Line(text, 4, "quantile", Rule == "quantile" ? Quantile : "");
        }
    }

    private static void Settings(StringBuilder text, int depth, IReadOnlyList<ConnectionSetting> settings, Dictionary<string, string> values)
    {
        foreach (var setting in settings)
        {
            var value = values.GetValueOrDefault(setting.Name, "").Trim();
            if (setting.Form == SettingForm.Secret && value.Length > 0)
            {
                text.Append(' ', depth * 2).Append(Key(setting.Name)).Append(":\n").Append(' ', (depth + 1) * 2).Append(CultureInfo.InvariantCulture, $"secret: {Plain(value)}\n");
            }
            else
            {
                Line(text, depth, Key(setting.Name), value);
            }
        }
    }

    private static void Line(StringBuilder text, int depth, string key, string value)
    {
        if (value.Trim().Length > 0)
        {
            text.Append(' ', depth * 2).Append($"{key}: {Plain(value)}\n");
        }
    }

    private static string Key(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static List<string> Names(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>As it is where it is a name, else in single quotes, in which nothing but a quote means anything.</summary>
    private static string Plain(string value)
    {
        var line = value.ReplaceLineEndings(" ").Trim();
        return CatalogName.IsValid(line) && !IsWord(line) ? line : $"'{line.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>Words that YAML takes for nothing.</summary>
    private static bool IsWord(string text) => text is "null" or "~";
}
