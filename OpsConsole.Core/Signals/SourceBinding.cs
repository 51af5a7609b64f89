using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Signals;

/// <summary>One place that signals of one version are read from, as configured.</summary>
public sealed record SourceBinding
{
    /// <summary>Stands for every version that a release on the board is from or to: such a binding is read once for each of them, as <see cref="For"/> makes it.</summary>
    public const string EveryVersion = "*";

    /// <summary>What stands for the version in an address or a query of such a binding.</summary>
    public const string VersionPlace = "$version";

    /// <summary>Unique among bindings; used as the name of its job.</summary>
    public required string Key { get; init; }

    /// <summary>Kind of source that reads it, for example <c>prometheus-text</c>.</summary>
    public required string Kind { get; init; }

    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    /// <summary>The version that it is of, or <see cref="EveryVersion"/>.</summary>
    public required string Version { get; init; }

    /// <summary>By what the console is let in, where the source asks for it.</summary>
    public SourceCredential? Credential { get; init; }

    /// <summary>Key of the binding for every version that it was made of; null for one that stands for itself.</summary>
    public string? MadeOf { get; init; }

    /// <summary>True for one that is read for every version of the releases on the board.</summary>
    public bool FollowsReleases => Version == EveryVersion;

    /// <summary>Absolute http or https address; null for a kind that is not read at one.</summary>
    public Uri? Address { get; init; }

    /// <summary>What else the kind needs to be told.</summary>
    public ConnectionSettings Settings { get; init; } = ConnectionSettings.None;

    /// <summary>Time between two reads, 1 s or more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one read may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Which signals to make of what is read; empty for a source of checks.</summary>
    public required IReadOnlyList<SignalRule> Rules { get; init; }

    /// <summary>What to ask and what a good answer is; of sources of checks only.</summary>
    public IReadOnlyList<HttpCheck> Checks { get; init; } = [];

    /// <summary>The binding as it is for one version.</summary>
    public SourceBinding For(string version) => this with
    {
        Key = KeyFor(version),
        MadeOf = Key,
        Version = version,
        Address = Address is null ? null : new Uri(Address.OriginalString.Replace(VersionPlace, Uri.EscapeDataString(version), StringComparison.Ordinal)),
        Rules = [.. Rules.Select(r => r with { Numerator = Filled(r.Numerator, version), Denominator = r.Denominator is { } text ? Filled(text, version) : null })],
        Checks = [.. Checks.Select(c => c with { Headers = c.Headers.ToDictionary(h => h.Key, h => h.Value.Replace(VersionPlace, InHeader(version), StringComparison.Ordinal)) })],
    };

    /// <summary>What a setting says, with the version in its place.</summary>
    public string Setting(string name) => Settings[name].Replace(VersionPlace, Version, StringComparison.Ordinal);

    /// <summary>Why a setting in which the version stands would be the same for every version; null where it is not, or need not be.</summary>
    public string? VersionFault(string setting) =>
        FollowsReleases && !Settings[setting].Contains(VersionPlace, StringComparison.Ordinal) ? $"{setting} has no {VersionPlace}, so the new version and the previous one would show the same" : null;

    /// <summary>Key of the binding for one version: short enough for any version, and different for each, also of bindings whose keys begin alike.</summary>
    private string KeyFor(string version)
    {
        var mark = "." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Key}\n{version}")).AsSpan(0, 4));
        return Key[..Math.Min(Key.Length, CatalogName.MaxLength - mark.Length)] + mark;
    }

    /// <summary>A version stands within quotes in a query: what could end them is written as its number.</summary>
    private static string Filled(string text, string version) => text.Replace(
        VersionPlace, string.Concat(version.Select(c => c is '"' or '\'' or '`' or '\\' || char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())), StringComparison.Ordinal);

    /// <summary>A version may stand within quotes in a header too: what could end them, or the header, is percent-encoded.</summary>
    private static string InHeader(string version) => string.Concat(version.Select(c => c is > ' ' and <= '~' and not ('"' or '\\') ? c.ToString() : Uri.EscapeDataString(c.ToString())));

    /// <summary>
    /// True where what a rule comes to at one read and at the next may be of the same time: what a source measures by itself, over a window of its own or as it stands,
    /// and whatever looks at more time than lies between two reads. The newest of such readings counts alone; a mean of several would count the same observations more than once.
    /// </summary>
    public bool IsSnapshot(SignalRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Kind == SignalRuleKind.Measure || LooksAt(rule) > Interval;
    }

    /// <summary>
    /// Time that the observations behind one reading of a rule are of: its window, and without one the longest range in the text of a query to a Prometheus, of the one that counts first. Zero where neither is said.
    /// </summary>
    public TimeSpan LooksAt(SignalRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Window > TimeSpan.Zero || Kind != QueryRange.SpokenBy ? rule.Window
            : rule.Denominator is { } count && QueryRange.Longest(count) is var counted && counted > TimeSpan.Zero ? counted
            : QueryRange.Longest(rule.Numerator);
    }

    /// <summary>Where samples of this source belong, all of them.</summary>
    public IEnumerable<SignalAddress> Addresses => Rules.Select(AddressOf).Concat(Checks.SelectMany(c => new[] { AddressOf(c.Signal), AddressOf(c.LatencySignal) }));

    /// <summary>Where the samples of one of its rules belong.</summary>
    public SignalAddress AddressOf(SignalRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return AddressOf(rule.Signal);
    }

    /// <summary>Where the samples of one of its signals belong.</summary>
    public SignalAddress AddressOf(SignalKey signal) => new(Service, Target, Environment, Version, signal);
}

/// <summary>How a signal is computed from a source's series.</summary>
public enum SignalRuleKind
{
    /// <summary>Increase of <see cref="SignalRule.Numerator"/> over the increase of <see cref="SignalRule.Denominator"/>, in percent; the count is the denominator's increase.</summary>
    Ratio,

    /// <summary>A quantile of the increase of a histogram's buckets; the count is the increase of all observations.</summary>
    Quantile,

    /// <summary>The sum of the selected series as it stands.</summary>
    Gauge,

    /// <summary>Increase of the selected counters per second; the count is the increase.</summary>
    Rate,

    /// <summary>What <see cref="SignalRule.Numerator"/> comes to where the source evaluates queries by itself; the count is what <see cref="SignalRule.Denominator"/> comes to, 1 without it.</summary>
    Query,

    /// <summary>What the source measures by itself under the name <see cref="SignalRule.Numerator"/>.</summary>
    Measure,
}

/// <summary>One signal of a binding.</summary>
public sealed record SignalRule
{
    public required SignalKey Signal { get; init; }

    public required SignalRuleKind Kind { get; init; }

    /// <summary>Selector of the series, as in PromQL: <c>http_requests_total{status=~"5.."}</c>. For a quantile, the histogram's name without <c>_bucket</c>. For a query, the whole of it; for a measure, its name.</summary>
    public required string Numerator { get; init; }

    /// <summary>Selector of what the numerator is divided by; for a query, the one that counts the observations. Ratios and queries only.</summary>
    public string? Denominator { get; init; }

    /// <summary>Above 0 and below 1; quantiles only.</summary>
    public double? Quantile { get; init; }

    /// <summary>Multiplies the value, for example 1000 from seconds to milliseconds.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Time a quantile, ratio or rate is taken over; zero: since the last read.</summary>
    public TimeSpan Window { get; init; }
}
