using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>&lt;signal&gt; &lt;op&gt; &lt;number&gt;&lt;unit&gt; [for &lt;duration&gt;]</c> and <c>&lt;signal&gt; drops|rises &gt; N% [for …]</c>.</summary>
internal static partial class TriggerText
{
    private const string Form = "A trigger reads '<signal> > <number><unit> for <time>', for example 'http_5xx_rate > 1% for 5m', or '<signal> drops > 3%'.";
    private const int Longest = 200;

    private static readonly string[] Moves = ["drops", "rises"];

    /// <summary>The trigger, or null with the faults noted.</summary>
    /// <param name="node">Its text.</param>
    /// <param name="scope">What is known about the service.</param>
    /// <param name="faults">Where faults go.</param>
    public static Trigger? Read(ScalarNode node, PolicyScope? scope, PolicyFaults faults)
    {
        var match = node.Text.Length <= Longest ? Parts().Match(node.Text) : Match.Empty;
        if (node.Text.Length > Longest)
        {
            faults.Error(node, $"A trigger has at most {Longest} characters; this one has {node.Text.Length:0}.");
            return null;
        }

        if (!match.Success)
        {
            faults.Error(node, Form, NearForm(node.Text));
            return null;
        }

        var before = faults.ErrorCount;
        var signal = Signal(node, match.Groups["signal"], faults);
        var move = Move(node, match.Groups["move"], faults);
        var comparison = Comparison(node, match.Groups["op"], move, faults);
        var (number, unit) = Threshold(node, match.Groups["number"], match.Groups["unit"], faults);
        var held = Held(node, match.Groups["word"], match.Groups["for"], faults);
        if (faults.ErrorCount > before)
        {
            return null;
        }

        var isDelta = signal.EndsWith(PolicySignals.DeltaEnding, StringComparison.Ordinal);
        var name = isDelta ? signal[..^PolicySignals.DeltaEnding.Length] : signal;
        if (isDelta && unit == "x" && PolicySignals.IsBurnRate(name))
        {
            faults.Error(node, $"'{name}' is a burn rate, which has no delta.", $"Did you mean '{name} {match.Groups["op"].Value} {match.Groups["number"].Value}x'?", match.Groups["signal"].Index);
            return null;
        }

        var measure = PolicySignals.IsBurnRate(signal) ? TriggerMeasure.BurnRate : isDelta || move is not null ? TriggerMeasure.Delta : TriggerMeasure.Value;
        if (!TriggerUnits.Fits(node, match, name, measure, unit, scope, faults, out var kind))
        {
            return null;
        }

        if (move is not null && (isDelta || PolicySignals.IsBurnRate(name)))
        {
            faults.Error(node, $"'{signal}' is compared with > or <, not with '{move}'.", offset: match.Groups["move"].Index);
            return null;
        }

        if (move is not null && number < 0)
        {
            faults.Error(node, $"'{move}' already says which way: the number has no sign.", offset: match.Groups["number"].Index);
            return null;
        }

        return new()
        {
            Text = Written(signal, move, match, unit),
            Signal = name,
            Measure = measure,
            Comparison = move == "drops" ? Turned(comparison) : comparison,
            Threshold = (move == "drops" ? -number : number) * (unit == "s" ? 1000 : 1),
            Unit = kind,
            For = held,
        };
    }

    private static string Signal(ScalarNode node, Group signal, PolicyFaults faults)
    {
        if (!SignalKey.IsValid(signal.Value))
        {
            var near = signal.Value.ToLowerInvariant().Replace('-', '_').Replace('.', '_');
            faults.Error(
                node, $"'{PolicyNames.Shown(signal.Value)}' is no name of a signal: lower-case letters, digits and underscores, beginning with a letter.",
                SignalKey.IsValid(near) ? $"Did you mean '{near}'?" : null, signal.Index);
        }

        return signal.Value;
    }

    private static string? Move(ScalarNode node, Group move, PolicyFaults faults)
    {
        if (move.Success && !Moves.Contains(move.Value))
        {
            faults.Error(node, $"'{PolicyNames.Shown(move.Value)}' is no comparison: use >, >=, <, <=, or drops and rises before >.", NearMove(move.Value) ?? Spelling.Suggest(move.Value, Moves) ?? NearName(node.Text, move), move.Index);
        }

        return move.Success ? move.Value : null;
    }

    /// <summary>Another word for one of the two.</summary>
    private static string? NearMove(string word) => word.ToLowerInvariant() switch
    {
        "falls" or "fell" or "decreases" or "declines" or "sinks" or "dips" or "lowers" or "shrinks" or "down" => "Did you mean 'drops'?",
        "increases" or "grows" or "climbs" or "jumps" or "raises" or "rose" or "gains" or "up" => "Did you mean 'rises'?",
        _ => null,
    };

