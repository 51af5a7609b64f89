using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>Holds JSON against the schemas of an OpenAPI document, by the keywords that the flag protocol's has.</summary>
internal sealed class OpenApiSchema
{
    private readonly object _document;

    public OpenApiSchema(string yaml) => _document = new DeserializerBuilder().Build().Deserialize<object>(yaml)!;

    /// <summary>What is wrong with an answer; empty when it has the form that the document names for it.</summary>
    public IReadOnlyList<string> Faults(string path, int status, JsonElement body)
    {
        List<string> faults = [];
        Check(At(_document, "paths", path, "post", "responses", status.ToString(CultureInfo.InvariantCulture), "content", "application/json", "schema"), body, "$", faults);
        return faults;
    }

    private void Check(object schema, JsonElement value, string path, List<string> faults)
    {
        foreach (var (keyword, said) in Members(schema))
        {
            switch (keyword)
            {
                case "$ref":
                    Refer((string)said, value, path, faults);
                    break;
                case "type" when !IsOf((string)said, value):
                    faults.Add($"{path} is no {said}");
                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    faults.AddRange(List(said).Where(name => !value.TryGetProperty((string)name, out _)).Select(name => $"{path} has no {name}"));
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    foreach (var (name, inner) in Members(said))
                    {
                        if (value.TryGetProperty(name, out var member))
                        {
                            Check(inner, member, $"{path}.{name}", faults);
                        }
                    }

                    break;
                case "additionalProperties" when said is IDictionary && value.ValueKind == JsonValueKind.Object:
                    foreach (var member in value.EnumerateObject())
                    {
                        Check(said, member.Value, $"{path}.{member.Name}", faults);
                    }

                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    foreach (var item in value.EnumerateArray())
                    {
                        Check(said, item, path + "[]", faults);
                    }

                    break;
                case "enum" when !List(said).Contains(value.ToString()):
                    faults.Add($"{path} is '{value}'");
                    break;
                case "pattern" when !Regex.IsMatch(value.GetString() ?? "", (string)said):
                    faults.Add($"{path} does not match {said}");
                    break;
                case "allOf":
                    foreach (var one in List(said))
                    {
                        Check(one, value, path, faults);
                    }

                    break;
                case "oneOf" when List(said).Count(one => Holds(one, value)) is var count and not 1:
                    faults.Add($"{path} is {count} of one");
                    break;
                case "not" when Holds(said, value):
                    faults.Add($"{path} is what it must not be");
                    break;
            }
        }
    }

    private bool Holds(object schema, JsonElement value)
    {
        List<string> faults = [];
        Check(schema, value, "$", faults);
        return faults.Count == 0;
    }

    private void Refer(string reference, JsonElement value, string path, List<string> faults)
    {
        // As its note says, though its schema leaves it out: without that every flag with a value would be of two kinds.
        if (reference.EndsWith("/codeDefaultFlag", StringComparison.Ordinal) && value.TryGetProperty("value", out _))
        {
            faults.Add(path + " has a value");
        }

        Check(At(_document, reference[2..].Split('/')), value, path, faults);
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type."),
    };

    private static object At(object node, params string[] path) => path.Aggregate(node, (inner, name) => ((IDictionary<object, object>)inner)[name]);

    private static IEnumerable<(string Name, object Value)> Members(object node) => ((IDictionary<object, object>)node).Select(m => ((string)m.Key, m.Value));

    private static IEnumerable<object> List(object node) => (IEnumerable<object>)node;
}
