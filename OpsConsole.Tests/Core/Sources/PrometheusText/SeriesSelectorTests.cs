using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

public sealed class SeriesSelectorTests
{
    private static readonly SeriesId Sample = new("http_requests_total", [new("status", "503"), new("env", "prod"), new("path", "a\nb")]);

    [Theory]
    [InlineData("http_requests_total", true)]
    [InlineData("http_requests", false)]
    [InlineData("http_requests_total{}", true)]
    [InlineData(" http_requests_total { status = \"503\" , } ", true)]
    [InlineData("http_requests_total{status=\"50\"}", false)]
    [InlineData("http_requests_total{status=~\"5..\"}", true)]
    [InlineData("http_requests_total{status=~\"5.\"}", false)]
    [InlineData("http_requests_total{status=~\"50|03\"}", false)]
    [InlineData("http_requests_total{status=~'5\\\\d+'}", true)]
    [InlineData("http_requests_total{status=~`5\\d+`}", true)]
    [InlineData("http_requests_total{status!~\"5..\"}", false)]
    [InlineData("http_requests_total{env!=\"dev\",status!~\"2..\"}", true)]
    [InlineData("http_requests_total{absent=\"\"}", true)]
    [InlineData("http_requests_total{absent!=\"\"}", false)]
    [InlineData("http_requests_total{absent=~\"x*\"}", true)]
    [InlineData("http_requests_total{path=\"a\\nb\"}", true)]
    [InlineData("http_requests_total{path=~\"a.b\"}", true)]
    public void Matches_as_promql_does(string selector, bool expected) => Assert.Equal(expected, SeriesSelector.Parse(selector).Matches(Sample));

    [Theory]
    [InlineData("", "a metric's name begins")]
    [InlineData("{a=\"b\"}", "a metric's name begins")]
    [InlineData("a{b}", "one of =, !=, =~ and !~")]
    [InlineData("a{b==\"c\"}", "a text in quotes")]
    [InlineData("a{b=\"c}", "not closed")]
    [InlineData("a{b=\"c\" d=\"e\"}", "',' or '}' is missing")]
    [InlineData("a{b=~\"(\"}", "the expression is not understood")]
    [InlineData("a{b=~\"x)|(y\"}", "the expression is not understood")]
    [InlineData("a{b=~\"(?=x)\"}", "the expression is not understood")]
    [InlineData("a{b=~\"\\d\"}", "write '\\\\'")]
    [InlineData("a{__name__=\"b\"}", "before the braces")]
    [InlineData("a[5m]", "only a name and matchers")]
    [InlineData("rate(a)", "only a name and matchers")]
    public void Refuses_what_is_no_instant_selector(string selector, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => SeriesSelector.Parse(selector)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_expression_that_backtracks_elsewhere_answers_at_once()
    {
        var selector = SeriesSelector.Parse("a{b=~\"(x+x+)+y\"}");

        Assert.False(selector.Matches(new SeriesId("a", [new("b", new string('x', 1000))])));
    }
}
