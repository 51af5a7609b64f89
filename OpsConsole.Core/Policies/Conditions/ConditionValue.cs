using System.Text.Json;

namespace OpsConsole.Core.Policies.Conditions;

internal enum ValueKind : byte
{
    Null,
    Bool,
    Number,
    Text,
    List,
    Map,
}

/// <summary>A value in an evaluation: one of JSON's kinds, where a number may also be infinite or not a number.</summary>
internal readonly struct ConditionValue
{
    private readonly double _number;
    private readonly object? _content;
    private readonly JsonElement _json;

    private ConditionValue(ValueKind kind, double number = 0, object? content = null, JsonElement json = default) =>
        (Kind, _number, _content, _json) = (kind, number, content, json);

    public static ConditionValue Null => default;

    public ValueKind Kind { get; }

    public bool Bool => _number != 0;

    public double Number => _number;

    public string Text => (string)_content!;

    /// <summary>What the kind is called in a sentence.</summary>
    public string Name => Kind switch
    {
        ValueKind.Null => "nil",
        ValueKind.Bool => "bool",
        ValueKind.Number => _number == Math.Floor(_number) && double.IsFinite(_number) ? "int" : "float",
        ValueKind.Text => "string",
        ValueKind.List => "list",
        _ => "map",
    };

    /// <summary>Elements of a list, members of a map or characters of a text.</summary>
    public int Length => Kind switch
    {
        ValueKind.Text => Text.Length,
        ValueKind.List => _content is ConditionValue[] list ? list.Length : _json.GetArrayLength(),
        _ => _json.GetPropertyCount(),
    };

    public static ConditionValue Of(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static ConditionValue Of(double value) => new(ValueKind.Number, value);

    public static ConditionValue Of(string value) => new(ValueKind.Text, content: value);

    public static ConditionValue Of(ConditionValue[] list) => new(ValueKind.List, content: list);

    public static ConditionValue Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Number => Of(json.GetDouble()),
        JsonValueKind.String => Of(json.GetString()!),
        JsonValueKind.Array => new(ValueKind.List, json: json),
        JsonValueKind.Object => new(ValueKind.Map, json: json),
        _ => Null,
    };

    /// <summary>The elements of a list.</summary>
    public IEnumerable<ConditionValue> Elements() =>
        _content is ConditionValue[] list ? list : _json.EnumerateArray().Select(Of);

    /// <summary>An element of a list, which has one there.</summary>
    public ConditionValue Element(int index) => _content is ConditionValue[] list ? list[index] : Of(_json[index]);

    /// <summary>A member of a map; null where it has none of the name.</summary>
    public ConditionValue Member(string name) => _json.TryGetProperty(name, out var member) ? Of(member) : Null;

    /// <summary>The names of a map's members.</summary>
    public bool HasMember(string name) => _json.TryGetProperty(name, out _);

    /// <summary>Whether two maps say the same.</summary>
    public static bool SameMap(in ConditionValue left, in ConditionValue right) => JsonElement.DeepEquals(left._json, right._json);
}
