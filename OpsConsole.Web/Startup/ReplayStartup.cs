using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Live;

namespace OpsConsole.Web.Startup;

/// <summary>Policies against recorded history, and the judge over what is being recorded.</summary>
internal static class ReplayStartup
{
    public static void AddReplay(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<IPolicyReader, PolicyReader>();
        services.AddSingleton<IAnalysisStore, AnalysisStore>();
        services.TryAddSingleton<IPolicyStore, PolicyStore>();
        services.AddSingleton(s => new PointRetention(s.GetRequiredService<IOptions<HistoryOptions>>().Value.Retention));
        services.AddSingleton<ReleaseHistoryReader>();
        services.AddSingleton<PolicyReplays>();
        services.AddSingleton<StageAnalyses>();
        services.AddSharedJob<AnalyseReleasesJob>("analyse-releases", AnalyseReleasesJob.Interval);
    }
}
