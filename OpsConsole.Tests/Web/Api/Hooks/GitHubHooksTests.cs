using System.Net;
using System.Text.Json.Nodes;
using OpsConsole.Web.Api.Hooks;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>Deliveries become releases by the registration of the API, on a record in memory and a clock of its own.</summary>
public sealed class GitHubHooksTests : GitHubDeliveries
{
    [Fact]
    public async Task A_deployment_becomes_a_release_with_what_it_is_known_to_be()
    {
        var outcome = await TakeAsync("deployment", HubEvents.Deployment(Now));

        Assert.Equal((200, HookOutcome.Registered), (outcome.Status, outcome.Outcome));
        var release = Assert.Single(Registered);
        Assert.Equal(outcome.Release, release.Id);
        Assert.Equal(("shop", "2.15.0", "gateway", "production", "commerce"), (release.Service, release.Version, release.Target, release.Environment, release.Owner));
        Assert.Equal(($"gitcommit:{HubEvents.Sha}", HubEvents.Sha), (release.Artifact.Digest, release.Artifact.Commit));
        Assert.Equal($"https://github.com/acme/shop/commit/{HubEvents.Sha}", release.Links.Commit);
        Assert.Null(release.Author);
        Assert.Equal([("hook.github", "done", "github/shop-production"), ("release.register", "done", "github/shop-production")], Record.Audit.Select(a => (a.Event, a.Outcome, a.Actor)).Order());
    }

    [Fact]
    public async Task A_status_registers_what_was_missed_and_one_of_an_end_registers_nothing()
    {
        var made = HubEvents.Deployment(Now);
        foreach (var state in new[] { "failure", "error", "inactive" })
        {
            Assert.Equal(HookOutcome.Ignored, (await TakeAsync("deployment_status", HubEvents.Status(made, Now, state))).Outcome);
        }

        Assert.Empty(Registered);
        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment_status", HubEvents.Status(made, Now, "in_progress"))).Outcome);
    }

