using System.Text.RegularExpressions;

namespace OpsConsole.Core.Signals;

/// <summary>How a synthetic check asks.</summary>
public enum HttpCheckMethod
{
    Get,
    Head,
    Post,
}

/// <summary>Status codes from one to another, both included.</summary>
public readonly record struct StatusRange(int From, int To)
{
    public bool Has(int status) => status >= From && status <= To;

    public override string ToString() => From == To ? $"{From}" : $"{From}-{To}";
}

/// <summary>One request that the console makes again and again, and what makes its answer a good one. Gives <c>synthetic_name</c>, 100 or 0, and <c>synthetic_name_latency</c>.</summary>
public sealed partial record HttpCheck
{
    /// <summary>Begin of the names of both signals.</summary>
    public const string Prefix = "synthetic_";

    /// <summary>End of the name of the signal that says how long the answer took.</summary>
    public const string LatencySuffix = "_latency";

    /// <summary>Header with the check's name, so that a service can leave checks out of its business numbers.</summary>
    public const string Header = "X-Synthetic-Check";

    /// <summary>1 to 40 lower-case letters, digits and underscores, beginning with a letter and not ending with <c>_latency</c>.</summary>
    public required string Name { get; init; }

    public HttpCheckMethod Method { get; init; }

    /// <summary>Path and query, relative to the binding's address; begins with a slash.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Body of a POST; null: none.</summary>
    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>What else is said with the request, for example which version is to answer; a value may have <see cref="SourceBinding.VersionPlace"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What the status may be.</summary>
    public IReadOnlyList<StatusRange> Status { get; init; } = [new(200, 299)];

    /// <summary>Text that the body must have, letter by letter; null: any.</summary>
    public string? Contains { get; init; }

    /// <summary>Regular expression that must match somewhere in the body; null: any.</summary>
    public string? Matches { get; init; }

    /// <summary>Condition over the JSON of the body that makes the answer good; null: none.</summary>
    public string? Success { get; init; }

    /// <summary>Condition over the JSON of the body that makes the answer bad, which wins; null: none.</summary>
    public string? Failure { get; init; }

    /// <summary>Longest time that a good answer takes; null: whatever the time-out allows.</summary>
    public TimeSpan? LatencyLimit { get; init; }

    /// <summary>Redirects to the same host are followed, at most five. Otherwise a redirect is an answer like any other.</summary>
    public bool FollowRedirects { get; init; }

    /// <summary>Signal that says whether the check passed: 100 or 0 percent.</summary>
    public SignalKey Signal => new(Prefix + Name);

    /// <summary>Signal that says how long the answer took, in milliseconds.</summary>
    public SignalKey LatencySignal => new(Prefix + Name + LatencySuffix);

    public static bool IsName(string? name) => name is not null && Form().IsMatch(name) && !name.EndsWith(LatencySuffix, StringComparison.Ordinal);

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Form();
}
