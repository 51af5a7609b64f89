using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Approve;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Artifacts;
using OpsConsole.Core.Gates.Waivers;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Operations;
using OpsConsole.Web.Startup;
using Quartz;

namespace OpsConsole.Tests.Web.Api;

/// <summary>The API of gate, history and audit, hosted with the real gate, worker and jobs, a record in memory and a fake target. The role comes in a header.</summary>
internal sealed class ActionsApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ActionsApi(WebApplication app, InMemoryRecord record, InMemoryGates gates, FakeTarget target)
    {
        (_app, Record, Gates, Target) = (app, record, gates, target);
        Http = app.GetTestClient();
        As(Role.ReleaseManager);
    }

    public InMemoryRecord Record { get; }

    public InMemoryGates Gates { get; }

    public FakeTarget Target { get; }

    public HttpClient Http { get; }

    public RecoveryTracker Tracker => _app.Services.GetRequiredService<RecoveryTracker>();

    public RecoveryKeeper Keeper => _app.Services.GetRequiredService<RecoveryKeeper>();

    public InMemoryChain Chain => _app.Services.GetRequiredService<InMemoryChain>();

    public ReleaseBoard Board => _app.Services.GetRequiredService<ReleaseBoard>();

    public IReadOnlyList<string> Routes =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!)];

    public static async Task<ActionsApi> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var record = new InMemoryRecord();
        record.Put(new KillSwitch { Key = "recommendations", Owner = "commerce", TurnsOff = "recommendations", ChangedAt = DateTimeOffset.UnixEpoch });
        builder.Services.AddSingleton<IReleaseStore>(record);
        builder.Services.AddSingleton<IActionStore>(record);
        builder.Services.AddSingleton<ISwitchStore>(record);
        builder.Services.AddSingleton<IAuditStore>(record);
        builder.Services.AddSingleton<InMemoryChain>().AddSingleton<IAuditChainStore>(all => all.GetRequiredService<InMemoryChain>());
        builder.Services.AddSingleton(all => new AuditVerifier(all.GetRequiredService<InMemoryChain>(), all.GetRequiredService<InMemoryChain>(), TimeProvider.System));
        builder.Services.AddSingleton<IPolicyStore, InMemoryPolicies>();
        builder.Services.AddSingleton<IRecoveryStore>(new InMemoryRecoveries());
        builder.Services.AddSingleton<ISignalDirectory>(all => new SignalDirectory(new NoSources(), all.GetRequiredService<ReleaseBoard>(), new PushedSignals(TimeProvider.System)));
        builder.Services.AddSingleton(all => new RegistrationPolicies(all.GetRequiredService<IPolicyStore>(), all.GetRequiredService<ISignalDirectory>()));
        builder.Services.AddSingleton<IChangeStore>(new InMemoryChanges());
        var gates = new InMemoryGates(record);
        builder.Services.AddSingleton<IEvidenceStore>(gates);
        builder.Services.AddSingleton<IApprovalStore>(gates);
        builder.Services.AddSingleton<IWaiverStore>(gates);
        builder.Services.AddSingleton<IWindowStore>(gates);
        builder.Services.AddSingleton<IRejectedArtifactStore>(gates);
        builder.Services.AddSingleton<IServiceObjectives>(gates);
        builder.Services.AddSingleton<IAnalysisStore>(gates);
        builder.Services.AddSingleton<ReleaseBoard>();
        builder.Services.AddSingleton<StorageReady>();
        builder.Services.AddSingleton<IKillJournal>(new InMemoryJournal());
        builder.AddActions();
        builder.Services.AddSingleton<IPolicyReader>(gates);
        builder.AddEvidence();
        builder.Services.AddQuartz();
        builder.Services.AddQuartzHostedService();
        builder.Services.AddHostedService<LocalJobs>();
        builder.AddApi();
        builder.Services.AddAuthentication(HeaderSignIn.Name).AddScheme<AuthenticationSchemeOptions, HeaderSignIn>(HeaderSignIn.Name, null);
        builder.Services.AddAuthorizationBuilder().AddPermissionPolicies();

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Failure.AnswerAsync });
        app.UseStatusCodePages(Failure.DescribeStatusAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        var v1 = app.MapGroup("/api/v1");
        v1.MapReleases();
        v1.MapChanges();
        v1.MapMigrations();
        v1.MapEvidence();
        v1.MapActions();
        v1.MapPlaybook();
        v1.MapRecoveries();
        v1.MapSwitches();
        v1.MapAudit();
        v1.MapPolicies();
        v1.MapApprovals();
        v1.MapWaivers();
        v1.MapWindows();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

        var target = new FakeTarget("gateway", Given.Gateway, TimeProvider.System);
        app.Services.GetRequiredService<ITargetRegistry>().Add(target);
        await app.StartAsync();
        return new ActionsApi(app, record, gates, target);
    }

    public void As(Role role, string name = "mia")
    {
        AsNobody();
        Http.DefaultRequestHeaders.Add(HeaderSignIn.Header, role.ToString());
        Http.DefaultRequestHeaders.Add(HeaderSignIn.NameHeader, name);
    }

    public void AsNobody()
    {
        Http.DefaultRequestHeaders.Remove(HeaderSignIn.Header);
        Http.DefaultRequestHeaders.Remove(HeaderSignIn.NameHeader);
    }

    /// <summary>A healthy release at 25 %, with its snapshot on the board.</summary>
    public async Task<Release> ReleaseAsync(PolicySnapshot? policy = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var release = new Release
        {
            Id = Guid.CreateVersion7(),
            Service = "shop",
            Target = "gateway",
            Environment = "production",
            Version = "2.15.0",
            PreviousVersion = "2.14.3",
            Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
            PreviousDigest = "sha256:" + new string('b', 64),
            Owner = "commerce",
            Policy = policy,
            SwitchKey = "recommendations",
            Stages = Given.Stages,
            Signals = [KnownSignals.Find("http_5xx_rate")!],
            RegisteredAt = now - TimeSpan.FromHours(2),
        };
        release.EnterNextStage(now - TimeSpan.FromHours(2));
        release.EnterNextStage(now - TimeSpan.FromHours(1));
        Record.Put(release);
        Target.State = new TargetObservation(25, false, null, now);
        Board.Track(release);
        if (policy is not null)
        {
            // No engine runs here: what it would show of a release on which nothing fires.
            Board.Show(release.Id, new PolicyStanding
            {
                PolicyTitle = "web-canary", Mode = DeliveryMode.Delivery, OnTrigger = TriggerReaction.Recommend, Step = RolloutStep.Verifying, StepSince = now, Reason = "Verifying.", AsOf = now,
            });
        }

        await Eventually.TrueAsync(() =>
        {
            foreach (var version in new[] { "2.15.0", "2.14.3" })
            {
                Board.Record(new SignalSample(new("shop", "gateway", "production", version, new("http_5xx_rate")), TimeProvider.System.GetUtcNow(), 0.1, 5000));
            }

            Board.BuildDue();
            return Board.Find(release.Id)?.Verdict == Verdict.Pass;
        });
        return release;
    }

    public async Task<(HttpResponseMessage Answer, JsonElement Body)> PostAsync(string path, object body)
    {
        var answer = await Http.PostAsJsonAsync(new Uri("/api/v1/" + path, UriKind.Relative), body);
        return (answer, await BodyAsync(answer));
    }

    public async Task<(HttpResponseMessage Answer, JsonElement Body)> GetAsync(string path)
    {
        var answer = await Http.GetAsync(new Uri("/api/v1/" + path, UriKind.Relative));
        return (answer, await BodyAsync(answer));
    }

    public static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class NoSources : ISourceSchedule
    {
        public Task AddAsync(SourceBinding binding, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;

        public IReadOnlyList<SourceStatus> List() => [];
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Name = "Header";
        public const string Header = "X-Role";
        public const string NameHeader = "X-Name";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Enum.TryParse<Role>(Request.Headers[Header], out var role)
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new Operator(Request.Headers[NameHeader].ToString(), role, false).ToPrincipal(Name).Identities), Name))
                : AuthenticateResult.NoResult());
    }
}
