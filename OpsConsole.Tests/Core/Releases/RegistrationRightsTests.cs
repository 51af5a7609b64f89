using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Releases;

/// <summary>Who registers neither moves a release nor reaches into other environments by it.</summary>
public sealed class RegistrationRightsTests
{
    private const string ByItself = "canary:\n  stages:\n    - {traffic: 100%, duration: 1m}\ndelivery:\n  mode: deployment\n";

    private static readonly ReleaseRegistration Good = new()
    {
        Service = "shop", Target = "gateway", Environment = "staging", Version = "2.15.0", PreviousVersion = "2.14.3", PreviousDigest = "sha256:" + new string('b', 64), Owner = "commerce",
        Artifact = new("sha256:" + new string('a', 64), "abc1234", null, null),
    };

    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();
    private readonly InMemoryPolicies _library = new();
    private readonly SwitchBoard _flags = new();
    private readonly RegisterRelease _register;

    public RegistrationRightsTests() => _register = new RegisterRelease(
        _record, _record, _record, new InMemoryGates(_record), new ReleaseBoard(_time), _flags, _time, NullLogger<RegisterRelease>.Instance, new RegistrationPolicies(_library, null));

    [Fact]
    public async Task A_policy_of_its_own_that_promotes_by_itself_needs_the_right_to_promote()
    {
        var refused = Assert.IsType<RegisterAnswer.NotPermitted>(await RegisterAsync(Good with { Policy = ByItself }, "staging:releases:register"));

        Assert.Contains("releases:promote is not in its scope", refused.Sentence, StringComparison.Ordinal);
        Assert.IsType<RegisterAnswer.NotPermitted>(await RegisterAsync(Good with { Policy = ByItself }, "staging:releases:register production:releases:promote"));
        Assert.Empty(_record.Audit);
        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good with { Policy = ByItself }, "staging:releases:register staging:releases:promote"));
    }

    [Fact]
    public async Task One_of_the_library_was_saved_by_those_who_may_and_one_that_waits_for_people_moves_nothing()
    {
        await _library.SaveAsync(new("by-itself", ByItself, PolicyText.Digest(ByItself), null, new("ana", Role.Admin, false), _time.GetUtcNow()), default);

        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good with { PolicyName = "by-itself" }, "staging:releases:register"));
        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(
            Good with { Service = "search", Version = "2.16.0", Artifact = Good.Artifact with { Digest = "sha256:" + new string('c', 64) }, Policy = ByItself.Replace("deployment", "delivery", StringComparison.Ordinal) }, "staging:releases:register"));
    }

    [Theory]
    [InlineData("staging:releases:register", false)]
    [InlineData("*:releases:register", true)]
    [InlineData("staging:releases:register *:switches:target", true)]
    public async Task A_switch_that_would_be_on_everywhere_is_made_by_who_may_everywhere(string scope, bool may)
    {
        var answer = await RegisterAsync(Good with { SwitchKey = "new-checkout" }, scope);

        Assert.Equal(may, answer is RegisterAnswer.Registered);
        Assert.Equal(may, _flags.Find("new-checkout", "production") is not null);
        Assert.Equal(may, await ((ISwitchStore)_record).FindAsync("new-checkout", default) is not null);
        Assert.Equal(may, _record.Audit.Any(e => e.Event == "switch.add"));
        if (answer is RegisterAnswer.NotPermitted refused)
        {
            Assert.StartsWith("The switch new-checkout is not there yet, and one that comes with a release is on in every environment. This token may register releases in staging only", refused.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_switch_that_is_there_is_named_by_any_release()
    {
        await ((ISwitchStore)_record).AddAsync(new KillSwitch { Key = "new-checkout", Owner = "commerce", TurnsOff = "the new checkout", ChangedAt = _time.GetUtcNow() }, default);

        Assert.IsType<RegisterAnswer.Registered>(await RegisterAsync(Good with { SwitchKey = "new-checkout" }, "staging:releases:register"));
    }

    private Task<RegisterAnswer> RegisterAsync(ReleaseRegistration registration, string scope) =>
        _register.RegisterAsync(registration, new Operator("ci", Role.Service, IsService: true) { Token = Guid.NewGuid(), Scope = AccessScope.Parse(scope) }, default);
}
