using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Connections;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class CatalogTrialsTests : IDisposable
{
    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_a_draft_asks_of_a_target_in_use_is_not_how_that_target_does()
    {
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time) { OnObserve = _ => throw new TargetUnreachableException("It could not be reached.") });
        await _world.Book.LookAsync(Token);
        var trials = new CatalogTrials(
            _world.Book, _world.Connector, _world.Targets, new TargetTest(_world.Time), new SourceTest(_world.Sources, _world.Time), new TestSlots(), new SignedInRoles(),
            new SignInAudit(new Identity.AuditLines(), _world.Time, NullLogger<SignInAudit>.Instance));
        var draft = new CatalogFile("shoppe.yaml", "service: shoppe\nowner: { team: commerce }\nenvironments: [production]\n");

        var answer = await trials.TargetAsync(draft, "gateway", "production", "2.15.0", CatalogWorld.Admin, Token);

        Assert.Equal("It could not be reached.", Assert.IsType<RecordAnswer<TargetTestReport>.Done>(answer).Value.Sentence);
        Assert.Null(Assert.Single(_world.Targets.List()).LastContact);
    }
}
