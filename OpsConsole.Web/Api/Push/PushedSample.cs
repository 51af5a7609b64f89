using System.ComponentModel;

namespace OpsConsole.Web.Api.Push;

/// <summary>One sample as a client pushes it. Everything is optional to the reader, so that what is missing can be said in words; unknown properties are ignored.</summary>
internal sealed record PushedSample
{
    [Description("Makes pushing it again harmless: a UUID, say. 1 to 128 characters. Without one every push counts.")]
    public string? Id { get; init; }

    public string? Service { get; init; }

    public string? Target { get; init; }

    public string? Environment { get; init; }

    [Description("The version that was measured.")]
    public string? Version { get; init; }

    [Description("The signal's name, for example crash_free_sessions.")]
    public string? Signal { get; init; }

    [Description("When it was measured, RFC 3339 with an offset. Default: now. Not more than 5 s ahead and not more than 10 min ago.")]
    public string? At { get; init; }

    [Description("The value in the signal's unit; percent is 0 to 100.")]
    public double? Value { get; init; }

    [Description("Observations behind the value, a whole number. Default: 1.")]
    public double? Count { get; init; }

    [Description("Instead of a value: how many of the total were good. The value is 100 * good / total, the count is the total.")]
    public double? Good { get; init; }

    [Description("Instead of a value: how many there were. 0 says that nothing happened.")]
    public double? Total { get; init; }
}

/// <summary>A batch in one JSON document. A bare array of samples is the same.</summary>
internal sealed record PushedBatch([property: Description("At most 5,000.")] IReadOnlyList<PushedSample> Samples);

/// <summary>What became of a batch. The four add up to the samples that were sent.</summary>
internal sealed record PushReceipt(
    [property: Description("Samples that are on the board now.")] int Accepted,
    [property: Description("Samples whose id was accepted before.")] int Duplicates,
    [property: Description("Samples that were not taken, each with the reason.")] IReadOnlyList<RejectedSample> Rejected,
    [property: Description("Sound samples that no release on the board looks at. They are not kept; pushing them again later is not a duplicate.")] int Unmatched);

/// <summary>A sample that was not taken.</summary>
internal sealed record RejectedSample(
    [property: Description("Place in the batch, from 0.")] int Index,
    [property: Description("Line of the body, from 1; only for x-ndjson.")] int? Line,
    string? Id,
    [property: Description("Why, in words.")] string Error);
