using System.Text.RegularExpressions;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>What makes the checks of a binding sound.</summary>
internal static partial class CheckFaults
{
    /// <summary>Most checks of one binding: they are made at the same time.</summary>
    public const int MaxChecks = 16;

    private const int MaxText = 1000;
    private const int MaxBody = 16 * 1024;
    private const int MaxHeaders = 8;
    private const int MaxHeader = 512;

    /// <summary>What the console says itself, and what belongs in no setting that people see.</summary>
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Connection", "Cookie", "Host", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", Signals.HttpCheck.Header,
    };

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public static IEnumerable<string> Of(SourceBinding binding, IResponseConditions? conditions)
    {
        if (binding.Rules.Count > 0)
        {
            yield return "a source of checks has no signal rules";
        }

        if (binding.Credential is not null)
        {
            yield return "checks ask as anyone would: a token, or a user with a password, belongs to a source of another kind";
        }

        if (binding.Checks.Count is 0 or > MaxChecks)
        {
            yield return $"it needs 1 to {MaxChecks} checks";
        }

        foreach (var twice in binding.Checks.GroupBy(c => c.Name).Where(g => g.Count() > 1))
        {
            yield return $"check '{twice.Key}': is there twice";
        }

        foreach (var check in binding.Checks)
        {
            foreach (var fault in Of(check, binding, conditions))
            {
                yield return $"check '{check.Name}': {fault}";
            }
        }
    }

    private static IEnumerable<string> Of(Signals.HttpCheck check, SourceBinding binding, IResponseConditions? conditions)
    {
        if (!Signals.HttpCheck.IsName(check.Name))
        {
            yield return "its name has to be 1 to 40 lower-case letters, digits and underscores, beginning with a letter and not ending with _latency";
        }

        if (!check.Path.StartsWith('/') || check.Path.StartsWith("//", StringComparison.Ordinal) || !Uri.TryCreate(binding.Address!, check.Path, out _))
        {
            yield return "the path has to begin with one slash";
        }

        if (check.Headers.Count > MaxHeaders)
        {
            yield return $"it may have at most {MaxHeaders} headers";
        }

        foreach (var (name, value) in check.Headers)
        {
            if (OwnHeaders.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                yield return $"the header {name} cannot be set: the console says it itself, or it would be seen where it must not be";
            }
            else if (!HeaderName().IsMatch(name) || value.Length is 0 or > MaxHeader || value.Any(c => c is < ' ' or > '~'))
            {
                yield return $"the header '{PlainText.Of(name)}' needs a name of letters, digits and hyphens and a value of 1 to {MaxHeader} printable ASCII characters";
            }
        }

        if (check.Status.Count == 0 || check.Status.Any(s => s.From < 100 || s.To > 599 || s.From > s.To))
        {
            yield return "the status has to be codes and ranges from 100 to 599, for example 200-299,304";
        }

        if (check.Body is not null && (check.Method != HttpCheckMethod.Post || check.Body.Length > MaxBody))
        {
            yield return $"a body belongs to a POST and has at most {MaxBody} characters";
        }

        if (check.Method == HttpCheckMethod.Head && (check.Contains ?? check.Matches ?? check.Success ?? check.Failure) is not null)
        {
            yield return "the answer to a HEAD has no body to look into";
        }

        if (check.Contains is { Length: 0 or > MaxText } || check.Matches is { Length: 0 or > MaxText } || check.Success is { Length: 0 or > MaxText } || check.Failure is { Length: 0 or > MaxText })
        {
            yield return $"what the body is held to has 1 to {MaxText} characters";
        }

        if (check.Matches is { } pattern && !IsExpression(pattern))
        {
            yield return "the expression is not a regular expression";
        }

        if (check.LatencyLimit is { } limit && (limit <= TimeSpan.Zero || limit > binding.Timeout))
        {
            yield return "the latency limit has to be above 0 and at most the time-out";
        }

        foreach (var condition in new[] { check.Success, check.Failure }.OfType<string>())
        {
            if (conditions is null)
            {
                yield return "conditions over JSON are not read by this console";
            }
            else if (conditions.Fault(condition) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static bool IsExpression(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,64}$")]
    private static partial Regex HeaderName();
}