    [Theory]
    [InlineData("deployed by hand")]
    [InlineData("{ not json")]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("{ \"opsconsole\": null }")]
    public async Task A_payload_that_means_something_to_somebody_else_says_nothing_here(string payload)
    {
        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment", HubEvents.Deployment(Now, payload: JsonValue.Create(payload)))).Outcome);

        Assert.Equal("2.15.0", Assert.Single(Registered).Version);
    }

    [Theory]
    [InlineData("another id, the same body")]
    [InlineData("the same id, another body")]
    public async Task A_replay_is_refused_and_on_record(string replay)
    {
        var body = HubEvents.Bytes(HubEvents.Deployment(Now));
        Assert.Equal(200, (await TakeAsync("deployment", body, id: "d1")).Status);

        var again = replay.StartsWith("another", StringComparison.Ordinal)
            ? await TakeAsync("deployment", body, id: "d2")
            : await TakeAsync("deployment", HubEvents.Bytes(HubEvents.Deployment(Now, "v2.16.0")), id: "d1");

        Assert.Equal((409, HookOutcome.Refused), (again.Status, again.Outcome));
        Assert.Single(Registered);
        Assert.Contains(Record.Audit, a => a is { Event: "hook.github", Outcome: "refused" });
    }

    [Fact]
    public async Task What_came_to_nothing_may_be_delivered_again()
    {
        var body = HubEvents.Bytes(HubEvents.Deployment(Now));
        Record.Away = true;
        Assert.Equal(503, (await TakeAsync("deployment", body, id: "d1")).Status);
        Record.Away = false;

        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment", body, id: "d1")).Outcome);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59")]
    public async Task What_is_not_signed_is_refused(string? signature)
    {
        var body = HubEvents.Bytes(HubEvents.Deployment(Now));

        Assert.Equal(401, (await Hooks.TakeAsync(Hook, new("d1", "deployment", signature, body, IPAddress.Loopback), Json, default)).Status);
        Assert.Equal(401, (await Hooks.TakeAsync(Hook, new("d1", "deployment", HubEvents.Sign(body, "the secret of another environment"), body, IPAddress.Loopback), Json, default)).Status);
        Assert.Equal(401, (await Hooks.TakeAsync(Hook, new("d1", "deployment", HubEvents.Sign(body), body.Append((byte)' ').ToArray(), IPAddress.Loopback), Json, default)).Status);
        Assert.Empty(Registered);
        Assert.All(Record.Audit, a => Assert.DoesNotContain(HubEvents.Secret, a.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_sends_forged_ones_is_held_back_and_what_is_signed_comes_in_from_there_too()
    {
        var body = HubEvents.Bytes(HubEvents.Deployment(Now));
        var there = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < GitHubHooks.ForgedFromOne; i++)
        {
            Assert.Equal(401, (await Hooks.TakeAsync(Hook, new($"d{i}", "deployment", "sha256=00", body, there), Json, default)).Status);
        }

        Assert.Equal(429, (await Hooks.TakeAsync(Hook, new("d", "deployment", "sha256=00", body, there), Json, default)).Status);
        Assert.Equal(200, (await Hooks.TakeAsync(Hook, new("d", "deployment", HubEvents.Sign(body), body, there), Json, default)).Status);
        Assert.Single(Record.Audit, a => a is { Event: "hook.github", Outcome: "refused" });
    }

    [Fact]
    public async Task Another_environment_another_repository_and_another_time_are_refused_in_words()
    {
        await RefusedAsync(403, "for deployments to production, and this one is to staging", HubEvents.Deployment(Now, environment: "staging"));
        await RefusedAsync(422, "acme/other is the repository of no service", HubEvents.Deployment(Now, repository: "acme/other"));
        await RefusedAsync(422, "not within 01:00:00 before now", HubEvents.Deployment(Now - TimeSpan.FromMinutes(61)));
        await RefusedAsync(422, "not within", HubEvents.Deployment(Now + TimeSpan.FromMinutes(6)));
        await RefusedAsync(422, "main is not of the form v{version}", HubEvents.Deployment(Now, "main"));
        await RefusedAsync(400, "not that of a deployment", new JsonObject { ["zen"] = "Keep it logically awesome." });
        await RefusedAsync(400, "$.colour", HubEvents.Deployment(Now, payload: JsonNode.Parse("""{ "opsconsole": { "colour": "red" } }""")));
        await RefusedAsync(422, "payload says gateway, staging", HubEvents.Deployment(Now, payload: JsonNode.Parse("""{ "opsconsole": { "environment": "staging" } }""")));
        await RefusedAsync(422, "artifact.digest: Must be", HubEvents.Deployment(Now, payload: JsonNode.Parse("""{ "opsconsole": { "artifact": { "digest": "latest" } } }""")));
        await RefusedAsync(422, "payload says abc", HubEvents.Deployment(Now, payload: JsonNode.Parse("""{ "opsconsole": { "artifact": { "commit": "abc" } } }""")));
        Assert.Empty(Registered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_payload_says_what_the_api_would_be_told(bool asText)
    {
        var digest = "sha256:" + new string('a', 64);
        var payload = JsonNode.Parse($$"""{ "opsconsole": { "version": "7.0", "previousVersion": "6.9", "artifact": { "digest": "{{digest}}" }, "owner": "search", "author": "mia", "stages": [ { "exposurePercent": 100, "holdSeconds": 0 } ] } }""")!;

        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment", HubEvents.Deployment(Now, "main", payload: asText ? payload.ToJsonString() : payload))).Outcome);

        var release = Assert.Single(Registered);
        Assert.Equal(("7.0", "6.9", digest, HubEvents.Sha, "search", "mia", 1), (release.Version, release.PreviousVersion, release.Artifact.Digest, release.Artifact.Commit, release.Owner, release.Author, release.Stages.Count));
    }

    [Fact]
    public async Task The_version_that_everybody_has_is_the_way_back()
    {
        await TakeAsync("deployment", HubEvents.Deployment(Now));
        var first = Registered[0];
        while (first.NextStage is not null)
        {
            first.EnterNextStage(Now);
        }

        Record.Put(first);
        Time.Advance(TimeSpan.FromMinutes(10));

        await TakeAsync("deployment", HubEvents.Deployment(Now, "v2.16.0", id: 2));

        var second = Registered.Single(r => r.Version == "2.16.0");
        Assert.Equal(("2.15.0", first.Artifact.Digest), (second.PreviousVersion, second.PreviousDigest));
        Assert.Equal($"https://github.com/acme/shop/compare/{HubEvents.Sha}...{HubEvents.Sha}", second.Links.Diff);
    }

    [Fact]
    public async Task Another_rollout_on_its_way_is_a_conflict_in_words_and_may_be_delivered_again()
    {
        await TakeAsync("deployment", HubEvents.Deployment(Now));

        await RefusedAsync(409, "2.15.0 is still on its way", HubEvents.Deployment(Now, "v2.16.0", id: 2));
        await RefusedAsync(409, "2.15.0 is still on its way", HubEvents.Deployment(Now, "v2.16.0", id: 2));
    }

    [Fact]
    public async Task What_the_console_made_itself_a_ping_and_other_events_are_left_alone()
    {
        Assert.Equal(HookOutcome.Ignored, (await TakeAsync("deployment", HubEvents.Deployment(Now, task: "opsconsole:shop"))).Outcome);
        Assert.Equal(HookOutcome.Ignored, (await TakeAsync("ping", new JsonObject { ["zen"] = "Design for failure." })).Outcome);
        Assert.Equal(HookOutcome.Ignored, (await TakeAsync("push", new JsonObject())).Outcome);
        Assert.Empty(Registered);
    }

    [Fact]
    public async Task Of_a_repository_with_several_services_the_payload_says_which()
    {
        Settings.Services["search"] = "Acme/Shop";
        await RefusedAsync(422, "say which in the deployment's payload", HubEvents.Deployment(Now));

        Assert.Equal(HookOutcome.Registered, (await TakeAsync("deployment", HubEvents.Deployment(Now, payload: JsonNode.Parse("""{ "opsconsole": { "service": "shop" } }""")))).Outcome);
    }

    private async Task RefusedAsync(int status, string words, JsonNode body)
    {
        var outcome = await TakeAsync("deployment", body);
        Assert.Equal((status, HookOutcome.Refused), (outcome.Status, outcome.Outcome));
        Assert.Contains(words, outcome.Detail, StringComparison.Ordinal);
    }
}
