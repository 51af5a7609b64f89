using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Behaves as storage that speaks the S3 protocol: signed requests, one bucket by path, states of objects, conditional writes, and errors in XML.</summary>
internal sealed class S3Api(string secretKey) : ApiServer
{
    public const string Bucket = "downloads";

    private readonly AwsSignatureCheck _check = new(secretKey, "s3");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _objects = new(StringComparer.Ordinal);
    private Action? _beforePut;
    private int _slowDowns;
    private int _states;
    private readonly Dictionary<string, string> _etags = new(StringComparer.Ordinal);

    /// <summary>Headers of the last write.</summary>
    public Dictionary<string, string> LastPut { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string this[string key]
    {
        get
        {
            lock (_lock)
            {
                return _objects[key];
            }
        }

        set
        {
            lock (_lock)
            {
                _objects[key] = value;
                _etags[key] = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{++_states}{value}")))[..32]}\"";
            }
        }
    }

    /// <summary>Has somebody else be faster than the next write.</summary>
    public void BeforeTheNextPut(Action happens) => _beforePut = happens;

    /// <summary>Has writes be refused as too many, as S3 does that.</summary>
    public void SlowDown(int times) => Volatile.Write(ref _slowDowns, times);

    protected override void Map(WebApplication app)
    {
        app.MapGet("/{bucket}/{**key}", (HttpContext context, string bucket, string key) => AnswerAsync(context, bucket, key, _ => GetAsync(context, key)));
        app.MapPut("/{bucket}/{**key}", (HttpContext context, string bucket, string key) => AnswerAsync(context, bucket, key, body => PutAsync(context, key, body)));
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message) => ErrorAsync(context, "TooManyRequests", message, (HttpStatusCode)status);

    private static Task ErrorAsync(HttpContext context, string code, string message, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>");
    }

    private async Task AnswerAsync(HttpContext context, string bucket, string key, Func<byte[], Task> answer)
    {
        var body = await AwsSignatureCheck.BodyAsync(context.Request);
        await (_check.Check(context.Request, body) switch
        {
            AwsSignatureFault.Missing => ErrorAsync(context, "AccessDenied", "Access Denied", HttpStatusCode.Forbidden),
            AwsSignatureFault.UnknownKey => ErrorAsync(context, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", HttpStatusCode.Forbidden),
            AwsSignatureFault.Expired => ErrorAsync(context, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", HttpStatusCode.Forbidden),
            AwsSignatureFault.Mismatch => ErrorAsync(context, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.", HttpStatusCode.Forbidden),
            _ when bucket != Bucket => ErrorAsync(context, "NoSuchBucket", "The specified bucket does not exist", HttpStatusCode.NotFound),
            _ when context.Request.Headers["x-amz-content-sha256"] != Convert.ToHexStringLower(SHA256.HashData(body)) =>
                ErrorAsync(context, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.", HttpStatusCode.BadRequest),
            _ => answer(body),
        });
    }

    private async Task GetAsync(HttpContext context, string key)
    {
        string? text;
        lock (_lock)
        {
            text = _objects.GetValueOrDefault(key);
            context.Response.Headers.ETag = _etags.GetValueOrDefault(key);
        }

        if (text is null)
        {
            await NoSuchKeyAsync(context);
            return;
        }

        await context.Response.WriteAsync(text);
    }

    private async Task PutAsync(HttpContext context, string key, byte[] body)
    {
        if (Interlocked.Decrement(ref _slowDowns) >= 0)
        {
            await ErrorAsync(context, "SlowDown", "Please reduce your request rate.", HttpStatusCode.ServiceUnavailable);
            return;
        }

        Interlocked.Exchange(ref _beforePut, null)?.Invoke();
        string? now;
        lock (_lock)
        {
            now = _etags.GetValueOrDefault(key);
        }

        if (context.Request.Headers.IfMatch is { Count: > 0 } wanted && wanted != now)
        {
            await (now is null ? NoSuchKeyAsync(context) : ErrorAsync(context, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", HttpStatusCode.PreconditionFailed));
            return;
        }

        this[key] = Encoding.UTF8.GetString(body);
        foreach (var header in context.Request.Headers)
        {
            LastPut[header.Key] = header.Value.ToString();
        }

        Changed();
        lock (_lock)
        {
            context.Response.Headers.ETag = _etags[key];
        }
    }

    private static Task NoSuchKeyAsync(HttpContext context) => ErrorAsync(context, "NoSuchKey", "The specified key does not exist.", HttpStatusCode.NotFound);
}
