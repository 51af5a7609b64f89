using System.Text.Json;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-alpha.beta", "1.0.0-beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-beta.11", "1.0.0-rc.1")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("2.1.0", "2.1.1")]
    [InlineData("1.0.99999999999999999999998", "1.0.99999999999999999999999")]
    public void Precedence(string lower, string higher)
    {
        Assert.True(Version(lower).OrderTo(Version(higher)) < 0);
        Assert.True(Version(higher).OrderTo(Version(lower)) > 0);
        Assert.Equal(0, Version(lower).OrderTo(Version(lower)));
    }

    [Fact]
    public void The_published_orders_hold()
    {
        using var cases = JsonDocument.Parse(Conformance.Read("semver/precedence_cases.json"));
        foreach (var list in new[] { "ascending", "ascending2" })
        {
            var order = cases.RootElement.GetProperty(list).EnumerateArray().Select(v => Version(v.GetString()!)).ToList();
            for (var i = 0; i < order.Count; i++)
            {
                for (var k = 0; k < order.Count; k++)
                {
                    Assert.Equal(i.CompareTo(k), Math.Sign(order[i].OrderTo(order[k])));
                }
            }
        }

        foreach (var pair in cases.RootElement.GetProperty("equalPrecedence").EnumerateArray())
        {
            Assert.Equal(0, Version(pair[0].GetString()!).OrderTo(Version(pair[1].GetString()!)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3+a+b")]
    [InlineData("1.2.3-ä")]
    [InlineData("1.2.-3")]
    [InlineData(" 1.2.3")]
    [InlineData("１.2.3")]
    public void What_is_no_version(string text) => Assert.Null(SemanticVersion.Read(text));

    [Theory]
    [InlineData("1.2.3-0a")]
    [InlineData("1.2.3--")]
    [InlineData("1.2.3+001")]
    [InlineData("1.2.3-x-y-z.--")]
    public void What_is_one_all_the_same(string text) => Assert.NotNull(SemanticVersion.Read(text));

    private static SemanticVersion Version(string text) => SemanticVersion.Read(text) ?? throw new ArgumentException($"{text} was not read.");
}
