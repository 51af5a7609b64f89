using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Flags;
using OpsConsole.Web.Operations;

namespace OpsConsole.Web.Startup;

internal static class ApiStartup
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, Problems>();
        builder.Services.AddProblemDetails();
        builder.AddHooks();
        builder.Services.AddOpenApi("v1", static options => options.DescribeToken());
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });
    }

    public static void UseApi(this WebApplication app)
    {
        var v1 = app.MapGroup("/api/v1");
        v1.AddEndpointFilter(AccessRefusals.FilterAsync);
        v1.MapBoard();
        v1.MapSignals();
        v1.MapOtlp();
        v1.MapReleases();
        v1.MapChanges();
        v1.MapMigrations();
        v1.MapEvidence();
        v1.MapActions();
        v1.MapSwitches();
        v1.MapFlagClients();
        v1.MapTokens();
        v1.MapFederatedTokens();
        v1.MapPropagations();
        v1.MapSlos();
        v1.MapAudit();
        v1.MapAnalysis();
        v1.MapPolicies();
        v1.MapApprovals();
        v1.MapWaivers();
        v1.MapWindows();
        v1.MapReplay();
        v1.MapPlaybook();
        v1.MapRecoveries();
        v1.MapHooks();
        v1.MapCatalog();
        v1.MapConnections();
        app.MapOfrep();
        app.MapFlagEvents();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    }
}
