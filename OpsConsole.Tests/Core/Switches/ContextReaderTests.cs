using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class ContextReaderTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var context = Good("""{"context":{"targetingKey":"u","text":"a","number":-1.5e3,"yes":true,"none":null,"list":[1,"b",[2]],"in":{"deep":{"er":"c"}}},"other":[{}]}""");

        Assert.Equal("u", context.TargetingKey);
        Assert.Equal(new ContextValue.Text("a"), context.Find("text"));
        Assert.Equal(new ContextValue.Number(-1500), context.Find("number"));
        Assert.Equal(new ContextValue.Boolean(true), context.Find("yes"));
        Assert.Null(context.Find("none"));
        Assert.Equal(3, Assert.IsType<ContextValue.List>(context.Find("list")).Values.Count);
        Assert.Equal(new ContextValue.Text("c"), context.Find("in.deep.er"));
        Assert.Null(context.Find("in.deep.nothing"));
    }

    [Theory]
    [InlineData("""{"context":{}}""")]
    [InlineData("""{"context":{"targetingKey":null}}""")]
    [InlineData("""{"context":{"targetingKey":""}}""")]
    public void A_context_may_be_without_a_key(string body) => Assert.Null(Good(body).TargetingKey);

    [Theory]
    [InlineData("", FlagError.ParseError)]
    [InlineData("{", FlagError.ParseError)]
    [InlineData("[]", FlagError.ParseError)]
    [InlineData("null", FlagError.ParseError)]
    [InlineData("""{"context":{}} x""", FlagError.ParseError)]
    [InlineData("""{"context":{"a":01}}""", FlagError.ParseError)]
    [InlineData("""{"context":{"a":NaN}}""", FlagError.ParseError)]
    [InlineData("{}", FlagError.InvalidContext)]
    [InlineData("""{"context":7}""", FlagError.InvalidContext)]
    [InlineData("""{"context":null}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{},"context":{}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"targetingKey":7}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"targetingKey":["u"]}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"a":1,"a":2}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"targetingKey":"a","targetingKey":"b"}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"o":{"a":1,"\u0061":2}}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"a":"b\u0000c"}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"\u0000":1}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"a":"\ud800"}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"a":1e400}}""", FlagError.InvalidContext)]
    [InlineData("""{"context":{"a":-1e99999999}}""", FlagError.InvalidContext)]
    public void What_is_wrong_is_said(string body, FlagError error)
    {
        var (context, fault) = Read(body);

        Assert.Null(context);
        Assert.Equal(error, fault!.Error);
        Assert.EndsWith(".", fault.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_size_count_and_key_have_limits()
    {
        Assert.Equal(FlagError.ParseError, Read("{\"context\":{\"a\":" + new string('[', 40) + new string(']', 40) + "}}").Fault!.Error);
        Assert.Equal(FlagError.ParseError, Read("{\"context\":{\"a\":\"" + new string('x', ContextReader.MaxBytes) + "\"}}").Fault!.Error);
        Assert.Contains("1000 values", Read("{\"context\":{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 1000)) + "]}}").Fault!.Details, StringComparison.Ordinal);
        Assert.NotNull(Read("{\"context\":{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 999)) + "]}}").Context);
        Assert.Equal(FlagError.InvalidContext, Read("{\"context\":{\"targetingKey\":\"" + new string('k', 1025) + "\"}}").Fault!.Error);
        Assert.Equal(FlagError.ParseError, Read("{\"context\":{\"a\":" + new string('{', 60_000)).Fault!.Error);
        Assert.Equal(FlagError.InvalidContext, Read("{\"context\":{\"a\":1" + new string('0', 60_000) + "}}").Fault!.Error);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. "{\"context\":{\"a\":\""u8, 0xff, 0xfe, .. "\"}}"u8];

        Assert.NotNull(ContextReader.Read(body).Fault);
    }

    [Fact]
    public void No_bytes_make_it_fail_in_another_way()
    {
        var pieces = Gen.Elements("{", "}", "[", "]", ":", ",", "\"context\"", "\"targetingKey\"", "\"\\ud800\"", "\"\\u0000\"", "1e999", "null", "true", "\"x\"", "\0", "\uffff", " ");
        Prop.ForAll(pieces.ListOf().ToArbitrary(), list =>
        {
            var (context, fault) = Read(string.Concat(list));
            Assert.True(context is null != fault is null);
        }).QuickCheckThrowOnFailure();
        Prop.ForAll<byte[]>(bytes => Assert.NotNull(ContextReader.Read(bytes ?? []).Fault)).QuickCheckThrowOnFailure();
    }

    private static (EvaluationContext? Context, ContextFault? Fault) Read(string body) => ContextReader.Read(Encoding.UTF8.GetBytes(body));

    private static EvaluationContext Good(string body)
    {
        var (context, fault) = Read(body);
        Assert.Null(fault);
        return context!;
    }
}
