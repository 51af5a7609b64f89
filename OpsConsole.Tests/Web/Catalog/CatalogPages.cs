using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;
using Radzen;

namespace OpsConsole.Tests.Web.Catalog;

internal static class CatalogPages
{
    /// <summary>The catalogue's pages over a world.</summary>
    public static ComponentHarness Over(CatalogWorld world, Identity.AuditLines trials) => new(services =>
    {
        var (board, slots) = (new ReleaseBoard(world.Time), new TestSlots());
        services.AddSingleton(slots);
        services.AddSingleton<TimeProvider>(world.Time);
        services.AddSingleton(world.Book);
        services.AddSingleton<ICatalogStore>(world.Store);
        services.AddSingleton<ITargetRegistry>(world.Targets);
        services.AddSingleton<ISourceSchedule>(world.Schedule);
        services.AddSingleton(world.Sources);
        services.AddSingleton(world.Secrets);
        services.AddSingleton<IPolicyStore>(world.Policies);
        services.AddSingleton(Options.Create(world.SourceOptions));
        services.AddSingleton(new RegistrationPolicies(world.Policies, new SignalDirectory(world.Schedule, board, new PushedSignals(world.Time), Options.Create(world.SourceOptions)), world.Targets));
        foreach (var kind in world.Kinds)
        {
            services.AddSingleton(kind);
        }

        services.AddSingleton(new SourceReading(world.Schedule, world.Sources, Options.Create(world.SourceOptions), new FollowFaults(), board, world.Time));
        services.AddSingleton(new TargetReading(world.Targets, board, () => world.Book.Standing.InForce.Services));
        services.AddSingleton(new CatalogTrials(world.Book, world.Connector, world.Targets, new TargetTest(TimeProvider.System), new SourceTest(world.Sources, TimeProvider.System), slots, new SignedInRoles(), new SignInAudit(trials, world.Time, NullLogger<SignInAudit>.Instance)));
        services.AddRadzenComponents();
        services.AddSingleton(new AccessRefusals(new SignInAudit(new Identity.AuditLines(), world.Time, NullLogger<SignInAudit>.Instance), world.Time));
        services.AddScoped<PageRefusals>();
        services.AddScoped<Toasts>();
    });
}
