using System.Globalization;
using System.Text;

namespace OpsConsole.Core.Policies.Conditions;

internal enum TokenKind : byte
{
    Number,
    Text,
    Name,
    Symbol,
    End,
}

/// <summary>A word of a condition.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The name or symbol, or what a text says.</param>
/// <param name="Number">The number.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, double Number, int Column)
{
    /// <summary>As a sentence about the token shows it.</summary>
    public string Shown => Kind == TokenKind.End ? "the end" : $"'{Text}'";

    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Name && Text == text;
}

/// <summary>Takes a condition apart into words.</summary>
internal static class ConditionLexer
{
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ".", ",", "#"];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; ;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var token = at == text.Length ? new(TokenKind.End, "", 0, at + 1) : Next(text, ref at);
            tokens.Add(token);
            if (token.Kind == TokenKind.End)
            {
                return tokens;
            }
        }
    }

    private static Token Next(string text, ref int at)
    {
        var (start, first) = (at, text[at]);
        if (char.IsAsciiDigit(first))
        {
            return Number(text, ref at);
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            {
                at++;
            }

            return new(TokenKind.Name, text[start..at], 0, start + 1);
        }

        if (first is '"' or '\'')
        {
            return Quoted(text, ref at);
        }

        foreach (var symbol in Symbols)
        {
            if (text.AsSpan(start).StartsWith(symbol))
            {
                at += symbol.Length;
                return new(TokenKind.Symbol, symbol, 0, start + 1);
            }
        }

        throw new ConditionException($"'{first}' has no meaning here", start + 1);
    }

    private static Token Number(string text, ref int at)
    {
        var start = at;
        Digits(text, ref at);
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            Digits(text, ref at);
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var signed = at + 1 < text.Length && text[at + 1] is '+' or '-';
            at += signed ? 2 : 1;
            Digits(text, ref at);
        }

        var written = text[start..at];
        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new(TokenKind.Number, written, number, start + 1)
            : throw new ConditionException($"'{written}' is not a number", start + 1);
    }

    private static void Digits(string text, ref int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
    }

    private static Token Quoted(string text, ref int at)
    {
        var (start, quote) = (at, text[at]);
        var content = new StringBuilder();
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] != '\\')
            {
                content.Append(text[at]);
                continue;
            }

            at++;
            content.Append(at == text.Length ? throw Unended(start) : text[at] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' or '"' or '\'' => text[at],
                var other => throw new ConditionException($"'\\{other}' is not an escape; there are \\n, \\t, \\r, \\\\, \\\" and \\'", at),
            });
        }

        if (at == text.Length)
        {
            throw Unended(start);
        }

        at++;
        return new(TokenKind.Text, content.ToString(), 0, start + 1);
    }

    private static ConditionException Unended(int start) => new("the text that begins here has no end", start + 1);
}
