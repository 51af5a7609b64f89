using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Gates.Windows;

/// <summary>Who makes windows where, however the place is written.</summary>
public sealed class WindowDeskTests
{
    private static readonly EnvironmentRoles Roles = new(Role.Admin, [new("production", Role.Viewer)]);
    private static readonly Operator Ada = new("ada", Roles.Everywhere, IsService: false) { ByEnvironment = Roles };

    private readonly InMemoryGates _gates = new(new InMemoryRecord());
    private readonly WindowDesk _desk;

    public WindowDeskTests() => _desk = new WindowDesk(_gates, new SignedInRoles(), new FakeTime());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("production")]
    [InlineData(" production")]
    [InlineData("production\t")]
    [InlineData("\u00a0Production ")]
    [InlineData("PRODUCTION")]
    [InlineData(null)]
    public async Task A_viewer_of_an_environment_makes_no_window_there_however_it_is_written(string? environment)
    {
        var refused = Assert.IsType<RecordAnswer<DeployWindow>.Refused>(await _desk.CreateAsync(Freeze(environment), Ada, Token));

        Assert.IsType<RoleMayNotRefusal>(Assert.Single(refused.Refusals));
        Assert.Empty(await ((IWindowStore)_gates).ListAsync(Token));
    }

    [Fact]
    public async Task Where_one_may_it_is_kept_as_releases_have_the_name()
    {
        var made = Assert.IsType<RecordAnswer<DeployWindow>.Done>(await _desk.CreateAsync(Freeze(" Staging ") with { Service = "Shop ", Target = "gateway" }, Ada, Token));

        Assert.Equal(("shop", "gateway", "staging"), (made.Value.Service, made.Value.Target, made.Value.Environment));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two words")]
    [InlineData("-production")]
    public async Task A_name_that_no_release_can_have_is_refused_and_never_taken_for_everywhere(string name)
    {
        var admin = new Operator("ann", Role.Admin, IsService: false);
        foreach (var command in new[] { Freeze(name), Freeze("staging") with { Service = name }, Freeze("staging") with { Target = name } })
        {
            var refused = Assert.IsType<RecordAnswer<DeployWindow>.Refused>(await _desk.CreateAsync(command, admin, Token));
            Assert.True(Assert.Single(refused.Refusals) is CatalogNameRefusal or TextLengthRefusal);
        }

        Assert.Empty(await ((IWindowStore)_gates).ListAsync(Token));
    }

    private static CreateWindowCommand Freeze(string? environment) => new()
    {
        Name = "sale", Kind = DeployWindowKind.Freeze, Environment = environment, To = new FakeTime().GetUtcNow().AddHours(1), Reason = "the sale is on",
    };
}
