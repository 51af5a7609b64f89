using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Webhook;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>Whoever writes a program or a receiver by hand is told what is wrong with its answer.</summary>
public sealed class RolloutAnswerTests
{
    private static readonly TargetSettings Settings = new(WebhookKind.Value, "mainframe", "production", new Dictionary<string, string>());

    [Theory]
    [InlineData("[]", "it is no object of JSON")]
    [InlineData("{ \"halted\": false }", "exposurePercent is no number from 0 to 100")]
    [InlineData("{ \"exposurePercent\": \"25\", \"halted\": false }", "exposurePercent is no number from 0 to 100")]
    [InlineData("{ \"exposurePercent\": 101, \"halted\": false }", "exposurePercent is no number from 0 to 100")]
    [InlineData("{ \"exposurePercent\": 25 }", "halted is neither true nor false")]
    [InlineData("{ \"exposurePercent\": 25, \"halted\": \"no\" }", "halted is neither true nor false")]
    [InlineData("{ \"exposurePercent\": 25, \"halted\": false, \"lastActionId\": \"\" }", "lastActionId is not the id of an action; it is left out where there is none")]
    [InlineData("{ \"exposurePercent\": 25, \"halted\": false, \"lastActionId\": 7 }", "lastActionId is not the id of an action; it is left out where there is none")]
    [InlineData("{ \"exposurePercent\": 25, \"halted\": false, \"besides\": 7 }", "besides is no text")]
    public void What_is_wrong_is_told(string answer, string why)
    {
        var refused = Assert.Throws<TargetUnreachableException>(() => Read(answer));

        Assert.Equal($"The deployer answered something else: {why}.", refused.Message);
    }

    [Fact]
    public void A_state_is_taken_with_or_without_what_may_be_left_out()
    {
        var action = Guid.NewGuid();

        Assert.Equal((25, true, null, null), State(Read("{ \"exposurePercent\": 25, \"halted\": true, \"lastActionId\": null }")));
        Assert.Equal((0.5, false, action, "3 of 4 hosts"), State(Read($"{{ \"exposurePercent\": 0.5, \"halted\": false, \"lastActionId\": \"{action}\", \"besides\": \"3 of 4 hosts\" }}")));
    }

    private static (double Share, bool Halted, Guid? Last, string? Besides) State(TargetObservation seen) => (seen.ExposurePercent, seen.Halted, seen.LastActionId, seen.Besides);

    private static TargetObservation Read(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return RolloutAnswer.Read(document.RootElement, Settings, "The deployer answered something else", Sample.Noon);
    }
}
