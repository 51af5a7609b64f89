using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class FlagEvaluationTests
{
    private static readonly FlagState On = new("recommendations", "production", "recommendations", false, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), Targeting.Everyone);

    private static readonly FlagEvaluation StaticOn = new(true, FlagReason.Static);
    private static readonly FlagEvaluation StaticOff = new(false, FlagReason.Static);
    private static readonly FlagEvaluation MatchOn = new(true, FlagReason.TargetingMatch);
    private static readonly FlagEvaluation MatchOff = new(false, FlagReason.TargetingMatch);

    [Fact]
    public void A_switch_is_on_for_everyone_until_it_is_killed()
    {
        Assert.Equal(StaticOn, FlagEvaluation.Of(On, EvaluationContext.Nobody));
        Assert.Equal("on", StaticOn.Variant);
        Assert.Equal("STATIC", FlagReason.Static.Code());
    }

    [Fact]
    public void A_kill_answers_off_whatever_the_targeting_says_and_restoring_brings_it_back()
    {
        var targeted = On with { Targeting = new Targeting([Rule("app.version", TargetingOperator.SemverAtLeast, ["2.0.0"], 100)], 50) };
        var context = Context("""{"targetingKey":"u","app":{"version":"2.1.0"}}""");

        Assert.Equal(MatchOn, FlagEvaluation.Of(targeted, context));
        Assert.Equal(StaticOff, FlagEvaluation.Of(targeted with { Killed = true }, context));
        Assert.Equal(StaticOff, FlagEvaluation.Of(targeted with { Killed = true }, EvaluationContext.Nobody));
        Assert.Equal(StaticOff, FlagEvaluation.Of(targeted with { Killed = true, Targeting = Targeting.Unreadable }, context));
        Assert.Equal(MatchOn, FlagEvaluation.Of(targeted with { Killed = false }, context));
        Assert.Equal("off", StaticOff.Variant);
    }

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        var flag = On with { Targeting = new Targeting([Rule("country", TargetingOperator.In, ["CA"], 0), Rule("plan", TargetingOperator.In, ["gold"], 100)], 100) };

        Assert.Equal(MatchOff, FlagEvaluation.Of(flag, Context("""{"country":"CA","plan":"gold"}""")));
        Assert.Equal(MatchOn, FlagEvaluation.Of(flag, Context("""{"country":"DE","plan":"gold"}""")));
        Assert.Equal(MatchOn, FlagEvaluation.Of(flag, EvaluationContext.Nobody));
    }

    [Fact]
    public void A_percentage_splits_people_and_needs_a_key()
    {
        var half = On with { Targeting = new Targeting([], 50) };
        var answers = Enumerable.Range(0, 1000).Select(i => FlagEvaluation.Of(half, EvaluationContext.Of("user-" + i))).ToList();

        Assert.All(answers, a => Assert.Equal(FlagReason.Split, a.Reason));
        Assert.InRange(answers.Count(a => a.Value), 400, 600);
        Assert.Equal(FlagError.TargetingKeyMissing, FlagEvaluation.Of(half, EvaluationContext.Nobody).Error);
        Assert.False(FlagEvaluation.Of(half, EvaluationContext.Nobody).Value);
        Assert.Equal(answers, Enumerable.Range(0, 1000).Select(i => FlagEvaluation.Of(half, EvaluationContext.Of("user-" + i))));
    }

    [Fact]
    public void A_key_is_missed_only_where_a_percentage_decides()
    {
        var flag = On with { Targeting = new Targeting([Rule("plan", TargetingOperator.In, ["gold"], 100)], 10) };

        Assert.Equal(MatchOn, FlagEvaluation.Of(flag, Context("""{"plan":"gold"}""")));
        Assert.Equal(FlagError.TargetingKeyMissing, FlagEvaluation.Of(flag, Context("""{"plan":"silver"}""")).Error);
        Assert.Equal(StaticOff, FlagEvaluation.Of(On with { Targeting = new Targeting([], 0) }, EvaluationContext.Nobody));
    }

    [Theory]
    [InlineData("plan", TargetingOperator.In, "gold", """{"plan":"gold"}""", true)]
    [InlineData("plan", TargetingOperator.In, "gold", """{"plan":"Gold"}""", false)]
    [InlineData("plan", TargetingOperator.In, "gold", """{"plan":["silver","gold"]}""", true)]
    [InlineData("plan", TargetingOperator.In, "gold", """{"plan":{"name":"gold"}}""", false)]
    [InlineData("plan", TargetingOperator.In, "gold", """{"plan":null}""", false)]
    [InlineData("n", TargetingOperator.In, "5", """{"n":5.0}""", true)]
    [InlineData("b", TargetingOperator.In, "true", """{"b":true}""", true)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", """{"plan":"silver"}""", true)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", """{"plan":"gold"}""", false)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", """{"plan":["silver","gold"]}""", false)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", "{}", false)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", """{"plan":null}""", false)]
    [InlineData("plan", TargetingOperator.NotIn, "gold", """{"plan":[]}""", false)]
    [InlineData("mail", TargetingOperator.EndsWith, "@example.com", """{"mail":"ada@example.com"}""", true)]
    [InlineData("mail", TargetingOperator.StartsWith, "ada", """{"mail":"ada@example.com"}""", true)]
    [InlineData("mail", TargetingOperator.StartsWith, "Ada", """{"mail":"ada@example.com"}""", false)]
    [InlineData("mail", TargetingOperator.Contains, "@", """{"mail":"ada@example.com"}""", true)]
    [InlineData("age", TargetingOperator.GreaterThan, "17", """{"age":18}""", true)]
    [InlineData("age", TargetingOperator.GreaterThan, "17", """{"age":17}""", false)]
    [InlineData("age", TargetingOperator.GreaterThan, "17", """{"age":"18"}""", false)]
    [InlineData("age", TargetingOperator.LessThan, "17.5", """{"age":17}""", true)]
    [InlineData("v", TargetingOperator.SemverAtLeast, "2.10.0", """{"v":"2.9.9"}""", false)]
    [InlineData("v", TargetingOperator.SemverAtLeast, "2.10.0", """{"v":"2.10.0"}""", true)]
    [InlineData("v", TargetingOperator.SemverBelow, "2.10.0", """{"v":"2.10.0-rc.1"}""", true)]
    [InlineData("v", TargetingOperator.SemverBelow, "2.10.0", """{"v":"2"}""", false)]
    [InlineData("v", TargetingOperator.SemverBelow, "2.10.0", """{"v":2}""", false)]
    [InlineData("app.version", TargetingOperator.In, "1", """{"app":{"version":"1"}}""", true)]
    [InlineData("app.version", TargetingOperator.In, "1", """{"app.version":"1","app":{"version":"2"}}""", true)]
    [InlineData("a.b.c", TargetingOperator.In, "1", """{"a.b":{"c":"1"}}""", true)]
    [InlineData("targetingKey", TargetingOperator.In, "user-1", """{"targetingKey":"user-1"}""", true)]
    public void Conditions(string attribute, TargetingOperator by, string value, string context, bool holds)
    {
        var flag = On with { Targeting = new Targeting([Rule(attribute, by, [value], 100)], 0) };

        Assert.Equal(holds ? MatchOn : MatchOff, FlagEvaluation.Of(flag, Context(context)));
    }

    [Fact]
    public void All_conditions_of_a_rule_must_hold_and_any_value_will_do()
    {
        var rule = new TargetingRule("both", [new("plan", TargetingOperator.In, ["gold", "silver"]), new("age", TargetingOperator.GreaterThan, ["17", "99"])], 100);
        var flag = On with { Targeting = new Targeting([rule], 0) };

        Assert.True(FlagEvaluation.Of(flag, Context("""{"plan":"silver","age":20}""")).Value);
        Assert.False(FlagEvaluation.Of(flag, Context("""{"plan":"silver","age":10}""")).Value);
    }

    [Fact]
    public void Targeting_on_record_that_cannot_be_read_is_an_error_of_its_flag_alone()
    {
        var board = new SwitchBoard();
        var broken = new SwitchEnvironment { Key = "a", Environment = "production", ChangedAt = On.ChangedAt };
        broken.Target("{", "ann", On.ChangedAt);
        board.Load([Switch("a"), Switch("b")], [broken]);

        Assert.Equal(FlagError.ParseError, FlagEvaluation.Of(board.Find("a", "production")!, EvaluationContext.Of("u")).Error);
        Assert.Equal(StaticOn, FlagEvaluation.Of(board.Find("b", "production")!, EvaluationContext.Of("u")));
    }

    private static KillSwitch Switch(string key) => new() { Key = key, Owner = "commerce", TurnsOff = key, ChangedAt = On.ChangedAt };

    private static TargetingRule Rule(string attribute, TargetingOperator by, string[] values, double percent) => new("rule", [new(attribute, by, values)], percent);

    private static EvaluationContext Context(string json)
    {
        var (context, fault) = ContextReader.Read(System.Text.Encoding.UTF8.GetBytes("{\"context\":" + json + "}"));
        Assert.Null(fault);
        return context!;
    }
}
