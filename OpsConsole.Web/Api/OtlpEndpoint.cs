using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using OpsConsole.Core.Access;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Web.Api.Otlp;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Api;

/// <summary>Where whoever speaks OTLP/HTTP sends metrics (OpsConsole.Core/Sources/Otlp/README.md).</summary>
internal static class OtlpEndpoint
{
    /// <summary>Longest body as it is sent, in bytes.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Longest body that a compressed one unpacks to, in bytes.</summary>
    public const int MostUnpacked = 16 * 1024 * 1024;

    public static void MapOtlp(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("/otlp/v1/metrics", TakeAsync)
            .RequirePermission(Permission.SignalsWrite)
            .DisableAntiforgery()
            .WithName("TakeOtlpMetrics")
            .WithTags("Signals")
            .WithSummary("Send metrics over OTLP/HTTP")
            .WithDescription(
                "An `ExportMetricsServiceRequest` in binary protobuf or JSON, plain or in gzip, of at most 4 MiB as sent and 16 MiB unpacked: set `OTEL_EXPORTER_OTLP_ENDPOINT` to the address of the console with `/api/v1/otlp`. "
                + "Each resource needs `service.name`, `service.version` and `deployment.environment.name`. "
                + "Points that are not taken are told in `partial_success`, with the reason; errors are a `google.rpc.Status` in the encoding of the request.")
            .Accepts<byte[]>(OtlpAnswer.Protobuf, MediaTypeNames.Application.Json)
            .Produces(StatusCodes.Status200OK, contentType: OtlpAnswer.Protobuf, additionalContentTypes: MediaTypeNames.Application.Json)
            .Produces(StatusCodes.Status400BadRequest, contentType: OtlpAnswer.Protobuf, additionalContentTypes: MediaTypeNames.Application.Json)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .Produces(StatusCodes.Status413PayloadTooLarge, contentType: OtlpAnswer.Protobuf, additionalContentTypes: MediaTypeNames.Application.Json)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<IResult> TakeAsync(HttpContext context, OtlpMetrics metrics, SignalMetrics counts)
    {
        var coding = context.Request.Headers.ContentEncoding.ToString();
        var isPacked = coding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || IsJson(type) is not { } isJson)
        {
            return Results.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Media type not supported", detail: $"Send {OtlpAnswer.Protobuf} or {MediaTypeNames.Application.Json}.");
        }

        if (!isPacked && coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new OtlpAnswer(StatusCodes.Status415UnsupportedMediaType, isJson, "Of encodings only gzip is taken.");
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MostBytes, context.RequestAborted);
        try
        {
            return Whole(body, isPacked) is { } whole
                ? Take(context.User.ToOperator()!, isJson ? OtlpBatch.FromJson(whole) : OtlpBatch.FromProtobuf(whole.Span), metrics, counts, isJson)
                : new OtlpAnswer(StatusCodes.Status413PayloadTooLarge, isJson, "A body has at most 4 MiB, and 16 MiB when it is unpacked. Nothing was taken; send it in parts.");
        }
        catch (OtlpException e)
        {
            return new OtlpAnswer(e.IsTooMuch ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, isJson, e.Message + " Nothing was taken.");
        }
        catch (InvalidDataException)
        {
            return new OtlpAnswer(StatusCodes.Status400BadRequest, isJson, "The body is not gzip, or damaged. Nothing was taken.");
        }
    }

    /// <summary>The body unpacked; null when it is too long.</summary>
    private static ReadOnlyMemory<byte>? Whole(BoundedBody? body, bool isPacked)
    {
        if (body is null)
        {
            return null;
        }

        if (!isPacked)
        {
            return body.Memory;
        }

        // Not in one expression: an array that is null would become an empty body.
        if (OtlpBody.Unpack(body.Memory, MostUnpacked) is { } unpacked)
        {
            return unpacked;
        }

        return null;
    }

    private static OtlpAnswer Take(Operator by, OtlpBatch batch, OtlpMetrics metrics, SignalMetrics counts, bool isJson)
    {
        var receipt = metrics.Take(batch, environment => by.In(environment).WhyNot(Permission.SignalsWrite, "send metrics"));
        counts.Points(receipt.Accepted, receipt.Rejected);
        return receipt is { Accepted: 0, Forbidden: > 0 } && receipt.Forbidden == receipt.Rejected
            ? new(StatusCodes.Status403Forbidden, isJson, receipt.Message)
            : new(StatusCodes.Status200OK, isJson, receipt.Message, receipt.Rejected);
    }

    private static bool? IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(OtlpAnswer.Protobuf, StringComparison.OrdinalIgnoreCase) ? false
        : type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) ? true
        : null;
}
