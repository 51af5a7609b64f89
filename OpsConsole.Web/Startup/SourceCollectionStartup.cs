using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.AppStoreCrashes;
using OpsConsole.Core.Sources.AppStoreMetrics;
using OpsConsole.Core.Sources.ArgoAnalysis;
using OpsConsole.Core.Sources.CloudflareAnalytics;
using OpsConsole.Core.Sources.FlaggerMetrics;
using OpsConsole.Core.Sources.GooglePlayVitals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Sources.Sentry;
using OpsConsole.Core.Sources.Sql;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Jobs;
using Quartz;

namespace OpsConsole.Web.Startup;

/// <summary>Sources, the jobs that read them, and what the push endpoint needs.</summary>
internal static class SourceCollectionStartup
{
    /// <summary>Name of the HTTP client that sources are read with.</summary>
    public const string HttpClientName = "signal-sources";

    /// <summary>Jobs that may run at once: enough for every source of a large board to hang without holding up the others.</summary>
    private const int MostJobs = 200;

    public static void AddSourceCollection(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISampleSink>(static provider => provider.GetRequiredService<ReleaseBoard>());
        services.AddSingleton<SignalMetrics>();
        services.AddSingleton<RecentSampleIds>();
        services.AddSingleton<PushedSignals>();
        services.AddSingleton<SampleIntake>();
        services.AddSingleton<ISignalDirectory, SignalDirectory>();

        builder.AddOutbound();
        services.AddHttpClient(HttpClientName, static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(static all => all.GetRequiredService<GuardedConnections>().Handler())
            .RemoveAllLoggers(); // An address may carry a secret.
        services.AddSingleton(static provider => new RemoteConnections(provider.GetRequiredService<GuardedConnections>().Handler, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => PrometheusTextSource.Kind(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => PrometheusSource.Kind(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => HttpCheckSource.Kind(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IResponseConditions>()));
        services.AddSingleton(static provider => SentryKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => AnalyticsKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => PlayVitalsKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => AppStoreCrashesKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => AppStoreMetricsKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => new OtlpMetrics(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => OtlpSource.Kind(provider.GetRequiredService<OtlpMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => SqlSource.Kind(provider.GetRequiredService<GuardedConnections>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => ArgoAnalysisKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton(static provider => FlaggerMetricsKind.Kind(provider.GetRequiredService<RemoteConnections>()));
        services.AddSingleton<IResponseConditions, WrittenConditions>();
        services.AddSingleton<SourceCatalog>();

        services.AddOptions<SourceOptions>()
            .Configure<IConfiguration, SourceCatalog>(static (options, configuration, catalog) =>
                new SourceSection(configuration.GetSection(SourceOptions.Section), catalog).Read(options))
            .ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<SourceOptions>, SourceOptionsCheck>();

        services.AddQuartz(static quartz => quartz.UseDefaultThreadPool(MostJobs));
        services.AddQuartzHostedService(static quartz => quartz.WaitForJobsToComplete = false);
        services.AddSingleton<SourceSchedule>();
        services.AddSingleton<ISourceSchedule>(static provider => provider.GetRequiredService<SourceSchedule>());
        services.AddHostedService<ConfiguredSources>();
    }
}
