using OpsConsole.Web.Startup;

return await StartFailure.TellAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);

    builder.AddOperations();   // options checked at start, logging, health, the console's own metrics
    builder.AddStorage();      // database (embedded or configured), stores
    builder.AddSignals();      // board, pump, sources, Quartz jobs
    builder.AddActions();      // gate, executor, targets
    builder.AddEvidence();     // what pipelines post: readers, keys, submitting
    builder.AddRollouts();     // the engine that moves releases by their policies
    builder.AddReplay();       // policies on recorded history, the judge over releases
    builder.AddFlags();        // what answers those who read flags
    builder.AddIdentity();     // sign-in, roles, tokens
    builder.AddApi();          // HTTP API, OpenAPI, OFREP, hub
    builder.AddInterface();    // Blazor pages
    builder.AddPlayground();   // the sample estate, in Development only

    var app = builder.Build();

    app.UseOperations();
    app.UseStorage();
    app.UseFlags();
    app.UseIdentity();
    app.UseSignals();
    app.UseApi();
    app.UseInterface();
    app.UsePlayground();

    await StartFailure.RunAsync(app);
});

/// <summary>Named so that tests can host the console.</summary>
public partial class Program;
