using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>How bad a finding is, worst last.</summary>
internal enum FindingSeverity
{
    /// <summary>Told, and asks for nothing.</summary>
    Note,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>One result of a run, weighed.</summary>
internal sealed record SarifFinding(FindingSeverity Severity, string Rule, string? Where, string? Message)
{
    /// <summary>The finding of a result, or null where the result says that nothing is wrong: another kind than fail, suppressed, or gone since the baseline.</summary>
    /// <param name="result">As the run has it.</param>
    /// <param name="rules">Rules of the run.</param>
    /// <param name="suppressed">True where somebody has decided to live with it.</param>
    public static SarifFinding? Of(JsonElement result, SarifRules rules, out bool suppressed)
    {
        suppressed = IsSuppressed(result);
        var kind = result.Text("kind") ?? "fail";
        if (suppressed || kind is not ("fail" or "open" or "review") || result.Text("baselineState") == "absent")
        {
            return null;
        }

        var rule = rules.Find(result);
        var id = result.Text("ruleId") ?? result.Object("rule")?.Text("id") ?? rule?.Text("id") ?? "finding";
        return new(Weigh(result, rule, kind), Words.Name(id), Place(result), Words.Detail(result.Object("message")?.Text("text") ?? rule?.Object("shortDescription")?.Text("text")));
    }

    /// <summary>As GitHub sorts the property <c>security-severity</c>: 9.0 and more is critical, 7.0 high, 4.0 medium, above 0 low. Without it the level decides.</summary>
    private static FindingSeverity Weigh(JsonElement result, JsonElement? rule, string kind)
    {
        if ((Score(result) ?? (rule is { } of ? Score(of) : null)) is { } score)
        {
            return score switch
            {
                >= 9.0 => FindingSeverity.Critical,
                >= 7.0 => FindingSeverity.High,
                >= 4.0 => FindingSeverity.Medium,
                > 0 => FindingSeverity.Low,
                _ => FindingSeverity.Note,
            };
        }

        // What a person still has to look at has no level of its own.
        var level = kind == "fail" ? result.Text("level") ?? rule?.Object("defaultConfiguration")?.Text("level") ?? "warning" : "warning";
        return level switch
        {
            "error" => FindingSeverity.High,
            "warning" => FindingSeverity.Medium,
            "note" => FindingSeverity.Low,
            "none" => FindingSeverity.Note,
            _ => throw new UnreadableEvidenceException($"'{Words.Name(level)}' is not a level; a result is none, note, warning or error."),
        };
    }

    private static double? Score(JsonElement of)
    {
        if (of.Object("properties") is not { } properties || !properties.TryGetProperty("security-severity", out _))
        {
            return null;
        }

        var text = properties.AnyText("security-severity");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 10
            ? score
            : throw new UnreadableEvidenceException($"'security-severity' is '{Words.Name(text)}', which is no number from 0 to 10.");
    }

    /// <summary>Suppressed only where every suppression is in force: one that is rejected or under review opens the finding again.</summary>
    private static bool IsSuppressed(JsonElement result)
    {
        if (result.Array("suppressions") is not { } suppressions || suppressions.GetArrayLength() == 0)
        {
            return false;
        }

        return suppressions.Objects("suppressions").All(s => (s.Text("status") ?? "accepted") == "accepted");
    }

    private static string? Place(JsonElement result)
    {
        if (result.Array("locations") is not { } locations || locations.GetArrayLength() == 0
            || locations.Objects("locations").First().Object("physicalLocation") is not { } physical)
        {
            return null;
        }

        var file = physical.Object("artifactLocation")?.Text("uri");
        var line = physical.Object("region")?.Number("startLine");
        return file is null ? null : Words.Name(line is null ? file : string.Create(CultureInfo.InvariantCulture, $"{file}:{line:0}"));
    }
}

/// <summary>The rules of a run, of the tool itself and of its extensions.</summary>
internal sealed class SarifRules
{
    private readonly IReadOnlyList<JsonElement> _driver;
    private readonly IReadOnlyList<IReadOnlyList<JsonElement>> _extensions;
    private readonly Dictionary<string, JsonElement> _byId = new(StringComparer.Ordinal);

    public SarifRules(JsonElement tool)
    {
        _driver = Of(tool.Object("driver"));
        _extensions = tool.Array("extensions") is { } extensions ? [.. extensions.Objects("extensions").Select(e => Of(e))] : [];
        foreach (var rule in _driver.Concat(_extensions.SelectMany(e => e)))
        {
            if (rule.Text("id") is { } id)
            {
                _byId.TryAdd(id, rule);
            }
        }
    }

    /// <summary>The rule that a result names, by index or by id; null where there is none.</summary>
    public JsonElement? Find(JsonElement result)
    {
        var reference = result.Object("rule");
        var list = reference?.Object("toolComponent")?.Number("index") is { } component ? At(_extensions, component) ?? [] : _driver;
        var id = result.Text("ruleId") ?? reference?.Text("id");
        if ((result.Number("ruleIndex") ?? reference?.Number("index")) is { } index && index >= 0 && index < list.Count)
        {
            return list[(int)index];
        }

        if (id is null)
        {
            return null;
        }

        // A rule may be cited by a part of its own: CA1000/1 is reported under CA1000.
        return _byId.TryGetValue(id, out var rule) || (id.LastIndexOf('/') is > 0 and var cut && _byId.TryGetValue(id[..cut], out rule)) ? rule : null;
    }

    private static IReadOnlyList<JsonElement> Of(JsonElement? component) => component?.Array("rules") is { } rules ? [.. rules.Objects("rules")] : [];

    private static T? At<T>(IReadOnlyList<T> list, double index)
        where T : class => index >= 0 && index < list.Count ? list[(int)index] : null;
}
