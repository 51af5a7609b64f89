using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>A receiver as the README asks for one: verifies what comes by itself, keeps to the window of time, and does each change once.</summary>
internal sealed class WebhookApi(byte[] key) : ApiServer
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _accepted = [];
    private JsonObject _state = new() { ["exposurePercent"] = 0.0, ["halted"] = false, ["version"] = "2.15.0", ["previousVersion"] = "2.14.3" };

    /// <summary>What came, with the headers that count.</summary>
    public List<(string Path, string Id, string At, string Signature, byte[] Body)> Calls { get; } = [];

    /// <summary>What a reading says besides.</summary>
    public string? Besides { get; set; }

    public override bool IsChange(string method, string path) => path == "/hook/change";

    protected override void Map(WebApplication app)
    {
        app.MapPost("/hook/change", ChangeAsync);
        app.MapPost("/hook/state", StateAsync);
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { title = "It did not work.", detail = message, status });
    }

    private async Task ChangeAsync(HttpContext context)
    {
        if (await VerifiedAsync(context, "rollout.change") is not { } data)
        {
            return;
        }

        if ((string)data["service"]! != "shop-app" || (string)data["version"]! is not ("2.15.0" or "2.14.3"))
        {
            await ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, $"There is no {data["service"]} {data["version"]} here.");
            return;
        }

        Assert.Equal((string)data["actionId"]!, Header(context, "webhook-id"));
        if (_accepted.Add((string)data["actionId"]!))
        {
            _state = data.DeepClone().AsObject();
            Changed();
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task StateAsync(HttpContext context)
    {
        if (await VerifiedAsync(context, "rollout.state") is not { } data)
        {
            return;
        }

        if ((string)data["service"]! != "shop-app")
        {
            await ErrorAsync(context, StatusCodes.Status404NotFound, $"There is no {data["service"]} here.");
            return;
        }

        var share = (double)_state["exposurePercent"]!;
        await context.Response.WriteAsJsonAsync(new
        {
            exposurePercent = (string)data["version"]! == (string)_state["version"]! ? share : (string)data["version"]! == (string?)_state["previousVersion"] ? 100 - share : 0,
            halted = (bool)_state["halted"]!,
            lastActionId = (string?)_state["actionId"],
            besides = Besides,
        });
    }

    /// <summary>What is asked, where it is signed, new enough and of that type; else it is refused.</summary>
    private async Task<JsonObject?> VerifiedAsync(HttpContext context, string type)
    {
        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read);
        var (id, at, signature) = (Header(context, "webhook-id"), Header(context, "webhook-timestamp"), Header(context, "webhook-signature"));
        lock (Calls)
        {
            Calls.Add((context.Request.Path, id, at, signature, read.ToArray()));
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{at}."), .. read.ToArray()];
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(at, CultureInfo.InvariantCulture));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature)) || age.Duration() > Window)
        {
            await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"The signature {signature} is not of this call, or is too old.");
            return null;
        }

        var body = JsonNode.Parse(read.ToArray())!.AsObject();
        if ((string?)body["type"] != type)
        {
            await ErrorAsync(context, StatusCodes.Status400BadRequest, $"{body["type"]} is not asked here.");
            return null;
        }

        return body["data"]!.AsObject();
    }

    private static string Header(HttpContext context, string name) => context.Request.Headers[name].ToString();
}