    /// <summary>A name with a space in it; not where the first word is the name of a signal already.</summary>
    private static string? NearName(string text, Group move)
    {
        if (PolicySignals.Find(text.TrimStart().Split(' ', 2)[0], null) is not null)
        {
            return null;
        }

        var joined = string.Join('_', text[..(move.Index + move.Length)].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        return SignalKey.IsValid(joined) ? $"Did you mean '{joined}'? A name has no spaces." : null;
    }

    private static TriggerComparison Comparison(ScalarNode node, Group op, string? move, PolicyFaults faults)
    {
        switch (op.Value)
        {
            case ">":
                return TriggerComparison.Above;
            case ">=":
                return TriggerComparison.AtLeast;
            case "<" or "<=" when move is not null:
                faults.Error(node, $"'{move}' is compared with > or >=.", "Did you mean '>'?", op.Index);
                break;
            case "<":
                return TriggerComparison.Below;
            case "<=":
                return TriggerComparison.AtMost;
            default:
                faults.Error(node, $"'{op.Value}' is no comparison: use >, >=, < or <=.", Nearest(op.Value), op.Index);
                break;
        }

        return default;
    }

    private static (double Number, string Unit) Threshold(ScalarNode node, Group number, Group unit, PolicyFaults faults)
    {
        if (!PolicyValues.TryNumber(number.Value, out var value))
        {
            var plain = number.Value.Replace('−', '-');
            var near = Thousands().IsMatch(plain) ? plain.Replace(",", "", StringComparison.Ordinal) : plain.Replace(',', '.');
            if (number.Value.All(char.IsAsciiDigit))
            {
                faults.Error(node, $"'{PolicyNames.Shown(number.Value)}' is too large: a number has at most 15 digits.", offset: number.Index);
                return (0, unit.Value);
            }

            faults.Error(
                node, $"'{PolicyNames.Shown(number.Value)}' is no number: digits, and a point before decimals.",
                PolicyValues.TryNumber(near, out _) ? $"Did you mean '{near}{unit.Value}'?" : null, number.Index);
        }

        if (!TriggerUnits.Written.Contains(unit.Value))
        {
            faults.Error(node, $"'{PolicyNames.Shown(unit.Value)}' is no unit: use ms, s, %, x, or none.", TriggerUnits.Near(number.Value, unit.Value), unit.Index);
        }

        return (value, unit.Value);
    }

    private static TimeSpan Held(ScalarNode node, Group word, Group text, PolicyFaults faults)
    {
        if (!word.Success)
        {
            return TimeSpan.Zero;
        }

        if (word.Value != "for")
        {
            faults.Error(node, $"After the number comes nothing, or 'for' and a time; '{PolicyNames.Shown(word.Value)}' is neither.", AfterNumber(word.Value), word.Index);
            return TimeSpan.Zero;
        }

        if (!PolicyDuration.TryParse(text.Value.Trim(), out var held))
        {
            var there = text.Value.Trim() is { Length: > 0 } written ? $"'{PolicyNames.Shown(written)}' is no time: after" : "After";
            faults.Error(node, $"{there} 'for' comes a time with its unit: 30s, 5m, 2h, 1d or 1h30m.", PolicyValues.NearDuration(text.Value.Trim()), text.Length > 0 ? text.Index : word.Index);
        }
        else if (held > PolicyDuration.Longest)
        {
            faults.Error(node, $"'{PolicyNames.Shown(text.Value.Trim())}' is too long: a trigger is held for at most 30d.", offset: text.Index);
        }

        return held;
    }

    private static string? AfterNumber(string word) => word.ToLowerInvariant() switch
    {
        "and" => "A trigger has one condition; two that have to hold together cannot be written.",
        "or" => "Write two triggers: any one of them fires.",
        _ => Spelling.Suggest(word, ["for"]),
    };

    private static string Written(string signal, string? move, Match match, string unit)
    {
        var number = match.Groups["number"].Value;
        var held = match.Groups["for"].Value.Trim();
        return string.Create(
            CultureInfo.InvariantCulture, $"{signal} {(move is null ? "" : move + " ")}{match.Groups["op"].Value} {number}{unit}{(held.Length == 0 ? "" : " for " + held)}");
    }

    private static TriggerComparison Turned(TriggerComparison comparison) => comparison == TriggerComparison.Above ? TriggerComparison.Below : TriggerComparison.AtMost;

    private static string? Nearest(string op) => op switch
    {
        "=>" => "Did you mean '>='?",
        "=<" => "Did you mean '<='?",
        "≥" => "Did you mean '>='?",
        "≤" => "Did you mean '<='?",
        _ => null,
    };

    private static string? NearForm(string text)
    {
        var word = text.Split(' ', 2)[0];
        return PolicyNames.Conditions.Any(c => c.Name == word) ? $"'{word}' belongs to promote_if." : null;
    }

    /// <summary>Commas between groups of three digits part thousands; a number below one has no groups.</summary>
    [GeneratedRegex(@"\A[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Thousands();

    [GeneratedRegex(
        @"\A\s*(?<signal>[^\s<>=≤≥!]+)(?:\s+(?<move>[A-Za-z]+))?\s*(?<op>[<>=!≤≥]{1,3})\s*(?<number>[-+−]?[0-9.,]+)\s*(?<unit>(?!for\b)[^\s0-9]*)(?:\s+(?<word>[A-Za-z]+)(?:\s+(?<for>.*))?)?\s*\z",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
