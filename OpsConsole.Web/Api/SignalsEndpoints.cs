using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using OpsConsole.Core.Access;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Where anything can push samples of any signal (docs/signal-flow.md).</summary>
internal static class SignalsEndpoints
{
    /// <summary>Most samples of one batch.</summary>
    public const int MostSamples = 5_000;

    /// <summary>Longest body, in bytes.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    private const string Lines = "application/x-ndjson";

    public static void MapSignals(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("/signals", PushAsync)
            .RequirePermission(Permission.SignalsWrite)
            .DisableAntiforgery()
            .WithName("PushSignals")
            .WithTags("Signals")
            .WithSummary("Push samples of signals")
            .WithDescription(
                "A batch of at most 5,000 samples and 2 MiB: as JSON an array, or an object with one under `samples`; as x-ndjson one sample on each line. "
                + "Sound samples are recorded even when others of the batch are not; the answer names each that was not, with the reason. "
                + "A sample with an id counts once, however often it is pushed within 10 minutes (of the last 100,000 ids). "
                + "JSON that is broken anywhere is refused whole; of x-ndjson only the broken lines are.")
            .Accepts<PushedBatch>(MediaTypeNames.Application.Json, Lines)
            .Produces<PushReceipt>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<IResult> PushAsync(HttpContext context, SampleIntake intake)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !IsTaken(type))
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", $"Send {MediaTypeNames.Application.Json} or {Lines}, in UTF-8.");
        }

        if (ContentCoding.Refusal(context.Request) is { } refusal)
        {
            return refusal;
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MostBytes, context.RequestAborted);
        if (body is null)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too large", "A batch has at most 2 MiB. Nothing was recorded; send it in parts.");
        }

        return Answer(context, intake, body, type);
    }

    private static IResult Answer(HttpContext context, SampleIntake intake, BoundedBody body, MediaTypeHeaderValue type)
    {
        List<BatchItem> items;
        try
        {
            items = IsLines(type) ? BatchText.ReadLines(body.Bytes, MostSamples) : BatchText.ReadDocument(body.Bytes, MostSamples);
        }
        catch (BatchException e)
        {
            return Problem(StatusCodes.Status400BadRequest, "The batch cannot be read", e.Message + " Nothing was recorded.");
        }

        if (items.Count > MostSamples)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too many samples", "A batch has at most 5,000 samples. Nothing was recorded; send it in parts.");
        }

        var by = context.User.ToOperator()!;
        if (items.Count > 0 && items.TrueForAll(i => WhyNot(by, i) is not null))
        {
            return Problem(StatusCodes.Status403Forbidden, "Not allowed", WhyNot(by, items[0])! + " Nothing was recorded.");
        }

        var receipt = intake.Take(items, by);
        return (items.Count > 0 || IsLines(type)) && items.TrueForAll(static i => i.Sample is null)
            ? Problem(StatusCodes.Status400BadRequest, "The batch cannot be read", "Nothing in the body is a sample. Nothing was recorded.", receipt.Rejected)
            : Results.Ok(receipt);
    }

    private static string? WhyNot(Operator by, BatchItem item) => item.Sample?.Environment is { } there ? by.In(there).WhyNot(Permission.SignalsWrite, "push signals") : null;

    private static bool IsTaken(MediaTypeHeaderValue type) =>
        (IsLines(type) || type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static bool IsLines(MediaTypeHeaderValue type) => type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase);

    private static IResult Problem(int status, string title, string detail, IReadOnlyList<RejectedSample>? rejected = null) => Results.Problem(
        statusCode: status,
        title: title,
        detail: detail,
        extensions: rejected is null ? null : new Dictionary<string, object?> { ["rejected"] = rejected });
}
