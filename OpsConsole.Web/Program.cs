using OpsConsole.Web.Startup;

if (AuditCommand.Is(args))
{
    return await AuditCommand.RunAsync(args, Console.Out, Console.Error);
}

if (HealthCommand.Is(args))
{
    return await HealthCommand.RunAsync(args, Console.Out, Console.Error);
}

if (DatabaseCommand.Is(args))
{
    return await DatabaseCommand.RunAsync(args, Console.Out, Console.Error);
}

return await StartFailure.TellAsync(async lines =>
{
    ConsoleFolder.Enter(args);
    var builder = ConsoleFolder.CreateBuilder(args);
    lines.AsJson = builder.LogsJson();

    builder.AddOperations();   // options checked at start, logging, health, the console's own metrics
    builder.AddStorage();      // database (embedded or configured), stores
    builder.AddSignals();      // board, pump, sources, Quartz jobs
    builder.AddActions();      // gate, executor, targets
    builder.AddCatalog();      // services, targets and sources as files
    builder.AddEvidence();     // what pipelines post: readers, keys, submitting
    builder.AddRollouts();     // the engine that moves releases by their policies
    builder.AddReplay();       // policies on recorded history, the judge over releases
    builder.AddFlags();        // what answers those who read flags
    builder.AddFlagStreams();  // what tells them of changes, and measures how these reach them
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
