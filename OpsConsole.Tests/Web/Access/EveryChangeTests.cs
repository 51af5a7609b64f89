using System.Net;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Access;

/// <summary>Everything that changes something, as the addresses list it, asked for by those who may not.</summary>
public sealed class EveryChangeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly EnvironmentRoles AdminButInProduction = new(Role.Admin, [new("production", Role.Viewer)]);

    private WholeConsole _console = null!;
    private Existing _there = null!;
    private string _before = "";

    public async ValueTask InitializeAsync()
    {
        _console = await WholeConsole.StartAsync(postgres);
        _there = await SeedAsync(_console.Database);
        _before = await StateAsync();
    }

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task A_viewer_with_a_token_changes_nothing()
    {
        using var http = _console.As(Role.Viewer);

        await EachIsRefusedAsync(http);
    }

    [Fact]
    public async Task A_viewer_in_a_browser_changes_nothing()
    {
        using var http = await _console.SignInAsync(Role.Viewer);

        await EachIsRefusedAsync(http);
    }

    [Fact]
    public async Task A_token_of_another_environment_changes_nothing()
    {
        using var http = _console.As(AccessScope.Parse(string.Join(' ', PermissionTable.Rows.Where(r => r.ByEnvironment && r.Roles.Contains(Role.Service)).Select(r => $"staging:{r.Name}"))));

        await EachIsRefusedAsync(http);
    }

    [Fact]
    public async Task Who_is_admin_elsewhere_and_viewer_there_changes_nothing()
    {
        using var http = _console.As(AdminButInProduction);

        await EachIsRefusedAsync(http);
    }

    [Theory]
    [InlineData(" production")]
    [InlineData("PRODUCTION")]
    public async Task Nor_by_writing_the_environment_otherwise(string written)
    {
        using var http = _console.As(AdminButInProduction);
        List<string> taken = [];
        foreach (var call in Call.Changing(_console.Endpoints))
        {
            using var request = call.Request(_there with { Environment = written });
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            // A batch of signals is answered sample by sample.
            if ((int)answer.StatusCode is not (>= 400 and < 500) && !said.StartsWith("{\"accepted\":0,", StringComparison.Ordinal))
            {
                taken.Add($"{call}: {(int)answer.StatusCode} {said}");
            }
        }

        Assert.Empty(taken);
        Assert.Equal(_before, await StateAsync());
    }

    [Fact]
    public async Task A_token_that_only_looks_changes_nothing()
    {
        using var http = _console.As(AccessScope.Parse(string.Join(' ', PermissionTable.Rows.Where(r => r.Class == AccessClass.Look && r.Roles.Contains(Role.Service)).Select(r => $"*:{r.Name}"))));

        await EachIsRefusedAsync(http);
    }

    [Fact]
    public async Task A_flag_client_reaches_nothing_but_flags()
    {
        using var http = _console.As(Role.FlagClient);

        await EachIsRefusedAsync(http);
        foreach (var endpoint in _console.Endpoints.Where(e => Bindings.Methods(e).Contains("GET") && PermissionPolicies.Of(e) is [not Permission.FlagsEvaluate]))
        {
            using var request = new Call(endpoint, "GET").Request(_there);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Redirect, $"{Bindings.Address(endpoint)}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("opst_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ops_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Nobody_and_forged_tokens_get_nothing(string token)
    {
        using var http = _console.With(token);
        await EachAsync(http, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Each_refusal_is_on_record_once()
    {
        using var http = _console.As(Role.Viewer);
        await EachIsRefusedAsync(http);
        await EachIsRefusedAsync(http);

        var refused = (await _console.Database.QueryAsync("SELECT event FROM audit WHERE outcome = 'refused'")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var calls = Call.Changing(_console.Endpoints);
        Assert.Equal(calls.Count(c => c.Endpoint.Metadata.GetMetadata<JudgedInside>()?.IsRecorded != true), refused.Count(e => e == "access"));
        Assert.Superset(new HashSet<string> { "promote", "halt", "resume", "rollback", "kill", "restore", "approve", "reject", "withdraw", "token.exchange" }, refused.ToHashSet());
    }

    private Task EachIsRefusedAsync(HttpClient http) => EachAsync(http, HttpStatusCode.Forbidden);

    private async Task EachAsync(HttpClient http, HttpStatusCode expected)
    {
        var calls = Call.Changing(_console.Endpoints);
        Assert.InRange(calls.Count, 30, int.MaxValue);
        List<string> wrong = [];
        foreach (var call in calls)
        {
            using var request = call.Request(_there);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.StatusCode != expected && !await IsFaultyForAllAsync(call, answer.StatusCode))
            {
                wrong.Add($"{call}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(_before, await StateAsync());
    }

    /// <summary>True where the made-up request cannot be read, whoever sends it.</summary>
    private async Task<bool> IsFaultyForAllAsync(Call call, HttpStatusCode status)
    {
        if (status is not (HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType))
        {
            return false;
        }

        using var admin = _console.As(Role.Admin);
        using var request = call.Request(_there);
        using var answer = await admin.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode == status;
    }

    /// <summary>How much is on record of everything but of the record itself and of what is measured.</summary>
    private Task<string> StateAsync() => _console.Database.QueryAsync(
        "SELECT (SELECT count(*) FROM releases) || ' ' || (SELECT string_agg(id || phase, ',' ORDER BY id) FROM actions) || ' ' || (SELECT count(*) FROM waivers WHERE revoked_at IS NULL) || ' ' "
        + "|| (SELECT count(*) FROM deploy_windows) || ' ' || (SELECT count(*) FROM policies) || ' ' || (SELECT count(*) FROM evidence) || ' ' || (SELECT count(*) FROM service_tokens) || ' ' "
        + "|| (SELECT count(*) FROM flag_clients) || ' ' || (SELECT string_agg(key || killed || revision, ',' ORDER BY key) FROM switches) || ' ' || (SELECT count(*) FROM slos)");

    private static async Task<Existing> SeedAsync(TestDatabase database)
    {
        var now = TimeProvider.System.GetUtcNow();
        var release = Sample.Release(at: now);
        await database.Releases.AddAsync(release, "ann", default);
        await database.Switches.AddAsync(Sample.Switch(), Sample.Audit("switch:personal-recommendations", "ann", "switch.create", "done", now), default);
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now), Verb = ActionVerb.Promote, ReleaseId = release.Id, Target = release.Target, RequestedBy = "anna", Role = "Admin", Reason = "because", EvidenceJson = "{}",
            EvidenceSeal = new string('a', 64), RequestedAt = now, ToExposure = 5, ApprovalsNeeded = 1, ExpiresAt = now.AddHours(8),
        };
        action.Move(ActionPhase.AwaitingApproval, now, "Waits for approval.");
        await database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true, Audit = [Sample.Audit($"release:{release.Id:N}", at: now)], Events = [Sample.Event(release.Id, at: now)] }, default);
        var waiver = new Waiver { Id = Guid.CreateVersion7(now), ReleaseId = release.Id, Gate = "evidence", Reason = "because", By = "ann", Role = "Admin", At = now, ExpiresAt = now.AddDays(1), GivenOn = default };
        await database.Waivers.AddAsync(waiver, Sample.Audit($"release:{release.Id:N}", "ann", "gate.waive", "done", now), Sample.Event(release.Id, ReleaseEventKind.Waiver, now), default);
        return new Existing(release.Id, action.Id, waiver.Id, "personal-recommendations", now.AddHours(1));
    }
}
