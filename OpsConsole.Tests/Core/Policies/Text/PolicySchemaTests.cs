using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>What editors are told and what the console takes are the same.</summary>
public sealed class PolicySchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(PolicySchema.Json).RootElement;

    private static JsonElement Definitions => Schema.GetProperty("$defs");

    [Fact]
    public void Each_key_of_the_schema_is_known_and_the_other_way_round()
    {
        var written = Definitions.EnumerateObject().Where(d => d.Value.TryGetProperty("properties", out _))
            .ToDictionary(d => d.Name, d => string.Join(" ", d.Value.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)));

        Assert.Equal(PolicyKeys.Of.ToDictionary(s => s.Key, s => string.Join(" ", s.Value.Order(StringComparer.Ordinal))), written);
    }

    [Fact]
    public void Each_section_takes_its_keys_only() =>
        Assert.All(PolicyKeys.Of.Keys, s => Assert.False(Definitions.GetProperty(s).GetProperty("additionalProperties").GetBoolean()));

    [Theory]
    [InlineData("release", "database_migration", "release:\n  database_migration: {0}\n")]
    [InlineData("release", "rollout_strategy", "release:\n  rollout_strategy: {0}\n")]
    [InlineData("canary", "promote_if", "canary:\n  promote_if: [{0}]\nanalysis:\n  metrics: [p99_latency]\n")]
    [InlineData("delivery", "mode", "delivery:\n  mode: {0}\n")]
    [InlineData("delivery", "on_trigger", "delivery:\n  on_trigger: {0}\n")]
    [InlineData("metric", "direction", "analysis:\n  metrics:\n    - {{signal: p99_latency, direction: {0}}}\n")]
    [InlineData("metric", "nan_strategy", "analysis:\n  metrics:\n    - {{signal: p99_latency, nan_strategy: {0}}}\n")]
    [InlineData("metric", "no_data", "analysis:\n  metrics:\n    - {{signal: p99_latency, no_data: {0}}}\n")]
    [InlineData("effect_size", "measure", "analysis:\n  metrics:\n    - {{signal: p99_latency, effect_size: {{measure: {0}}}}}\n")]
    [InlineData("evidence", "required", "evidence:\n  required: [{0}]\n")]
    [InlineData("approvals", "roles", "approvals:\n  required: 1\n  roles: [{0}]\n")]
    public void Each_value_of_the_schema_is_taken(string section, string key, string text)
    {
        var property = Definitions.GetProperty(section).GetProperty("properties").GetProperty(key);
        var values = (property.TryGetProperty("items", out var items) ? items : property).GetProperty("enum");

        Assert.All(values.EnumerateArray(), v => Assert.Empty(PolicyText.Check(string.Format(CultureInfo.InvariantCulture, text, v.GetString()), null).Errors));
    }

    [Theory]
    [InlineData(PolicyExamples.Checklist)]
    [InlineData(PolicyExamples.Canary)]
    [InlineData(PolicyExamples.Everything)]
    public void The_examples_fit_the_schema(string text) => Assert.Null(Misfit(Root(text), Schema, "$"));

    [Theory]
    [InlineData("relase: {}\n")]
    [InlineData("canary:\n  stages: 5%\n")]
    [InlineData("canary:\n  stages:\n    - {traffic: 5, duration: 10m}\n")]
    [InlineData("canary:\n  stages:\n    - {traffic: 5%, duration: 10}\n")]
    [InlineData("canary:\n  auto_rollback_if:\n    - {dry_run: true}\n")]
    [InlineData("release:\n  rollout_strategy: canery\n")]
    [InlineData("approvals:\n  required: 11\n")]
    [InlineData("analysis:\n  metrics:\n    - {signal: p99_latency, tolerance: 1}\n")]
    [InlineData("analysis:\n  metrics:\n    - {signal: p99_latency, confidence: 0.5}\n")]
    [InlineData("analysis:\n  metrics:\n    - {signal: p99_latency, effect_size: {measure: ratio}}\n")]
    public void What_the_console_refuses_the_schema_refuses(string text)
    {
        Assert.NotEmpty(PolicyText.Check(text, null).Errors);
        Assert.NotNull(Misfit(Root(text), Schema, "$"));
    }

    private static PolicyNode Root(string text) => PolicyTree.Read(text, new PolicyFaults())!;

    /// <summary>The first place that does not fit, or null: as much of JSON Schema as this one uses.</summary>
    private static string? Misfit(PolicyNode node, JsonElement schema, string path)
    {
        foreach (var rule in schema.EnumerateObject())
        {
            var misfit = rule.Name switch
            {
                "$ref" => Misfit(node, Definitions.GetProperty(rule.Value.GetString()!.Split('/')[^1]), path),
                "anyOf" => rule.Value.EnumerateArray().Any(s => Misfit(node, s, path) is null) ? null : path,
                "type" => IsOf(node, rule.Value.GetString()!) ? null : path,
                "enum" => node is ScalarNode scalar && rule.Value.EnumerateArray().Any(v => v.GetString() == scalar.Text) ? null : path,
                "const" => node is ScalarNode scalar && scalar.Text == rule.Value.ToString() ? null : path,
                "pattern" => node is ScalarNode scalar && Regex.IsMatch(scalar.Text, rule.Value.GetString()!) ? null : path,
                "minimum" => node is ScalarNode scalar && Number(scalar) >= rule.Value.GetDouble() ? null : path,
                "maximum" => node is ScalarNode scalar && Number(scalar) <= rule.Value.GetDouble() ? null : path,
                "exclusiveMinimum" => node is ScalarNode scalar && Number(scalar) > rule.Value.GetDouble() ? null : path,
                "exclusiveMaximum" => node is ScalarNode scalar && Number(scalar) < rule.Value.GetDouble() ? null : path,
                "minLength" => node is ScalarNode { Text.Length: var length } && length >= rule.Value.GetInt32() ? null : path,
                "maxLength" => node is ScalarNode { Text.Length: var length } && length <= rule.Value.GetInt32() ? null : path,
                "minItems" => node is ListNode { Items.Count: var count } && count >= rule.Value.GetInt32() ? null : path,
                "maxItems" => node is ListNode { Items.Count: var count } && count <= rule.Value.GetInt32() ? null : path,
                "minProperties" => node is MapNode { Entries.Count: var count } && count >= rule.Value.GetInt32() ? null : path,
                "required" => node is MapNode map && rule.Value.EnumerateArray().All(k => map.Find(k.GetString()!) is not null) ? null : path,
                "items" => node is ListNode list ? list.Items.Select((item, i) => Misfit(item, rule.Value, $"{path}[{i}]")).FirstOrDefault(m => m is not null) : path,
                "properties" => node is MapNode map ? Properties(map, rule.Value, path) : path,
                "additionalProperties" or "$schema" or "$defs" or "title" or "description" or "default" => null,
                var other => throw new InvalidOperationException($"The test does not know {other}."),
            };
            if (misfit is not null)
            {
                return misfit;
            }
        }

        return null;
    }

    private static string? Properties(MapNode map, JsonElement properties, string path) => map.Entries
        .Select(e => properties.TryGetProperty(e.Key.Text, out var rule) ? Misfit(e.Value, rule, $"{path}.{e.Key.Text}") : $"{path}.{e.Key.Text}")
        .FirstOrDefault(m => m is not null);

    private static bool IsOf(PolicyNode node, string type) => type switch
    {
        "object" => node is MapNode,
        "array" => node is ListNode,
        "boolean" => node is ScalarNode { Text: "true" or "false" },
        "integer" => node is ScalarNode scalar && long.TryParse(scalar.Text, CultureInfo.InvariantCulture, out _),
        "number" => node is ScalarNode scalar && !double.IsNaN(Number(scalar)),
        "string" => node is ScalarNode scalar && (scalar.Quoted || double.IsNaN(Number(scalar))),
        _ => throw new InvalidOperationException($"The test does not know {type}."),
    };

    private static double Number(ScalarNode scalar) => double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
