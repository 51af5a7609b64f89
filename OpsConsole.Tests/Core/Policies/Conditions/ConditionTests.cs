using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Policies.Conditions;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Conditions;

public sealed class ConditionTests
{
    private const string Service = """{"name":"shop","up":true,"values":[1,2,3],"none":null,"empty":[],"checks":[{"ok":true,"ms":12},{"ok":false,"ms":80}],"a":{"b":{"c":5}}}""";

    [Theory]
    [InlineData("true", true)]
    [InlineData("result.up", true)]
    [InlineData("result.up == true and not false", true)]
    [InlineData("!result.up || false", false)]
    [InlineData("true or result.missing.deep", true)]
    [InlineData("false && result.missing.deep", false)]
    [InlineData("result.a.b.c == 5", true)]
    [InlineData("result[\"a\"]['b'].c == 5", true)]
    [InlineData("result.values[0] == 1 && result.values[2] > 2.5", true)]
    [InlineData("result.values == [1, 2, 3]", true)]
    [InlineData("result.values != [1, 2]", true)]
    [InlineData("2 in result.values", true)]
    [InlineData("'2' in result.values", false)]
    [InlineData("4 not in result.values", true)]
    [InlineData("result.name in ['shop', 'search']", true)]
    [InlineData("'up' in result", true)]
    [InlineData("result.name contains 'ho'", true)]
    [InlineData("result.values contains 3", true)]
    [InlineData("result.name startsWith 'sh' and result.name endsWith \"op\"", true)]
    [InlineData("result.name + '!' == 'shop!'", true)]
    [InlineData("result.name < 'zebra'", true)]
    [InlineData("1 + 2 * 3 == 7 && (1 + 2) * 3 == 9", true)]
    [InlineData("7 % 4 == 3 && 7 / 2 == 3.5 && -2 < 1e-3", true)]
    [InlineData("10 - 3 - 2 == 5", true)]
    [InlineData("len(result.values) == 3 && len(result.name) == 4 && len(result.empty) == 0", true)]
    [InlineData("result.none == nil && result.missing == null && isNil(result.none)", true)]
    [InlineData("result.name != nil", true)]
    [InlineData("default(result.none, 7) == 7 && default(result.a.b.c, 7) == 5", true)]
    [InlineData("all(result.values, {# > 0})", true)]
    [InlineData("any(result.values, {# > 2}) && !any(result.values, {# > 3})", true)]
    [InlineData("none(result.checks, {#.ms > 100}) && none(result.empty, {true})", true)]
    [InlineData("one(result.checks, {!#.ok})", true)]
    [InlineData("count(result.checks, {#.ok}) == 1", true)]
    [InlineData("len(filter(result.values, {# in [1, 3]})) == 2", true)]
    [InlineData("all(filter(result.values, {# > 1}), {any(result.values, {# > 2}) && # > 1})", true)]
    [InlineData("isNaN(asFloat('NaN')) && !isNaN(1) && isInf(asFloat('-Inf')) && !isInf(1)", true)]
    [InlineData("asFloat('NaN') > 1 || asFloat('NaN') <= 1", false)]
    [InlineData("asInt('-12') == -12 && asInt(1.9) == 1 && asFloat('1.5e2') == 150", true)]
    [InlineData("'a\\'b\\n' == \"a'b\\n\"", true)]
    public void Conditions_have_their_value(string condition, bool expected) =>
        Assert.Equal(expected, Condition.Parse(condition).Evaluate(Json(Service)));

