using Microsoft.Net.Http.Headers;
using OpsConsole.Core.Gates.Evidence;

namespace OpsConsole.Web.Api;

/// <summary>Which media types a kind of evidence is taken as.</summary>
internal static class EvidenceMedia
{
    private static readonly string[] Xml = ["application/xml", "text/xml"];
    private static readonly string[] Json = ["application/json"];

    /// <summary>Every media type of any kind.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<EvidenceKind>().SelectMany(Of).Distinct()];

    /// <summary>What may stand in the content type of a document of this kind.</summary>
    public static IReadOnlyList<string> Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Junit or EvidenceKind.Coverage => Xml,
        EvidenceKind.Sarif => ["application/sarif+json", .. Json],
        EvidenceKind.InToto => ["application/vnd.in-toto+json", "application/vnd.dsse.envelope.v1+json", .. Json],
        EvidenceKind.Signature => ["text/plain", .. Json],
        EvidenceKind.Migration => ["application/sql", "text/plain"],
        _ => Json,
    };

    /// <summary>The answer to a request of another media type or encoding, else null. XML says itself what it is encoded in.</summary>
    public static string? Refusal(HttpRequest request, EvidenceKind kind)
    {
        var taken = Of(kind);
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && taken.Contains(type.MediaType.Value!, StringComparer.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? null
            : $"Send a document of the kind {kind.Code()} as {string.Join(" or ", taken)}, in UTF-8.";
    }
}
