using System.Net;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Core.Policies.Replay;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Policies.Replay;
using OpsConsole.Tests.Shared;
using OpsConsole.Tests.Web.Components;
using OpsConsole.Web.Api;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Api;

public sealed class ReplayEndpointsTests
{
    private const string Errors = "http_5xx_rate";
    private const string Quick = "canary:\n  auto_rollback_if:\n    - http_5xx_rate > 1% for 1m\ndelivery:\n  on_trigger: rollback\n";

    private static Recorded Bad() => new Recorded()
        .Moved(0, 5).Measured(Errors, 10, 300, 0.1).Measured(Errors, 310, 600, 4).Measured(Errors, 10, 600, 0.1, side: SignalSide.Baseline).Moved(600, 0, ReleaseEventKind.RolledBack);

    [Fact]
    public async Task A_text_and_a_library_version_are_replayed_on_one_release()
    {
        var record = Bad();
        await using var api = await Server.StartAsync(record);
        api.Policies.Add("slow", 2, Quick.Replace("1m", "30m", StringComparison.Ordinal));

        var (status, body) = await api.PostAsync("policies/replay", new { releaseId = record.Release.Id, policy = Quick, compareWith = new { policyName = "slow" } });

        Assert.Equal(HttpStatusCode.OK, status);
        var outcomes = body.GetProperty("outcomes");
        Assert.Equal(("stopped", "inconclusive"), (outcomes[0].GetProperty("verdict").GetString(), outcomes[1].GetProperty("verdict").GetString()));
        Assert.Equal("rollback", outcomes[0].GetProperty("reaction").GetProperty("kind").GetString());
        Assert.Equal(Recorded.At(370), outcomes[0].GetProperty("reaction").GetProperty("at").GetDateTimeOffset());
        var exposure = outcomes[0].GetProperty("exposure");
        Assert.Equal((4600, 12000, true), (exposure.GetProperty("fewer").GetInt64(), exposure.GetProperty("total").GetInt64(), exposure.GetProperty("isKnown").GetBoolean()));
        Assert.Equal(("slow, version 2", "rolledBack"), (outcomes[1].GetProperty("policy").GetString(), body.GetProperty("exposure")[1].GetProperty("change").GetString()));
        Assert.Contains("breached", outcomes[1].GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_text_is_422_with_every_fault_at_its_place()
    {
        var record = Bad();
        await using var api = await Server.StartAsync(record);

        var (status, body) = await api.PostAsync("policies/replay", new { releaseId = record.Release.Id, policy = Quick, compareWith = new { policy = "canary:\n  auto_rolback_if: []\n" } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        var error = body.GetProperty("errors")[0];
        Assert.Equal(("compareWith", 2, 3), (error.GetProperty("in").GetString(), error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
        Assert.Contains("auto_rollback_if", error.GetProperty("suggestion").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_such_policy_is_422_and_no_such_release_404()
    {
        var record = Bad();
        await using var api = await Server.StartAsync(record);

        var (missing, told) = await api.PostAsync("policies/replay", new { releaseId = record.Release.Id, policyName = "tea", policyVersion = 4 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, missing);
        Assert.Contains("no tea, version 4", told.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (own, without) = await api.PostAsync("policies/replay", new { releaseId = record.Release.Id });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, own);
        Assert.Contains("without a policy", without.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync("policies/replay", new { releaseId = Guid.NewGuid(), policy = Quick })).Status);
    }

    [Theory]
    [InlineData("""{"policy":"a"}""", "releaseId")]
    [InlineData("""{"releaseId":"0198c1f0-0000-7000-8000-000000000001","policy":"a","policyName":"b"}""", "not both")]
    [InlineData("""{"releaseId":"0198c1f0-0000-7000-8000-000000000001","policyVersion":2}""", "policyName")]
    [InlineData("""{"releaseId":"0198c1f0-0000-7000-8000-000000000001","compareWith":{"policyName":""}}""", "compareWith")]
    [InlineData("""{"releaseId":"0198c1f0-0000-7000-8000-000000000001","polcy":"a"}""", "$.polcy")]
    [InlineData("""{"releaseId":"me"}""", "$.releaseId")]
    public async Task A_request_that_cannot_be_understood_is_400_and_says_why(string body, string why)
    {
        await using var api = await Server.StartAsync(Bad());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await api.Http.PostAsync(new Uri("/api/v1/policies/replay", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_history_is_needed_for_a_replay()
    {
        await using var api = await Server.StartAsync(Bad());
        api.Http.DefaultRequestHeaders.Clear();
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.PostAsync("policies/replay", new { })).Status);
    }

    [Fact]
    public async Task An_analysis_is_made_on_demand_and_read_again_where_it_is_kept()
    {
        var record = new Recorded().Moved(0, 5).Measured(Errors, 10, 1600, 4).Measured(Errors, 10, 1600, 0.1, side: SignalSide.Baseline);
        record.Release.EnterNextStage(Recorded.Start);
        await using var api = await Server.StartAsync(record);
        var path = $"releases/{record.Release.Id}/analysis";

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(path)).Status);
        var (status, body) = await api.PostAsync(path, new { });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("high", false), (body.GetProperty("metrics")[0].GetProperty("label").GetString(), body.GetProperty("isAskedFor").GetBoolean()));

        var report = StageReport.Read(body.GetRawText());
        await api.Analyses.AddAsync(
            new AnalysisRun { Id = Guid.NewGuid(), ReleaseId = record.Release.Id, At = report.At, StageIndex = 0, Verdict = "fail", Score = 0, ReportJson = report.Write() }, TestContext.Current.CancellationToken);
        Assert.Equal(body.GetRawText(), (await api.GetAsync(path)).Body.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"releases/{Guid.NewGuid()}/analysis", new { })).Status);
    }

    [Fact]
    public async Task A_release_that_nobody_had_cannot_be_analysed()
    {
        var record = new Recorded();
        await using var api = await Server.StartAsync(record);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"releases/{record.Release.Id}/analysis", new { })).Status);
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Server(WebApplication app, InMemoryPolicies policies, InMemoryAnalyses analyses)
        {
            (_app, Policies, Analyses, Http) = (app, policies, analyses, app.GetTestClient());
            Http.DefaultRequestHeaders.Add("Role", nameof(Role.Viewer));
        }

        public InMemoryPolicies Policies { get; }

        public InMemoryAnalyses Analyses { get; }

        public HttpClient Http { get; }

        public static async Task<Server> StartAsync(Recorded recorded)
        {
            var builder = QuietWebApplication.CreateBuilder();
            builder.WebHost.UseTestServer();
            var record = new PretendRecord();
            record.Releases.Add(recorded.Release);
            record.Events.AddRange(recorded.Events);
            record.Points.AddRange(recorded.Points);
            var (policies, analyses) = (new InMemoryPolicies(), new InMemoryAnalyses());
            var services = builder.Services;
            services.AddSingleton<TimeProvider>(new FakeTime(Recorded.At(1700)));
            services.AddSingleton<IReleaseStore>(record);
            services.AddSingleton<ISignalHistoryStore>(record);
            services.AddSingleton<IAnalysisStore>(analyses);
            services.AddSingleton<IPolicyStore>(policies);
            services.AddSingleton<IPolicyReader, PolicyReader>();
            services.AddSingleton(new PointRetention(TimeSpan.FromHours(48)));
            services.AddSingleton<ReleaseHistoryReader>();
            services.AddSingleton<PolicyReplays>();
            services.AddSingleton<StageAnalyses>();
            builder.AddApi();
            services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("header", null);
            services.AddAuthorizationBuilder().AddPermissionPolicies();
            var app = builder.Build();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGroup("/api/v1").MapReplay();
            await app.StartAsync();
            return new Server(app, policies, analyses);
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body)
        {
            using var answer = await Http.PostAsJsonAsync(new Uri("/api/v1/" + path, UriKind.Relative), body);
            return (answer.StatusCode, await ActionsApi.BodyAsync(answer));
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
        {
            using var answer = await Http.GetAsync(new Uri("/api/v1/" + path, UriKind.Relative));
            return (answer.StatusCode, await ActionsApi.BodyAsync(answer));
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _app.DisposeAsync();
        }
    }

    private sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Enum.TryParse<Role>(Request.Headers["Role"], out var role)
                ? AuthenticateResult.Success(new AuthenticationTicket(new Operator("mia", role, false).ToPrincipal("header"), "header"))
                : AuthenticateResult.NoResult());
    }
}