    [Theory]
    [InlineData("", 1)]
    [InlineData("   ", 4)]
    [InlineData("a == true", 1)]
    [InlineData("true && invalidVariable", 9)]
    [InlineData("result.", 8)]
    [InlineData("result ==", 10)]
    [InlineData("result = 1", 8)]
    [InlineData("(result", 8)]
    [InlineData("result)", 7)]
    [InlineData("[1, 2", 6)]
    [InlineData("[,]", 2)]
    [InlineData("'open", 1)]
    [InlineData("'bad \\q'", 6)]
    [InlineData("1e", 1)]
    [InlineData("1e999", 1)]
    [InlineData("# > 1", 1)]
    [InlineData("all(result, # > 1)", 13)]
    [InlineData("all(result)", 11)]
    [InlineData("len()", 1)]
    [InlineData("len(1, 2)", 1)]
    [InlineData("system('rm')", 1)]
    [InlineData("result.Name() == 'hi'", 12)]
    [InlineData("1 not 2", 7)]
    [InlineData("result; true", 7)]
    public void What_cannot_be_read_is_refused_with_its_column(string condition, int column)
    {
        var refused = Assert.Throws<ConditionException>(() => Condition.Parse(condition));

        Assert.Equal(column, refused.Column);
        Assert.StartsWith($"Column {column}: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("result.name")]
    [InlineData("result.name > 1")]
    [InlineData("result.values[0] == '1'")]
    [InlineData("result.values[0] != '1'")]
    [InlineData("result.up > 0")]
    [InlineData("result.missing.deep")]
    [InlineData("result.name.length == 4")]
    [InlineData("result.values[3] == 1")]
    [InlineData("result.values[-1] == 1")]
    [InlineData("result.values[0.5] == 1")]
    [InlineData("result[0] == 1")]
    [InlineData("result.missing < 5")]
    [InlineData("not result.values")]
    [InlineData("-result.name == 1")]
    [InlineData("1 && true")]
    [InlineData("1 / 0 > 1")]
    [InlineData("1 % 0 == 0")]
    [InlineData("asInt('1.1') == 1.1")]
    [InlineData("asInt(asFloat('Inf')) == 1")]
    [InlineData("asFloat(true) == 1")]
    [InlineData("asFloat('NotANum') == 1.1")]
    [InlineData("asFloat('1.1') == '1.1'")]
    [InlineData("len(5) == 1")]
    [InlineData("isNaN('x')")]
    [InlineData("all(result.name, {true})")]
    [InlineData("all(result.values, {#})")]
    [InlineData("all(result.empty, {# > 1})")]
    [InlineData("result contains 5")]
    [InlineData("'a' * 'b' == 'c'")]
    public void What_cannot_be_evaluated_is_an_error_and_never_a_plain_no(string condition) =>
        Assert.Throws<ConditionException>(() => Condition.Parse(condition).Evaluate(Json(Service)));

    [Fact]
    public void Length_depth_and_steps_are_bounded()
    {
        Assert.Throws<ConditionException>(() => Condition.Parse(new string(' ', 1_001)));
        Assert.True(Condition.Parse("true" + new string(' ', 996)).Evaluate(Json("1")));
        Assert.Throws<ConditionException>(() => Condition.Parse(new string('(', 400) + "true" + new string(')', 400)));
        Assert.Throws<ConditionException>(() => Condition.Parse(new string('!', 900) + "true"));
        Assert.Throws<ConditionException>(() => Condition.Parse(string.Join("||", Enumerable.Repeat("true", 160))));
        Assert.Throws<ConditionException>(() => Condition.Parse("result" + string.Concat(Enumerable.Repeat("[0]", 300)) + "==1"));
        Assert.True(Condition.Parse(new string('(', 30) + "true" + new string(')', 30)).Evaluate(Json("1")));
        Assert.True(Condition.Parse(string.Join("&&", Enumerable.Repeat("true", 30))).Evaluate(Json("1")));

        var many = Json("[" + string.Join(',', Enumerable.Range(0, 1_000)) + "]");
        Assert.Contains("steps", Assert.Throws<ConditionException>(() => Condition.Parse("all(result, {all(result, {# >= 0})})").Evaluate(many)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_it_fail_in_another_way()
    {
        var word = Gen.Elements("result", ".", "(", ")", "[", "]", "{", "}", "#", "1", "'a'", "==", "&&", "not", "in", "all", ",", "-", "len", "values", "\\", "'", " ");
        Prop.ForAll(word.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            try
            {
                Condition.Parse(text).Evaluate(Json(Service));
            }
            catch (ConditionException e)
            {
                return e.Column >= 1 && e.Column <= text.Length + 1;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("true", "false", MeasurementOutcome.Successful)]
    [InlineData("true", "true", MeasurementOutcome.Failed)]
    [InlineData("false", "true", MeasurementOutcome.Failed)]
    [InlineData("false", "false", MeasurementOutcome.Inconclusive)]
    [InlineData("", "false", MeasurementOutcome.Successful)]
    [InlineData("", "true", MeasurementOutcome.Failed)]
    [InlineData("false", "", MeasurementOutcome.Failed)]
    [InlineData("true", null, MeasurementOutcome.Successful)]
    [InlineData(null, null, MeasurementOutcome.Successful)]
    [InlineData("a == true", "true", MeasurementOutcome.Error)]
    [InlineData("true", "a == true", MeasurementOutcome.Error)]
    [InlineData("true", "result.deep", MeasurementOutcome.Error)]
    public void Conditions_decide_about_a_measurement(string? success, string? failure, MeasurementOutcome expected)
    {
        var measurement = MeasurementRule.Judge(Json("7"), success, failure);

        Assert.Equal(expected, measurement.Outcome);
        Assert.EndsWith(".", measurement.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_measurement_without_a_result_is_an_error(string result)
    {
        Assert.Equal(new(MeasurementOutcome.Error, "The metric result is nil or empty."), MeasurementRule.Judge(Json(result), "true", null));
        Assert.Equal(MeasurementOutcome.Error, MeasurementRule.Judge(default, (string?)null, null).Outcome);
    }

    [Fact]
    public void Cases_of_Argo_Rollouts_hold()
    {
        var cases = JsonDocument.Parse(Conformance.Read("argo/evaluate_cases.json")).RootElement;
        foreach (var one in cases.GetProperty("evaluateResult").EnumerateArray())
        {
            var (success, failure) = (one.GetProperty("success").GetString(), one.GetProperty("failure").GetString());
            Assert.Equal(one.GetProperty("expect").GetString(), MeasurementRule.Judge(Json("true"), success, failure).Outcome.ToString());
        }

        foreach (var one in cases.GetProperty("evalCondition").EnumerateArray())
        {
            var (result, expression, expected) = (one.GetProperty("result"), one.GetProperty("expr").GetString()!, one.GetProperty("expect"));
            if (expected.ValueKind == JsonValueKind.String)
            {
                var error = Assert.Throws<ConditionException>(() => Condition.Parse(expression).Evaluate(result));
                var told = expected.GetString()!.Split(": ");
                Assert.Contains(told.Length > 1 ? told[1] : "", error.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(expected.GetBoolean(), Condition.Parse(expression).Evaluate(result));
            }
        }
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
