using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpsConsole.Core.Targets.Aws;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>What is wrong with the signature of a request.</summary>
internal enum AwsSignatureFault
{
    None,
    Missing,
    UnknownKey,

    /// <summary>Of another time than now.</summary>
    Expired,
    Mismatch,
}

/// <summary>Checks signatures as a service does: by signing what arrived again, with the secret that it knows.</summary>
internal sealed class AwsSignatureCheck(string secretKey, string service)
{
    public const string AccessKey = "AKIDEXAMPLE", Region = "eu-central-1";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>What a signature covers beside what signing adds by itself.</summary>
    private static readonly string[] Added = ["host", "content-type", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"];

    private readonly AwsSigner _signer = new(AccessKey, secretKey, null, Region, service);

    public AwsSignatureFault Check(HttpRequest request, byte[] body)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(request.Headers["X-Amz-Date"], AwsSigner.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then))
        {
            return AwsSignatureFault.Missing;
        }

        if (!authorization.Contains($"Credential={AccessKey}/", StringComparison.Ordinal))
        {
            return AwsSignatureFault.UnknownKey;
        }

        if ((TimeProvider.System.GetUtcNow() - then).Duration() > Tolerance)
        {
            return AwsSignatureFault.Expired;
        }

        using var again = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"http://{request.Host}{request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}"));
        if (request.ContentType is { } type)
        {
            again.Content = new ByteArrayContent(body);
            again.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var names = authorization.Split("SignedHeaders=")[1].Split(',')[0].Split(';');
        foreach (var name in names.Except(Added))
        {
            again.Headers.TryAddWithoutValidation(name, request.Headers[name].ToString());
        }

        _signer.Sign(again, body, then);
        return again.Headers.GetValues("Authorization").Single() == authorization ? AwsSignatureFault.None : AwsSignatureFault.Mismatch;
    }

    /// <summary>The body, and the request with it in place again.</summary>
    public static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        return copy.ToArray();
    }
}
