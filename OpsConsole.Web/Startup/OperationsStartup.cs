using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Web.Operations;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Startup;

internal static class OperationsStartup
{
    private const string DefaultAddress = "http://127.0.0.1:5080";

    public static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.AddSecrets();
        builder.Services.AddSingleton(WrongTypes.TakeOut(builder.Configuration));
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        OwnHosts.KeepToLoopback(builder, builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } addresses ? addresses : DefaultAddress);

        StartFailure.TellOnce(builder.Logging);

        // A request's line has its address, and the address of a connection to the hub has its token.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        var edge = builder.Configuration.GetSection(EdgeOptions.Section).Get<EdgeOptions>() ?? new EdgeOptions();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, edge));
        builder.Services.AddProxies();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<ConsoleOptions>()
            .BindConfiguration(ConsoleOptions.Section)
            .Validate(o => o.BootstrapToken is not { Length: > 0 and < 8 }, "OpsConsole__BootstrapToken is shorter than 8 characters: make it longer, or leave it out.")
            .Validate<IHostEnvironment>(
                static (o, host) => host.IsDevelopment() || o.BootstrapToken is not { Length: >= 8 and < ConsoleOptions.LeastBootstrapToken },
                $"OpsConsole__BootstrapToken is shorter than {ConsoleOptions.LeastBootstrapToken} characters, and whoever guesses it may do everything: make it long and random, or leave it out.")
            .Validate(o => o.Stop.Pause >= TimeSpan.Zero && o.Stop.Pause <= TimeSpan.FromMinutes(1), "OpsConsole:Stop:Pause is not from 0 to 1 minute.")
            .Validate(o => o.Stop.Grace >= TimeSpan.Zero && o.Stop.Grace <= TimeSpan.FromMinutes(2), "OpsConsole:Stop:Grace is not from 0 to 2 minutes.")
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConsoleOptions>, SettingsCheck>();
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database").AddCheck<SchedulerCheck>("scheduler").AddCheck<SharedSchedulerCheck>("shared scheduler");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop(builder.Configuration.GetSection(ConsoleOptions.Section)));
    }

    /// <summary>Read as it is written: the check of the settings, which comes later, tells of what cannot be read, with everything else.</summary>
    private static TimeSpan LongestStop(IConfigurationSection section)
    {
        var otherwise = new StopOptions();
        var (pause, grace) = (Read(nameof(StopOptions.Pause), otherwise.Pause), Read(nameof(StopOptions.Grace), otherwise.Grace));
        return (pause > grace ? pause : grace) + OrderlyStop.Rest;

        TimeSpan Read(string name, TimeSpan without) =>
            TimeSpan.TryParse(section.GetSection(nameof(ConsoleOptions.Stop))[name], CultureInfo.InvariantCulture, out var time) ? time : without;
    }

    public static void UseOperations(this WebApplication app)
    {
        // Before anything reads a setting, so that all that is wrong is told at once.
        app.Services.GetService<Microsoft.Extensions.Options.IStartupValidator>()?.Validate();

        var metrics = app.UseMetrics();
        app.UseRequestIds();
        app.WarnWhereAnyIsAnswered();
        app.UseProxies();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = static context => Failure.IsTheCallers(context.Exception), ExceptionHandler = Failure.AnswerAsync });
        app.UseStatusCodePages(Failure.DescribeStatusAsync);
        app.UseSafeHeaders();
        app.UseOwnOriginOnly();
        app.UseNoNewConnectionsWhileStopping();

        // After what shows a page in place of another address, so that it is routed again.
        app.UseRouting();

        app.MapHealthChecks("/health/live", new() { Predicate = static _ => false }).AllowAnonymous().IsNotLimited();
        app.MapHealthChecks("/health/ready", new() { ResponseWriter = Readiness.WriteAsync }).AllowAnonymous().IsNotLimited();
        app.MapGet("/metrics", () => Results.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>What is refused before anything of the console's own looks at it.</summary>
    private static void Limit(KestrelServerOptions kestrel, EdgeOptions edge)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxConcurrentConnections = edge.Connections;
        kestrel.ConfigureEndpointDefaults(new ConnectionLimit(edge.ConnectionsPerAddress, [.. edge.ProxyNetworks()]).Watch);
    }
}
