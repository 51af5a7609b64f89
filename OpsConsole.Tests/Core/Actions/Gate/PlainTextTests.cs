using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Tests.Core.Actions.Gate;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("errors grow", "errors grow")]
    [InlineData("errors\0 grow\u0007\u001b", "errors grow")]
    [InlineData("errors\r\ngrow\tfast\u2028now", "errors  grow fast now")]
    [InlineData("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u3164", "")]
    [InlineData("Größe \ud83d\ude80 失敗", "Größe \ud83d\ude80 失敗")]
    public void What_cannot_be_seen_is_left_out(string? text, string kept) => Assert.Equal(kept, PlainText.Of(text));

    [Fact]
    public void Half_a_character_is_left_out() => Assert.Equal("half  and ", PlainText.Of("half \ud83d and \ude80"));

    [Theory]
    [InlineData("\u200b\u200b\u200b\u200b", "reason-too-short")]
    [InlineData("\0\0\0\0", "reason-too-short")]
    [InlineData("ok\0\0", "reason-too-short")]
    public async Task A_reason_that_nobody_can_read_is_too_short_and_on_the_record(string reason, string code)
    {
        var world = new GateWorld();
        var release = world.Release();

        Assert.Equal([code], GateWorld.Refused(await world.Gate.RequestAsync(new HaltCommand(release.Id, reason, null, null), Given.OnCall, default)));
        Assert.Equal([code], GateWorld.Refused(await world.Gate.RequestAsync(new KillCommand("recommendations", reason), Given.OnCall, default)));

        Assert.Equal(2, world.Record.Audit.Count(a => a.Outcome == "refused" && !a.Reason!.Contains('\0')));
    }

    [Fact]
    public async Task A_control_character_does_not_hold_up_a_stop()
    {
        var world = new GateWorld();
        var release = world.Release();

        var halt = GateWorld.Accepted(await world.Gate.RequestAsync(new HaltCommand(release.Id, "errors\0 grow", null, null), Given.OnCall, default));

        Assert.Equal("errors grow", halt.Reason);
        Assert.Equal("stop it", (new HaltCommand(release.Id, "x", null, null) with { Reason = "stop\u0001 it" }).Reason);
    }
}
