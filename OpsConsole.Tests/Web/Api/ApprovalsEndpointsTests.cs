using System.Net;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Api;

public sealed class ApprovalsEndpointsTests
{
    private static readonly PolicySnapshot Policy = new("web-canary", 3, new string('d', 64), "canary: {}");

    private static async Task<(ActionsApi Api, Release Release, Guid Action)> WaitingAsync()
    {
        var api = await ActionsApi.StartAsync();
        api.Gates.Policy = new ReleasePolicy { Approvals = new() { Required = 1 } };
        var release = await api.ReleaseAsync(Policy);
        var (answer, body) = await api.PostAsync($"releases/{release.Id}/actions/promote", new { reason = "looks fine", seenVersion = api.Board.Find(release.Id)!.SnapshotVersion });
        Assert.Equal((HttpStatusCode.Accepted, "awaitingApproval"), (answer.StatusCode, body.GetProperty("phase").GetString()));
        return (api, release, body.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_promotion_is_asked_for_approved_and_carried_out()
    {
        var (api, release, id) = await WaitingAsync();
        await using var started = api;
        api.As(Role.ReleaseManager, "ana");
        var (_, list) = await api.GetAsync("approvals");
        var waiting = list.GetProperty("waiting")[0];
        Assert.Equal((0, 1), (waiting.GetProperty("given").GetInt32(), waiting.GetProperty("needed").GetInt32()));

        var (stale, _) = await api.PostAsync($"actions/{id}/approve", new { seal = "something else" });
        var (approved, _) = await api.PostAsync($"actions/{id}/approve", new { seal = waiting.GetProperty("seal").GetString(), comment = "seen the tests" });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Accepted), (stale.StatusCode, approved.StatusCode));
        await Eventually.TrueAsync(async () =>
        {
            // The board goes on being measured, so that the promotion is judged on fresh data.
            api.Board.BuildDue();
            return (await api.GetAsync($"actions/{id}")).Body.GetProperty("phase").GetString() == "confirmed";
        });
        Assert.Equal(50, api.Target.State.ExposurePercent);
        Assert.Equal(release.Id, (await api.GetAsync($"actions/{id}")).Body.GetProperty("releaseId").GetGuid());
    }

    [Theory]
    [InlineData(Role.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(Role.OnCall, HttpStatusCode.Forbidden)]
    [InlineData(Role.ReleaseManager, HttpStatusCode.Accepted)]
    [InlineData(Role.Admin, HttpStatusCode.Accepted)]
    public async Task Who_may_reject(Role role, HttpStatusCode expected)
    {
        var (api, _, id) = await WaitingAsync();
        await using var started = api;
        api.As(role, "ana");

        Assert.Equal(expected, (await api.PostAsync($"actions/{id}/reject", new { comment = "not today" })).Answer.StatusCode);
    }

    [Theory]
    [InlineData(Role.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(Role.OnCall, HttpStatusCode.Forbidden)]
    [InlineData(Role.ReleaseManager, HttpStatusCode.Created)]
    [InlineData(Role.Admin, HttpStatusCode.Created)]
    public async Task Who_may_waive_and_make_windows(Role role, HttpStatusCode expected)
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.Gates.Put(Freeze());
        api.As(role);
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);

        Assert.Equal(expected, (await api.PostAsync($"releases/{release.Id}/waivers", new { gate = "freeze", reason = "agreed with all", expiresAt = soon })).Answer.StatusCode);
        Assert.Equal(expected, (await api.PostAsync("windows", new { name = "later", kind = "freeze", from = soon, reason = "sales weekend" })).Answer.StatusCode);
    }

