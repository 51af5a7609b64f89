using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>What an item keeps of its document beside the sentence (<see cref="EvidenceItem.DetailJson"/>).</summary>
public sealed record EvidenceDetail(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<NotableItem> Items, IReadOnlyList<string> Flaky)
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A count, 0 where there is none of that name.</summary>
    public long Count(string name) => Counts.GetValueOrDefault(name);

    /// <summary>Of a document that was read.</summary>
    public static EvidenceDetail Of(EvidenceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return new(summary.Counts, summary.Items, summary.Flaky);
    }

    /// <summary>As text for the record.</summary>
    public string Write() => JsonSerializer.Serialize(this, Form);

    /// <summary>Out of the record.</summary>
    public static EvidenceDetail Read(EvidenceItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return JsonSerializer.Deserialize<EvidenceDetail>(item.DetailJson, Form) ?? throw new JsonException("An item's detail is null.");
    }
}
