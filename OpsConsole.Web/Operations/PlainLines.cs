using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OpsConsole.Web.Operations;

/// <summary>The log as people read it in Development. What comes from outside cannot write lines or escape codes of its own into it: control characters are shown as what they are.</summary>
internal sealed class PlainLines() : ConsoleFormatter(Plain)
{
    /// <summary>Name of the format.</summary>
    public const string Plain = "plain";

    private const string Indent = "      ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine($"{Word(logEntry.LogLevel)}: {OneLine(logEntry.Category)}[{logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture)}]");
        textWriter.WriteLine(Indent + OneLine(message));
        foreach (var line in logEntry.Exception?.ToString().Split('\n') ?? [])
        {
            textWriter.WriteLine(Indent + OneLine(line.TrimEnd('\r')));
        }
    }

    /// <summary>The text with everything escaped that could end the line, move the cursor or turn the writing around.</summary>
    internal static string OneLine(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            safe.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when IsUnsafe(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
