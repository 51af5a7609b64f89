using System.Text.Json;

namespace OpsConsole.Core.Switches;

/// <summary>Why a body is no request to evaluate flags.</summary>
/// <param name="Error"><see cref="FlagError.ParseError"/> or <see cref="FlagError.InvalidContext"/>.</param>
/// <param name="Details">One sentence for people.</param>
public sealed record ContextFault(FlagError Error, string Details);

/// <summary>Reads the body of an evaluation request: a JSON object with an object "context". Whatever it holds, it is read once, in bounded memory, and either understood or refused with what is wrong.</summary>
public ref struct ContextReader
{
    /// <summary>Largest body that is read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Deepest nesting of the body.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most values in a context, those inside lists and objects too.</summary>
    public const int MaxValues = 1_000;

    /// <summary>Longest targeting key, in characters.</summary>
    public const int MaxKeyLength = 1_024;

    private static readonly ContextFault NotJson = new(FlagError.ParseError, $"The body is not JSON of at most {MaxDepth} levels.");

    private Utf8JsonReader _json;
    private int _values;

    private ContextReader(ReadOnlySpan<byte> body) => _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>The context, or why there is none.</summary>
    public static (EvaluationContext? Context, ContextFault? Fault) Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBytes)
        {
            return (null, new ContextFault(FlagError.ParseError, $"The body is larger than {MaxBytes} bytes."));
        }

        try
        {
            return new ContextReader(body).ReadBody();
        }
        catch (JsonException)
        {
            return (null, NotJson);
        }
        catch (UnusableContextException e)
        {
            return (null, new ContextFault(FlagError.InvalidContext, e.Message));
        }
    }

    private (EvaluationContext? Context, ContextFault? Fault) ReadBody()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            return (null, new ContextFault(FlagError.ParseError, "The body is not a JSON object."));
        }

        EvaluationContext? context = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isContext = Text("a name") == "context";
            _json.Read();
            if (!isContext)
            {
                _json.Skip();
            }
            else if (context is not null)
            {
                throw new UnusableContextException("The body has 'context' twice.");
            }
            else if (_json.TokenType == JsonTokenType.StartObject)
            {
                context = ReadContext();
            }
            else
            {
                throw new UnusableContextException("The 'context' is not an object.");
            }
        }

        // Reads to the end: what follows the object is no JSON either.
        _json.Read();
        return context is null ? (null, new ContextFault(FlagError.InvalidContext, "The body has no object 'context'.")) : (context, null);
    }

    private EvaluationContext ReadContext()
    {
        var attributes = ReadMembers();
        if (!attributes.Remove(EvaluationContext.KeyName, out var key) || key is ContextValue.Null or ContextValue.Text { Value: "" })
        {
            return new EvaluationContext(null, attributes);
        }

        return key switch
        {
            ContextValue.Text { Value.Length: > MaxKeyLength } => throw new UnusableContextException($"The 'targetingKey' is longer than {MaxKeyLength} characters."),
            ContextValue.Text text => new EvaluationContext(text.Value, attributes),
            _ => throw new UnusableContextException("The 'targetingKey' is not a text."),
        };
    }

    private Dictionary<string, ContextValue> ReadMembers()
    {
        var members = new Dictionary<string, ContextValue>(StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text("a name");
            _json.Read();
            if (!members.TryAdd(name, ReadValue(name)))
            {
                throw new UnusableContextException($"The context has '{Shown(name)}' twice.");
            }
        }

        return members;
    }

    private ContextValue ReadValue(string name)
    {
        if (++_values > MaxValues)
        {
            throw new UnusableContextException($"The context has more than {MaxValues} values.");
        }

        return _json.TokenType switch
        {
            JsonTokenType.String => new ContextValue.Text(Text($"'{Shown(name)}'")),
            JsonTokenType.Number => new ContextValue.Number(Number(name)),
            JsonTokenType.True or JsonTokenType.False => new ContextValue.Boolean(_json.GetBoolean()),
            JsonTokenType.StartObject => new ContextValue.Map(ReadMembers()),
            JsonTokenType.StartArray => ReadList(name),
            _ => ContextValue.Null.Instance,
        };
    }

    private ContextValue.List ReadList(string name)
    {
        List<ContextValue> values = [];
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            values.Add(ReadValue(name));
        }

        return new ContextValue.List(values);
    }

    private readonly double Number(string name) => _json.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw new UnusableContextException($"The number in '{Shown(name)}' is too large.");

    private readonly string Text(string where)
    {
        string text;
        try
        {
            text = _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UnusableContextException($"The context has text that is no Unicode in {where}.");
        }

        return text.Contains('\0', StringComparison.Ordinal) ? throw new UnusableContextException($"The context has a NUL character in {where}.") : text;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 63), "…");

    /// <summary>Leads out of the depth of the reading to its one answer.</summary>
    private sealed class UnusableContextException(string message) : Exception(message);
}
