using OpsConsole.Core.Board;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class FlagEvaluationTests
{
    private static readonly SwitchSummary On = new("recommendations", false, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "recommendations");

    [Fact]
    public void A_switch_is_on_until_it_is_killed()
    {
        Assert.True(FlagEvaluation.Of(On).Value);
        Assert.Equal("on", FlagEvaluation.Of(On).Variant);
    }

    [Fact]
    public void A_killed_switch_says_false_in_so_many_words()
    {
        var killed = FlagEvaluation.Of(On with { Killed = true });

        Assert.False(killed.Value);
        Assert.Equal("off", killed.Variant);
        Assert.Equal("STATIC", FlagEvaluation.Reason);
    }

    [Fact]
    public void The_tag_changes_with_the_answers_and_not_with_their_order()
    {
        var other = On with { Key = "other" };
        var tag = FlagEvaluation.Tag([On, other]);

        Assert.Equal(tag, FlagEvaluation.Tag([other, On]));
        Assert.NotEqual(tag, FlagEvaluation.Tag([On with { Killed = true }, other]));
        Assert.NotEqual(tag, FlagEvaluation.Tag([On]));
        Assert.NotEqual(tag, FlagEvaluation.Tag([On with { ChangedAt = On.ChangedAt.AddTicks(10) }, other]));
    }
}
