using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

public sealed class PlainLinesTests
{
    [Theory]
    [InlineData("kim\nfail: OpsConsole[0]\n      forged", @"kim\nfail: OpsConsole[0]\n      forged")]
    [InlineData("a\r\nb", @"a\r\nb")]
    [InlineData("\u001b[2J\u001b[31mred", @"\u001b[2J\u001b[31mred")]
    [InlineData("a\u2028b\u0085c\u202etxt", @"a\u2028b\u0085c\u202etxt")]
    [InlineData("plain ü 本", "plain ü 本")]
    public void Text_from_outside_ends_no_line(string text, string shown)
    {
        var written = Write($"Actor {text}", null);

        Assert.Equal(["info: OpsConsole.Gate[7]", $"      Actor {shown}", ""], written.Split('\n'));
    }

    [Fact]
    public void An_exception_is_told_in_lines_of_its_own()
    {
        var written = Write("broke", new InvalidOperationException("first\u001b[2J\nsecond"));

        Assert.Equal(["info: OpsConsole.Gate[7]", "      broke", @"      System.InvalidOperationException: first\u001b[2J", "      second", ""], written.Split('\n'));
    }

    private static string Write(string message, Exception? exception)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new PlainLines().Write(new LogEntry<string>(LogLevel.Information, "OpsConsole.Gate", new EventId(7), message, exception, static (text, _) => text), null, writer);
        return writer.ToString();
    }
}