    [Theory]
    [InlineData(Role.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(Role.ReleaseManager, HttpStatusCode.Forbidden)]
    [InlineData(Role.Admin, HttpStatusCode.OK)]
    public async Task Only_an_admin_lifts_a_rejection(Role role, HttpStatusCode expected)
    {
        await using var api = await ActionsApi.StartAsync();
        var rejected = new RejectedDigest { Id = Guid.NewGuid(), Digest = "sha256:aa", Title = "shop 2.15.0", Reason = "leaks", By = "ana", At = DateTimeOffset.UnixEpoch };
        api.Gates.Put(rejected);
        api.As(role);

        var (answer, _) = await api.PostAsync($"artifacts/rejected/{rejected.Id}/lift", new { reason = "looked into" });

        Assert.Equal(expected, answer.StatusCode);
        var (_, list) = await api.GetAsync("artifacts/rejected");
        Assert.Equal(expected != HttpStatusCode.OK, list.GetProperty("items")[0].GetProperty("inForce").GetBoolean());
    }

    [Fact]
    public async Task Waivers_and_windows_are_listed_and_ended()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        var freeze = Freeze();
        api.Gates.Put(freeze);
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        var (_, waiver) = await api.PostAsync($"releases/{release.Id}/waivers", new { gate = "freeze", reason = "agreed with all", expiresAt = soon });
        var (_, window) = await api.PostAsync("windows", new
        {
            name = "office hours", kind = "allow", days = new[] { "monday", "friday" }, startsAt = "09:00", minutes = 480, timeZone = "Europe/Berlin", service = "shop", reason = "people are there",
        });
        Assert.Equal("Monday, Friday 09:00 for 8 h, Europe/Berlin; service shop.", window.GetProperty("summary").GetString());

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"waivers/{waiver.GetProperty("id").GetGuid()}/revoke", new { reason = "not needed" })).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"windows/{window.GetProperty("id").GetGuid()}/end", new { reason = "not needed" })).Answer.StatusCode);

        Assert.False((await api.GetAsync($"releases/{release.Id}/waivers")).Body.GetProperty("items")[0].GetProperty("holds").GetBoolean());
        Assert.Equal(freeze.Id, Assert.Single((await api.GetAsync("windows")).Body.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_waiver_that_newer_evidence_ended_is_not_listed_as_holding()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        await PostAsync("first");
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        Assert.Equal(HttpStatusCode.Created, (await api.PostAsync($"releases/{release.Id}/waivers", new { gate = "evidence: unit", reason = "ran by hand", expiresAt = soon })).Answer.StatusCode);
        Assert.True((await ListedAsync()).GetProperty("holds").GetBoolean());

        await PostAsync("second");

        var listed = await ListedAsync();
        Assert.False(listed.GetProperty("holds").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("newerEvidenceAt").ValueKind);

        async Task<JsonElement> ListedAsync() => (await api.GetAsync($"releases/{release.Id}/waivers")).Body.GetProperty("items")[0];

        async Task PostAsync(string test)
        {
            using var report = new StringContent($"""<testsuite name="unit" tests="1" failures="1"><testcase classname="shop" name="{test}"><failure/></testcase></testsuite>""", Encoding.UTF8, "application/xml");
            var answer = await api.Http.PostAsync(new Uri($"/api/v1/releases/{release.Id}/evidence?kind=junit&stage=unit&source=ci", UriKind.Relative), report);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_window_far_off_or_without_a_kind_is_refused_and_nothing_is_kept()
    {
        await using var api = await ActionsApi.StartAsync();

        var (far, said) = await api.PostAsync("windows", new
        {
            name = "far off", kind = "allow", days = new[] { "monday" }, startsAt = "09:00", minutes = 60, timeZone = "UTC", from = "9999-12-30T00:00:00Z", reason = "people are there",
        });
        var (kindless, missing) = await api.PostAsync("windows", new { name = "later", from = "2100-01-01T00:00:00Z", reason = "sales weekend" });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (far.StatusCode, kindless.StatusCode));
        Assert.Contains("year 9999", said.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("kind", missing.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await api.GetAsync("windows")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task One_bad_window_on_record_is_listed_with_its_fault_and_can_be_ended_and_so_can_one_that_ran_out()
    {
        await using var api = await ActionsApi.StartAsync();
        var day = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        DeployWindow[] windows =
        [
            new() { Id = Guid.NewGuid(), Name = "bad", Kind = DeployWindowKind.Allow, Days = 127, Lasts = TimeSpan.FromHours(24), From = DateTimeOffset.MaxValue, Reason = "odd", CreatedBy = "ana", CreatedAt = day },
            new() { Id = Guid.NewGuid(), Name = "ran out", Kind = DeployWindowKind.Allow, To = day.AddDays(1), Reason = "past", CreatedBy = "ana", CreatedAt = day },
        ];
        Array.ForEach(windows, api.Gates.Put);

        var items = (await api.GetAsync("windows")).Body.GetProperty("items");
        Assert.Contains("year 9999", items[0].GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.True(items[1].GetProperty("over").GetBoolean());

        foreach (var window in windows)
        {
            Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"windows/{window.Id}/end", new { reason = "not needed" })).Answer.StatusCode);
        }

        Assert.Equal(0, (await api.GetAsync("windows")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_signed_in_is_401_and_what_is_not_there_404()
    {
        await using var api = await ActionsApi.StartAsync();
        foreach (var path in new[] { $"actions/{Guid.NewGuid()}/approve", $"waivers/{Guid.NewGuid()}/revoke", $"windows/{Guid.NewGuid()}/end" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync(path, Body(path))).Answer.StatusCode);
        }

        api.AsNobody();
        foreach (var path in new[] { "approvals", "windows", "artifacts/rejected" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync(path)).Answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_gate_that_is_not_there_cannot_be_waived_and_the_answer_names_what_can_be()
    {
        await using var api = await ActionsApi.StartAsync();
        var release = await api.ReleaseAsync();
        api.Gates.Put(Freeze());

        var (answer, body) = await api.PostAsync($"releases/{release.Id}/waivers", new { gate = "evidence: unit", reason = "ran by hand", expiresAt = TimeProvider.System.GetUtcNow().AddHours(1) });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("nothing-to-waive", body.GetProperty("refusals")[0].GetProperty("code").GetString());
        Assert.Contains("what can be waived now: freeze", body.GetProperty("refusals")[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    private static DeployWindow Freeze() => new()
    {
        Id = Guid.NewGuid(), Name = "sales", Kind = DeployWindowKind.Freeze, From = DateTimeOffset.UnixEpoch, Reason = "sales weekend", CreatedBy = "ana", CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The body that an address takes: unknown members are refused.</summary>
    private static object Body(string path) => path.StartsWith("actions", StringComparison.Ordinal) ? new { comment = "fine" } : new { reason = "fine" };
}
