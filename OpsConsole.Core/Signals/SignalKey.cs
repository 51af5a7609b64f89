using System.Text.RegularExpressions;

namespace OpsConsole.Core.Signals;

/// <summary>Name of a signal, as policies and sources write it: <c>http_5xx_rate</c>, <c>p99_latency</c>.</summary>
public readonly partial record struct SignalKey
{
    private readonly string? _value;

    /// <param name="value">1 to 64 characters: lower-case letters, digits and underscores, beginning with a letter.</param>
    /// <exception cref="ArgumentException">The name does not have that form.</exception>
    public SignalKey(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException($"'{value}' is not a signal name: 1 to 64 lower-case letters, digits and underscores, beginning with a letter.", nameof(value));
        }

        _value = value;
    }

    public string Value => _value ?? "";

    public static bool IsValid(string? value) => value is not null && Pattern().IsMatch(value);

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
