using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Web.Api.Hooks;
using OpsConsole.Web.Identity;
using static OpsConsole.Tests.Core.Actions.Gate.GateWorld;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>Who is answered, and who is not, from the gate with everything behind it.</summary>
public sealed class FlaggerHooksTests
{
    private const string Good = "the token of production";

    private static readonly IPAddress Cluster = IPAddress.Parse("192.0.2.7");
    private static readonly FlaggerHook Rollback = new("gateway", "production", "rollback", ConfirmQuestion.TakeBack);

    private readonly GateWorld _world = new();
    private readonly FlaggerHooks _hooks;

    public FlaggerHooksTests() => _hooks = new(
        _world.Targets,
        new(_world.Record, _world.Record, _world.Board, _world.Targets, _world.Judge, _world.Time),
        new(_world.Record, _world.Time, NullLogger<SignInAudit>.Instance),
        _world.Time);

    [Fact]
    public async Task However_many_wrong_tokens_come_from_an_address_a_good_one_from_there_is_answered()
    {
        Accepted(await _world.RollbackAsync(_world.Release()));
        for (var i = 0; i < FlaggerHooks.ForgedFromOne; i++)
        {
            Assert.Equal(401, await AskAsync("of somebody else"));
        }

        Assert.Equal(429, await AskAsync("of somebody else"));
        Assert.Equal(429, await AskAsync(""));
        for (var i = 0; i < FlaggerHooks.ForgedFromOne + 1; i++)
        {
            Assert.Equal(200, await AskAsync(Good));
        }

        Assert.Equal(429, await AskAsync("of somebody else"));
        Assert.Single(_world.Record.Audit, a => a is { Event: "hook.rollback", Outcome: "refused" });
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(401, await AskAsync("of somebody else"));
    }

    private async Task<int> AskAsync(string token) => (await _hooks.AskAsync(new Asking(), Rollback, new("shop", "shop", token), Cluster, TestContext.Current.CancellationToken)).Status;

    private sealed class Asking : IAskingTarget
    {
        public bool IsAnswered => true;

        public bool Trusts(string token) => token == Good;

        public string? ServiceOf(string space, string name) => name;

        public Task<string?> VersionAsync(string service, CancellationToken cancellationToken) => Task.FromResult<string?>("2.15.0");
    }
}
