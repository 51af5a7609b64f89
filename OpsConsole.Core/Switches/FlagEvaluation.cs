using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Switches;

/// <summary>What a client that asks for a flag is told.</summary>
/// <param name="Key">The flag's key.</param>
/// <param name="Value">False while the switch is killed, else true.</param>
/// <param name="Variant"><c>on</c> or <c>off</c>.</param>
/// <param name="Metadata">For people who look at the answer: what the switch turns off, and since when it stands so.</param>
public sealed record FlagEvaluation(string Key, bool Value, string Variant, IReadOnlyDictionary<string, object> Metadata)
{
    /// <summary>The OpenFeature reason given with every value.</summary>
    /// <remarks>A killed switch answers an explicit false with the reason <c>STATIC</c> and not <c>DISABLED</c>: several clients take the latter as "use the default in the code", which may be true, and a kill must never depend on what a client has as its default.</remarks>
    public const string Reason = "STATIC";

    /// <summary>Evaluates a switch. It is the same for everyone, so the caller's context does not matter.</summary>
    public static FlagEvaluation Of(SwitchSummary value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new FlagEvaluation(value.Key, !value.Killed, value.Killed ? "off" : "on", new Dictionary<string, object>
        {
            ["turnsOff"] = value.TurnsOff,
            ["changedAt"] = value.ChangedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>A tag that is the same for the same answers, also after a restart, and another one as soon as any of them changes. Without quotes.</summary>
    public static string Tag(IEnumerable<SwitchSummary> switches)
    {
        ArgumentNullException.ThrowIfNull(switches);
        var text = new StringBuilder();
        foreach (var value in switches.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{value.Key}\n{value.Killed}\n{value.ChangedAt.UtcTicks}\n{value.TurnsOff.Length}:{value.TurnsOff}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12));
    }
}
