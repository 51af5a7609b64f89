using Microsoft.Extensions.DependencyInjection.Extensions;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Startup;

/// <summary>The gates of policy, evidence and place, and the people who agree, waive and freeze.</summary>
internal static class ApprovalsStartup
{
    public static void AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<IChangeSizes, ChangeSizes>();
        services.TryAddSingleton<IPolicyGates, PolicyGates>();
        services.AddSingleton<WaitingApprovals>();
        services.AddSingleton<ApprovalReading>();
        services.AddSingleton<DecisionBriefs>();
        services.AddSingleton<ApprovalInbox>();
        services.AddSingleton<ApprovedPromotions>();
        services.AddSingleton<IApprovals, ApprovalDesk>();
        services.AddSingleton<WaiverDesk>();
        services.AddSingleton<WaiverReading>();
        services.AddSingleton<WindowDesk>();
        services.AddSingleton<WindowScopes>();
        services.AddSingleton<ArtifactDesk>();
    }
}
