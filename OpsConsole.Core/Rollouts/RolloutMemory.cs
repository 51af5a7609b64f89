using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Policies.Triggers;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the engine keeps of a release beside its step: <see cref="RolloutState.MemoryJson"/>.</summary>
public sealed record RolloutMemory
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public IReadOnlyList<TriggerMemory> Triggers { get; init; } = [];

    public IReadOnlyList<CheckMemory> Checks { get; init; } = [];

    /// <summary>Begin of the stage that the checks were counted in: in another one they begin anew.</summary>
    public DateTimeOffset? ChecksOf { get; init; }

    /// <summary>By the text of a trigger: the firing that a person has seen, because they resumed the release after it.</summary>
    public IReadOnlyDictionary<string, int> Seen { get; init; } = new Dictionary<string, int>();

    /// <summary>The resumption that was taken into account last.</summary>
    public Guid? Resumed { get; init; }

    /// <summary>Who asked for it; null where it was not seen.</summary>
    public string? ResumedBy { get; init; }

    /// <summary>When they asked for it.</summary>
    public DateTimeOffset? ResumedAt { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads it back. What cannot be read is forgotten: every trigger then begins anew, which delays a firing and never invents one.</summary>
    public static RolloutMemory FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RolloutMemory>(json, Json) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }
}
