using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Tests.Core.Remote;

public sealed class RemoteJsonTests
{
    private static readonly JsonElement Answer = JsonElement.Parse("""{"text":"a","number":1.5,"whole":2,"part":{"text":"b"},"list":[{"text":"c"}],"nothing":null}""");

    [Fact]
    public void What_is_there_is_read()
    {
        Assert.Equal("a", Answer.Text("text"));
        Assert.Equal(1.5, Answer.Number("number"));
        Assert.Equal(2, Answer.Whole("whole"));
        Assert.Equal("b", Answer.Part("part").Text("text"));
        Assert.Equal("c", Assert.Single(Answer.Items("list")).Text("text"));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("nothing")]
    public void What_is_left_out_is_not_there(string name)
    {
        Assert.Null(Answer.Text(name));
        Assert.Null(Answer.Number(name));
        Assert.Null(Answer.Whole(name));
        Assert.Empty(Answer.Items(name));
        Assert.Null(Answer.Part(name).Part(name).Text(name));
        Assert.Empty(Answer.Part(name).Items(name));
    }

    [Fact]
    public void What_is_of_another_kind_is_not_taken_for_it()
    {
        Assert.Null(Answer.Text("number"));
        Assert.Null(Answer.Number("text"));
        Assert.Null(Answer.Whole("text"));
        Assert.Empty(Answer.Items("part"));
        Assert.Null(Answer.Part("list").Text("text"));
        Assert.Throws<FormatException>(() => Answer.Whole("number"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void What_is_no_object_has_no_parts_that_could_be_left_out(string json)
    {
        var answer = JsonElement.Parse(json);

        Assert.Throws<InvalidOperationException>(() => answer.Text("text"));
        Assert.Throws<InvalidOperationException>(() => answer.Items("list"));
    }
}
