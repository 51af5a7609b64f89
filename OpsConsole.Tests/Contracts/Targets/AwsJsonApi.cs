using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>An error of the JSON protocol.</summary>
internal sealed class AwsFaultException(string code, string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}

/// <summary>Behaves as a service of AWS that speaks its JSON protocol 1.1: one path, an operation named by a header, a signature, and errors by 400.</summary>
internal abstract class AwsJsonApi(string secretKey, string service, string operations) : ApiServer
{
    private const string Type = "application/x-amz-json-1.1";

    private readonly AwsSignatureCheck _check = new(secretKey, service);
    private int _throttled;

    /// <summary>Has requests be refused as too many, as AWS does that.</summary>
    public void Throttle(int times) => Volatile.Write(ref _throttled, times);

    /// <summary>Operations that change something.</summary>
    protected abstract IReadOnlySet<string> ChangingOperations { get; }

    public override bool IsChange(string method, string path) => ChangingOperations.Contains(path.TrimStart('/'));

    /// <summary>Answers an operation, or throws what is wrong.</summary>
    protected abstract JsonObject Answer(string operation, JsonObject input);

    protected override string PathOf(HttpRequest request) => "/" + request.Headers["X-Amz-Target"].ToString().Split('.')[^1];

    protected override void Map(WebApplication app) => app.MapPost("/", AnswerAsync);

    protected override Task ErrorAsync(HttpContext context, int status, string message) => ErrorAsync(context, "ServiceUnavailable", message, status);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await AwsSignatureCheck.BodyAsync(context.Request);
        try
        {
            Admit(context.Request, body);
            var target = context.Request.Headers["X-Amz-Target"].ToString();
            if (context.Request.ContentType != Type || !target.StartsWith(operations + ".", StringComparison.Ordinal))
            {
                throw new AwsFaultException("UnknownOperationException", "");
            }

            var answer = Answer(target[(operations.Length + 1)..], JsonNode.Parse(body)!.AsObject());
            context.Response.ContentType = Type;
            await context.Response.WriteAsync(answer.ToJsonString());
        }
        catch (AwsFaultException e)
        {
            await ErrorAsync(context, e.Code, e.Message, e.Status);
        }
    }

    private void Admit(HttpRequest request, byte[] body)
    {
        switch (_check.Check(request, body))
        {
            case AwsSignatureFault.Missing:
                throw new AwsFaultException("MissingAuthenticationTokenException", "Missing Authentication Token");
            case AwsSignatureFault.UnknownKey:
                throw new AwsFaultException("UnrecognizedClientException", "The security token included in the request is invalid.");
            case AwsSignatureFault.Expired:
                throw new AwsFaultException("InvalidSignatureException", "Signature expired");
            case AwsSignatureFault.Mismatch:
                throw new AwsFaultException("InvalidSignatureException", $"The request signature we calculated does not match the signature you provided. {Encoding.UTF8.GetString(body)}");
            default:
                break;
        }

        if (Interlocked.Decrement(ref _throttled) >= 0)
        {
            throw new AwsFaultException("ThrottlingException", "Rate exceeded");
        }
    }

    private static Task ErrorAsync(HttpContext context, string code, string message, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Type;
        return context.Response.WriteAsync(new JsonObject { ["__type"] = $"com.amazonaws.service.v1#{code}", ["message"] = message }.ToJsonString());
    }
}
