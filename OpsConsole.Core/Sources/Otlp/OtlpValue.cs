using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Values of attributes as text: a text as it is, everything else as JSON writes it, bytes in base64. See https://opentelemetry.io/docs/specs/otel/common/#anyvalue-representation-for-non-otlp-protocols.</summary>
internal static class OtlpValue
{
    /// <summary>How deep lists and maps may lie in one another.</summary>
    public const int Deepest = 16;

    /// <param name="value">A text, bool, long, double, byte[], list of values, or list of keys with values; null where none was given.</param>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Json(value),
    };

    private static string Json(object value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(double.IsNaN(number) ? "NaN" : double.IsPositiveInfinity(number) ? "Infinity" : double.IsNegativeInfinity(number) ? "-Infinity" : number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case List<object?> list:
                Append(text, '[', list, static (to, one) => Append(to, one), ']');
                break;
            case List<KeyValuePair<string, object?>> map:
                Append(text, '{', map, static (to, one) => Append(Quote(to, one.Key).Append(':'), one.Value), '}');
                break;
            default:
                Quote(text, Text(value));
                break;
        }
    }

    private static void Append<T>(StringBuilder text, char begin, List<T> list, Action<StringBuilder, T> one, char end)
    {
        text.Append(begin);
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            one(text, list[i]);
        }

        text.Append(end);
    }

    private static StringBuilder Quote(StringBuilder text, string plain) => text.Append('"').Append(JsonEncodedText.Encode(plain, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
}
