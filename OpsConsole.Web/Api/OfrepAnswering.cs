using System.Buffers;
using System.Text.Json;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Answers the two questions of the OpenFeature Remote Evaluation Protocol, from memory: the database may be away.</summary>
internal sealed class OfrepAnswering(SwitchBoard switches, FlagAnswerBook book, FlagLimits limits, IFlagAudience audience, IFlagEventStreams? streams = null)
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Seconds without use after which a client may close its stream.</summary>
    private const int InactivityDelaySeconds = 120;

    /// <summary>One flag.</summary>
    public async Task EvaluateAsync(string key, HttpContext http)
    {
        if (await AdmitAsync(http, key, knownAs: null) is not { } reader)
        {
            return;
        }

        var (context, fault) = await FlagRequest.ReadAsync(http.Request, http.RequestAborted);
        if (fault is not null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, key, fault.Error.Code(), fault.Details);
            return;
        }

        var answers = book.For(reader.Environment);
        if (answers.Find(key) is not { } flag)
        {
            if (!switches.IsLoaded)
            {
                await NotLoadedAsync(http, key);
                return;
            }

            await FailAsync(http, StatusCodes.Status404NotFound, key, "FLAG_NOT_FOUND", "There is no flag of that key.");
            limits.Answered(reader.Token, reader.PlaceFor(key), answers.Version);
            audience.NotFound(new FlagReaderId(reader.PlaceId, reader.Environment, reader.By.Name), key, answers.Version);
            return;
        }

        var outcome = flag.For(context!);
        http.Response.StatusCode = FlagAnswer.ErrorOf(outcome) switch
        {
            FlagError.None => StatusCodes.Status200OK,
            FlagError.TargetingKeyMissing => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status500InternalServerError,
        };
        var text = flag.Kept(outcome);
        http.Response.ContentType = Json;
        http.Response.ContentLength = text.Length;
        await http.Response.Body.WriteAsync(text, http.RequestAborted);
        limits.Answered(reader.Token, reader.PlaceFor(key), answers.Version);
        audience.Answered(new FlagReaderId(reader.PlaceId, reader.Environment, reader.By.Name), key, answers.Version);
    }

    /// <summary>All flags, or that none of the answers changed.</summary>
    public async Task EvaluateAllAsync(HttpContext http)
    {
        var asked = http.Request.Headers.IfNoneMatch;
        var brought = OfrepTag.Read(asked, "").Client ?? OfrepTag.ClientOf(http.Request.Query["flagConfigEtag"]);
        if (await AdmitAsync(http, null, brought) is not { } reader)
        {
            return;
        }

        var (context, fault) = await FlagRequest.ReadAsync(http.Request, http.RequestAborted);
        if (fault is not null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, null, fault.Error.Code(), fault.Details);
            return;
        }

        if (!switches.IsLoaded)
        {
            await NotLoadedAsync(http, null);
            return;
        }

        var answers = book.For(reader.Environment);
        var outcomes = answers.For(context!);
        var tag = answers.TagOf(outcomes);
        var id = new FlagReaderId(brought ?? OfrepTag.NewClient(), reader.Environment, reader.By.Name);
        var (has, _, stamp) = OfrepTag.Read(asked, tag);
        if (has && (streams is null || streams.IsGood(stamp)))
        {
            http.Response.Headers.ETag = OfrepTag.Write(tag, id.Id, stamp);
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            await http.Response.CompleteAsync();
        }
        else
        {
            http.Response.Headers.ETag = OfrepTag.Write(tag, id.Id, streams?.Stamp);
            WriteAll(http.Response, answers, outcomes, Streams(id, reader));
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }

        limits.Answered(reader.Token, PlaceOf(reader, brought), answers.Version);
        if (brought is not null)
        {
            audience.Answered(id, null, answers.Version);
        }
        else
        {
            audience.AnsweredFirst(new FlagReaderId(reader.PlaceId, reader.Environment, reader.By.Name), id.Id, answers.Version);
        }
    }

    private static void WriteAll(HttpResponse response, FlagAnswers answers, byte[]? outcomes, ReadOnlySpan<byte> streams)
    {
        response.ContentType = Json;
        response.ContentLength = answers.Length(outcomes, streams.Length);
        answers.Write(response.BodyWriter, outcomes, streams);
    }

    /// <summary>The entries of "eventStreams": the one place that names a stream to clients. The origin is left out, so that a client uses the one by which it reached the console.</summary>
    private ReadOnlySpan<byte> Streams(FlagReaderId id, OfrepReader reader)
    {
        if (streams?.RequestUri(id, reader.By.FlagClient) is not { } requestUri)
        {
            return [];
        }

        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "sse"u8);
            json.WriteStartObject("endpoint"u8);
            json.WriteString("requestUri"u8, requestUri);
            json.WriteEndObject();
            json.WriteNumber("inactivityDelaySec"u8, InactivityDelaySeconds);
            json.WriteEndObject();
        }

        return text.WrittenSpan;
    }

    /// <summary>Who asks, or null once the answer is that they may not.</summary>
    private async Task<OfrepReader?> AdmitAsync(HttpContext http, string? key, string? knownAs)
    {
        var (reader, status, problem) = OfrepReader.Of(http);
        if (problem is not null)
        {
            await FailAsync(http, status, key, FlagError.General.Code(), problem);
            return null;
        }

        if (limits.Refuse(reader.Token, key is null ? PlaceOf(reader, knownAs) : reader.PlaceFor(key)) is not { } seconds)
        {
            return reader;
        }

        http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await FailAsync(http, StatusCodes.Status429TooManyRequests, key, FlagError.General.Code(), $"Too many questions with this token; ask again in {seconds} s and keep the last values until then.");
        return null;
    }

    /// <summary>Tells who asks for all flags apart: by the id that it was given, else by its place.</summary>
    private static ulong PlaceOf(OfrepReader reader, string? knownAs) =>
        knownAs is null ? reader.Place : ulong.Parse(knownAs, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    private static Task NotLoadedAsync(HttpContext http, string? key) => FailAsync(
        http, StatusCodes.Status500InternalServerError, key, FlagError.General.Code(), "The flags have not been read from the database yet. Keep the last values you had.");

    private static async Task FailAsync(HttpContext http, int status, string? key, string code, string details)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Json;
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        if (key is not null)
        {
            json.WriteString("key"u8, key);
        }

        json.WriteString("errorCode"u8, code);
        json.WriteString("errorDetails"u8, details);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }
}
