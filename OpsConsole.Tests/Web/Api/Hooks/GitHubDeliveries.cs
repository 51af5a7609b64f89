using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Hooks;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>A hook that GitHub delivers to, with the registration of the API behind it, a record in memory and a clock of its own.</summary>
public abstract class GitHubDeliveries
{
    private protected const string Hook = "shop-production";

    private int _deliveries;

    private protected GitHubDeliveries() => Hooks = Restarted();

    private protected static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver
        {
            Modifiers = { static type => type.Properties.ToList().ForEach(p => p.IsRequired = false) },
        },
    };

    private protected FakeTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private protected InMemoryRecord Record { get; } = new();

    private protected GitHubHook Settings { get; } = new()
    {
        Secret = HubEvents.Secret, Environment = "production", Target = "gateway", Owner = "commerce", Services = new() { ["shop"] = "acme/shop" },
    };

    private protected GitHubHooks Hooks { get; set; }

    private protected DateTimeOffset Now => Time.GetUtcNow();

    private protected IReadOnlyList<Release> Registered => ((IReleaseStore)Record).PageAsync(new ReleaseQuery { Service = "shop" }, default).GetAwaiter().GetResult().Items;

    /// <summary>As it is after a start, or on another console: what is not on record is forgotten.</summary>
    private protected GitHubHooks Restarted()
    {
        var gates = new InMemoryGates(Record);
        var register = new RegisterRelease(Record, Record, Record, gates, new ReleaseBoard(Time), new SwitchBoard(), Time, NullLogger<RegisterRelease>.Instance);
        return new GitHubHooks(
            new GitHubHookOptions { Hooks = new Dictionary<string, GitHubHook> { [Hook] = Settings } }, new GitHubReleases(register, Record), new SignInAudit(Record, Time, NullLogger<SignInAudit>.Instance), Time);
    }

    private protected Task<HookOutcome> TakeAsync(string happened, JsonNode body) => TakeAsync(happened, HubEvents.Bytes(body), $"delivery {++_deliveries}");

    private protected Task<HookOutcome> TakeAsync(string happened, byte[] body, string id) => Hooks.TakeAsync(Hook, new(id, happened, HubEvents.Sign(body), body, IPAddress.Loopback), Json, TestContext.Current.CancellationToken);
}
