using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>The control interface behind the program that <see cref="CommandTargetTests"/> has run. It keeps no idempotency keys: every change that reaches it is one.</summary>
internal sealed class CommandApi(string token) : ApiServer
{
    private JsonNode _state = new JsonObject { ["version"] = "2.15.0", ["previousVersion"] = "2.14.3", ["exposurePercent"] = 0.0, ["halted"] = false };

    protected override void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            var given = context.Request.Headers.Authorization.ToString();
            if (given != $"Bearer {token}")
            {
                await ErrorAsync(context, StatusCodes.Status401Unauthorized, $"{given} is not known here");
                return;
            }

            await next(context);
        });
        app.MapGet("/rollouts/shop-app", context =>
        {
            var version = context.Request.Query["version"].ToString();
            var share = (double)_state["exposurePercent"]!;
            return context.Response.WriteAsJsonAsync(new
            {
                exposurePercent = version == (string)_state["version"]! ? share : version == (string)_state["previousVersion"]! ? 100 - share : 0,
                halted = (bool)_state["halted"]!,
                lastActionId = (string?)_state["actionId"],
            });
        });
        app.MapPut("/rollouts/shop-app", PutAsync);
        app.MapFallback(context => ErrorAsync(context, StatusCodes.Status404NotFound, "no such service"));
    }

    protected override Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = message });
    }

    private async Task PutAsync(HttpContext context)
    {
        var asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        if ((string)asked["version"]! is not ("2.15.0" or "2.14.3"))
        {
            await ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, $"there is no version {asked["version"]}");
            return;
        }

        _state = asked;
        Changed();
    }
}
