using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class TargetingCheckTests
{
    private const string Good = """
        {"rules":[{"name":"beta","conditions":[{"attribute":"app.version","operator":"semverAtLeast","values":["2.15.0"]}],"percent":12.5}],"percent":0.001}
        """;

    [Fact]
    public void How_far_a_release_drives_it_is_kept_beside_it_and_changes_no_answer()
    {
        var plain = new Targeting([], 5);
        var driven = plain with { Drive = new(Guid.NewGuid(), [Guid.NewGuid()], true) };

        Assert.DoesNotContain("drive", TargetingText.Write(plain), StringComparison.Ordinal);
        var read = TargetingText.ReadStored(TargetingText.Write(driven));
        Assert.Equal((driven.Drive!.Release, driven.Drive.Actions[0], true), (read.Drive!.Release, read.Drive.Actions[0], read.Drive.Held));
        Assert.True(driven.AnswersLike(plain));
        Assert.False(driven.AnswersLike(plain with { Percent = 6 }));
        Assert.False(driven.AnswersLike(plain with { Rules = [new("a", [new("plan", TargetingOperator.In, ["gold"])], 100)] }));
        Assert.False(Targeting.Unreadable.AnswersLike(new Targeting([], 0)));
        Assert.Same(Targeting.Unreadable, TargetingText.ReadStored("""{"rules":[],"percent":5,"drive":{"release":"no"}}"""));
    }

    [Fact]
    public void A_good_one_is_taken_and_written_as_it_was()
    {
        var (value, faults) = TargetingText.ReadGiven(Good);

        Assert.Empty(faults);
        Assert.Equal(12.5, value!.Rules[0].Percent);
        Assert.Equal(TargetingOperator.SemverAtLeast, value.Rules[0].Conditions[0].Operator);
        Assert.Equal(TargetingText.Write(value), TargetingText.Write(TargetingText.Read(TargetingText.Write(value))));
        Assert.Empty(TargetingCheck.Faults(Targeting.Everyone));
    }

    [Theory]
    [InlineData("12.5", "100.5", "rules[0].percent")]
    [InlineData("12.5", "-1", "rules[0].percent")]
    [InlineData("12.5", "1e999", "rules[0].percent")]
    [InlineData("0.001", "0.0001", "percent")]
    [InlineData("\"beta\"", "\" \"", "rules[0].name")]
    [InlineData("\"app.version\"", "\"app..version\"", "rules[0].conditions[0].attribute")]
    [InlineData("\"app.version\"", "\"\"", "rules[0].conditions[0].attribute")]
    [InlineData("\"2.15.0\"", "\"2.15\"", "rules[0].conditions[0].values[0]")]
    [InlineData("\"2.15.0\"", "", "rules[0].conditions[0].values")]
    [InlineData("\"2.15.0\"", "\"2.15.0\",null", "rules[0].conditions[0].values[1]")]
    [InlineData("\"2.15.0\"", "\"a\\u0000\"", "rules[0].conditions[0].values[0]")]
    [InlineData("semverAtLeast", "matches", "rules[0].conditions[0].operator")]
    [InlineData("\"semverAtLeast\"", "3", "rules[0].conditions[0].operator")]
    public void Each_fault_is_named_with_its_place(string from, string to, string path)
    {
        var (value, faults) = TargetingText.ReadGiven(Good.Replace(from, to, StringComparison.Ordinal));

        Assert.Null(value);
        var fault = Assert.Single(faults);
        Assert.Equal(path, fault.Path);
        Assert.EndsWith(".", fault.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"rules":[],"percent":10,"percent":20}""")]
    [InlineData("""{"rules":[],"percent":10,"salt":"x"}""")]
    [InlineData("""{"rules":[],"percent":"10"}""")]
    public void What_is_no_targeting_is_refused_in_words(string json)
    {
        var (value, faults) = TargetingText.ReadGiven(json);

        Assert.Null(value);
        Assert.Single(faults);
    }

    [Fact]
    public void Counts_and_sizes_have_limits()
    {
        static TargetingCondition Condition(int values, string value = "x") => new("plan", TargetingOperator.In, [.. Enumerable.Repeat(value, values)]);
        static Targeting With(params TargetingCondition[] conditions) => new([new("r", conditions, 10)], 10);
        var full = With([.. Enumerable.Repeat(Condition(1), 20)]);

        Assert.Empty(TargetingCheck.Faults(full));
        Assert.Equal("rules[0].conditions", Assert.Single(TargetingCheck.Faults(With([.. Enumerable.Repeat(Condition(1), 21)]))).Path);
        Assert.Equal("rules[0].conditions", Assert.Single(TargetingCheck.Faults(With())).Path);
        Assert.Equal("rules", Assert.Single(TargetingCheck.Faults(new Targeting([.. Enumerable.Repeat(full.Rules[0], 51)], 1))).Path);
        Assert.Empty(TargetingCheck.Faults(With(Condition(1000))));
        Assert.Equal("rules[0].conditions[0].values", Assert.Single(TargetingCheck.Faults(With(Condition(1001)))).Path);
        Assert.Equal("rules[0].conditions[0].values[0]", Assert.Single(TargetingCheck.Faults(With(Condition(1, new string('x', 257))))).Path);
        Assert.Equal(TargetingCheck.MaxFaults, TargetingCheck.Faults(With(Condition(1000, ""))).Count);
        Assert.Contains("shorter", Assert.Single(TargetingCheck.Faults(With(Condition(1000, new string('x', 256)), Condition(100, new string('y', 256))))).Sentence, StringComparison.Ordinal);
    }
}
