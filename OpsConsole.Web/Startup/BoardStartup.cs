using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Live;

namespace OpsConsole.Web.Startup;

internal static class BoardStartup
{
    public static void AddBoard(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ReleaseBoard>();
        services.AddSingleton<ISampleSink>(s => s.GetRequiredService<ReleaseBoard>());
        services.AddSingleton<BoardJson>();
        services.AddSingleton<BoardRelay>();
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton<BoardLoader>();
        services.AddSingleton<CanaryAnalysis>();
        services.AddHostedService<BoardPump>();
        services.AddHostedService(s => s.GetRequiredService<BoardLoader>());
        services.AddHostedService<HistoryWriter>();
        services.AddHostedService<VerdictJournal>();
        services.AddHealthChecks().AddCheck<BoardLoader>("board");
        services.AddOptions<HistoryOptions>()
            .BindConfiguration(HistoryOptions.Section)
            .Validate(o => o.Retention >= TimeSpan.FromHours(1), "History:Retention is shorter than an hour.")
            .ValidateOnStart();

        // A client of the board only listens, so there is little it may send.
        services.AddSignalR()
            .AddHubOptions<BoardHub>(hub =>
            {
                hub.MaximumReceiveMessageSize = 4 * 1024;
                hub.MaximumParallelInvocationsPerClient = 1;
                hub.KeepAliveInterval = TimeSpan.FromSeconds(10);
                hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
                hub.HandshakeTimeout = TimeSpan.FromSeconds(10);
            })
            .AddJsonProtocol(json => json.PayloadSerializerOptions = BoardJson.Options);
    }

    public static void UseBoard(this WebApplication app) =>
        app.MapHub<BoardHub>(BoardHub.Path, options => options.CloseOnAuthenticationExpiration = true);
}
