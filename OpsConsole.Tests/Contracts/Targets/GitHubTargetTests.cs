using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.GitHub;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class GitHubTargetTests : TargetContract
{
    private GitHubServer _api = null!;

    private protected override DeliveryTargetKind Kind => GitHubKind.Value;

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = "shop-app" };

    [Fact]
    public async Task The_workflow_is_given_everything_that_is_asked()
    {
        var change = Change(12.5);
        await ApplyAsync(change);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["action_id"] = change.ActionId.ToString("D"), ["deployment_id"] = _api.Deployments[0]["id"]!.ToJsonString(), ["environment"] = Production, ["service"] = "shop-app",
                ["version"] = New, ["previous_version"] = Before, ["share"] = "12.5", ["halted"] = "false",
            },
            _api.Inputs);
        Assert.Equal("v2.15.0", (string)_api.Deployments[0]["ref"]!);
        Assert.Equal(change.ActionId, (await SeenAsync()).LastActionId);
    }

    [Fact]
    public async Task A_roll_back_deploys_the_version_before()
    {
        await ApplyAsync(Change(100));
        await ApplyAsync(Change(0));

        Assert.Equal("v2.14.3", (string)_api.Deployments[1]["ref"]!);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Nothing_is_known_while_the_workflow_is_at_it()
    {
        await ApplyAsync(Change(25));
        _api.Mood = WorkflowMood.Begins;
        await ApplyAsync(Change(50));

        var told = await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);

        Assert.Equal("The workflow is at 2.15.0 at 50 %: in_progress.", told.Message);
    }

    [Fact]
    public async Task What_is_under_way_is_looked_at_every_two_seconds_at_most()
    {
        var time = new FakeTime();
        var adapter = Connect(Settings(_api.Address), time);
        _api.Mood = WorkflowMood.Begins;
        await adapter.ApplyAsync(Change(25), TestContext.Current.CancellationToken);
        await UnknownAsync(adapter);
        var asked = _api.Requests.Count;
        _api.Say("success");

        await UnknownAsync(adapter);
        Assert.Equal(asked, _api.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(25, (await adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken)).ExposurePercent);
    }

    [Theory]
    [InlineData("Waits", true, "The run for 2.15.0 at 25 % is queued (https://github.com/acme/shop-app/actions/runs/1).")]
    [InlineData("IsHeldUp", true, "The run for 2.15.0 at 25 % waits for the environment's reviewers or timer at GitHub (https://github.com/acme/shop-app/actions/runs/1).")]
    [InlineData("Waits", false, "GitHub lists no run of the workflow for 2.15.0 at 25 % yet.")]
    [InlineData("Dies", true, "The run for 2.15.0 at 25 % ended as failure without a status of its deployment (https://github.com/acme/shop-app/actions/runs/1).")]
    [InlineData("Fails", true, "The workflow says failure for 2.15.0 at 25 %, so what is so is not known; run it again at GitHub, or roll back.")]
    public async Task Why_nothing_is_known_is_told(string mood, bool listed, string told)
    {
        (_api.Mood, _api.ListsRuns) = (Enum.Parse<WorkflowMood>(mood), listed);
        await ApplyAsync(Change(25));

        Assert.Equal(told, (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message);
    }

    [Fact]
    public async Task A_run_that_was_made_to_work_again_is_seen()
    {
        _api.Mood = WorkflowMood.Fails;
        await ApplyAsync(Change(25));
        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);

        _api.Say("in_progress");
        _api.Say("success");

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_another_deployment_made_inactive_is_so_still()
    {
        await ApplyAsync(Change(25));
        _api.Say("inactive");

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_was_called_off_never_happened()
    {
        await ApplyAsync(Change(25));
        _api.Mood = WorkflowMood.Fails;
        await ApplyAsync(Change(50));
        _api.Say("inactive", "It was looked at: nothing changed.");

        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_workflow_that_is_not_started_leaves_what_was_so_and_can_be_asked_again()
    {
        await ApplyAsync(Change(25));
        _api.RefusesToStart = "Workflow does not have 'workflow_dispatch' trigger";
        var change = Change(50);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(change));

        Assert.Equal("GitHub refused: Workflow does not have 'workflow_dispatch' trigger", refused.Message);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
        _api.RefusesToStart = null;
        await ApplyAsync(change);
        Assert.Equal(50, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task What_lies_behind_many_that_never_happened_is_not_known_and_not_nothing()
    {
        await ApplyAsync(Change(25));
        _api.RefusesToStart = "Workflow does not have 'workflow_dispatch' trigger";
        for (var tried = 0; tried < 5; tried++)
        {
            Assert.Equal(25, (await SeenAsync()).ExposurePercent);
            await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(50)));
        }

        Assert.Contains("the newest 5 never happened", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_what_never_happened_is_nothing()
    {
        _api.RefusesToStart = "Workflow does not have 'workflow_dispatch' trigger";
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.Equal((0.0, "GitHub has no deployment by the console of shop in production that happened."), ((await SeenAsync()).ExposurePercent, (await SeenAsync()).Besides));
    }

    [Fact]
    public async Task A_deployment_whose_workflow_was_never_started_is_taken_up()
    {
        _api.FailChanges(ApiFault.Broken);
        var change = Change(25);
        await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(change));
        _api.Fail(ApiFault.None, 0);

        await ApplyAsync(change);

        Assert.Single(_api.Deployments);
        Assert.Single(_api.Runs);
        Assert.Equal(25, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_run_that_is_listed_is_not_started_again()
    {
        _api.Mood = WorkflowMood.Waits;
        var change = Change(25);
        await ApplyAsync(change);
        await ApplyAsync(change);

        Assert.Single(_api.Runs);
    }

    [Fact]
    public async Task What_was_overtaken_is_not_asked_for_again()
    {
        var change = Change(25);
        await ApplyAsync(change);
        await ApplyAsync(Change(0));

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(change));

        Assert.Equal("GitHub was asked for 2.15.0 at 0 % since, so this is not asked for again.", refused.Message);
        Assert.Equal(2, _api.Runs.Count);
    }

    [Fact]
    public async Task Too_many_requests_are_told_as_that_although_GitHub_says_403()
    {
        _api.IsLimited = true;

        Assert.Equal("GitHub is asked too often: API rate limit exceeded for installation ID 77.", (await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync)).Message);
    }

    [Theory]
    [InlineData("Repository", "shop", "Repository is not owner/name.")]
    [InlineData("Repository", "acme/shop/../other", "Repository is not owner/name.")]
    [InlineData("Workflow", ".github/workflows/rollout.yml", "Workflow is neither")]
    [InlineData("Ref", "main", "Ref does not have {version}")]
    [InlineData("Token", "", "Either Token is to be set")]
    [InlineData("App", "Iv1.0123456789abcdef", "Either Token is to be set")]
    [InlineData("Verbs", "launch", "Verbs names 'launch'")]
    public void A_setting_that_is_wrong_is_told(string name, string value, string told)
    {
        var settings = new TargetSettings(Kind, "target", Production, new Dictionary<string, string>(Settings(_api.Address)) { [name] = value });

        Assert.StartsWith(told, Assert.Single(settings.Faults()), StringComparison.Ordinal);
    }

    private protected override ApiServer Serve() => _api = new GitHubServer(static token => token == Secret);

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private static Dictionary<string, string> Told(Uri address, string token) => new() { ["Repository"] = "acme/{service}", ["Workflow"] = "rollout.yml", ["Token"] = token, ["Api"] = address.ToString() };

    private static async Task UnknownAsync(IDeliveryTargetAdapter adapter) =>
        await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));
}
