using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Core.Sources.PrometheusText;

public sealed class ExpositionParserTests
{
    [Fact]
    public void Reads_the_shapes_of_the_format()
    {
        var read = Parse("""
            # A remark, and one without a blank:
            #remark
            # HELP http_requests_total Requests \\ and \n more.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{ method = "post" , code = "400" , } 3

            	# TYPE temperature gauge
              temperature	-4.5e-1
            # TYPE rpc summary
            rpc{quantile="0.5"} 12
            rpc_sum 100.25
            rpc_count 8
            # TYPE latency histogram
            latency_bucket{le="0.1"} 1
            latency_bucket{le="1"} 3
            latency_bucket{le="+Inf"} 3
            latency_sum 1.5
            latency_count 3
            untyped_thing{quote="a \"b\" \\ c",line="x\ny",unicode="é世"}7
            odd NaN
            up +Inf
            down -Inf

            """);

        Assert.Equal(15, read.Count);
        Assert.Equal(1027, Value(read, "http_requests_total", new Label("code", "200"), new Label("method", "post")));
        Assert.Equal(1395066363000, read.Named("http_requests_total")[0].TimestampMilliseconds);
        Assert.Null(read.Named("http_requests_total")[1].TimestampMilliseconds);
        Assert.Equal(-0.45, Value(read, "temperature"));
        Assert.Equal("a \"b\" \\ c", read.Named("untyped_thing")[0].Id["quote"]);
        Assert.Equal("x\ny", read.Named("untyped_thing")[0].Id["line"]);
        Assert.Equal("é世", read.Named("untyped_thing")[0].Id["unicode"]);
        Assert.True(double.IsNaN(Value(read, "odd")));
        Assert.Equal(double.PositiveInfinity, Value(read, "up"));
        Assert.Equal(double.NegativeInfinity, Value(read, "down"));
        Assert.Equal(MetricType.Counter, read.TypeOf("http_requests_total"));
        Assert.Equal(MetricType.Histogram, read.TypeOf("latency_bucket"));
        Assert.Equal(MetricType.Summary, read.TypeOf("rpc_count"));
        Assert.Null(read.TypeOf("odd"));
    }

    [Fact]
    public void Takes_open_metrics_where_it_is_simple()
    {
        var read = new ExpositionParser().Parse("""
            # TYPE jobs counter
            # UNIT jobs jobs
            jobs_total{queue="a"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607
            # EOF
            """, openMetrics: true);

        Assert.Equal(17, Value(read, "jobs_total", new Label("queue", "a")));
        Assert.Equal(1520879607789, read.Named("jobs_total")[0].TimestampMilliseconds);
        Assert.Equal(MetricType.Counter, read.TypeOf("jobs_total"));
    }

    [Fact]
    public void An_empty_body_has_no_series() => Assert.Equal(0, Parse("").Count);

    [Fact]
    public void A_declared_metric_is_known_before_it_has_series()
    {
        var read = Parse("# TYPE errors_total counter\n");

        Assert.True(read.Knows("errors_total"));
        Assert.False(read.Knows("error_total"));
    }

    [Fact]
    public void A_second_reading_gives_the_same_series_without_reading_their_text_again()
    {
        var parser = new ExpositionParser();
        var first = parser.Parse("plain 1\nplain_too{a=\"1\"} 1\n").Named("plain_too")[0];
        var second = parser.Parse("plain_too{a=\"1\"} 2\nplain {a=\"1\"} 3\nplain 4\n");

        Assert.Same(first.Id, second.Named("plain_too")[0].Id);
        Assert.Equal("1", second.Named("plain")[0].Id["a"]);
        Assert.Equal("", second.Named("plain")[1].Id["a"]);
    }

    [Theory]
    [InlineData("a 1", 1, 4, "cut off")]
    [InlineData("9a 1\n", 1, 1, "a metric's name begins with")]
    [InlineData("ok 1\n<html>\n", 2, 1, "found '<'")]
    [InlineData("a-b 1\n", 1, 2, "'-' cannot be in a metric's name")]
    [InlineData("a{b:c=\"1\"} 1\n", 1, 4, "'=' is missing")]
    [InlineData("a{b=\"1\" c=\"2\"} 1\n", 1, 9, "',' or '}' is missing")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", 1, 9, "written twice")]
    [InlineData("a{b=1} 1\n", 1, 5, "begins with '\"'")]
    [InlineData("a{b=\"1} 1\n", 1, 5, "not closed")]
    [InlineData("a{b=\"\\t\"} 1\n", 1, 6, "after '\\'")]
    [InlineData("a{b=\"1\"\n", 1, 8, "the end of the line")]
    [InlineData("a{__name__=\"1\"} 1\n", 1, 3, "'__name__'")]
    [InlineData("a\n", 1, 2, "value is missing")]
    [InlineData("a one\n", 1, 3, "value is not a number")]
    [InlineData("a 0x1F\n", 1, 3, "value is not a number")]
    [InlineData("a 1_000\n", 1, 3, "value is not a number")]
    [InlineData("a 1e999\n", 1, 3, "value is not a number")]
    [InlineData("a 1\r\n", 1, 3, "carriage return")]
    [InlineData("a 1 1.5\n", 1, 5, "whole number of milliseconds")]
    [InlineData("a 1 2 3\n", 1, 7, "only a timestamp")]
    [InlineData("a 1 # x\n", 1, 7, "an exemplar begins with")]
    [InlineData("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", 2, 1, "same labels")]
    [InlineData("a{b=\"\"} 1\na 1\n", 2, 1, "same labels")]
    [InlineData("# TYPE a counters\n", 1, 10, "none of counter")]
    [InlineData("# TYPE a counter x\n", 1, 18, "nothing may follow")]
    [InlineData("# TYPE a counter\n# TYPE a gauge\n", 2, 8, "second TYPE line for 'a'")]
    [InlineData("# HELP a x\n# HELP a y\n", 2, 8, "second HELP line for 'a'")]
    [InlineData("a 1\n# TYPE a counter\n", 2, 8, "comes after its series")]
    [InlineData("a_bucket{le=\"+Inf\"} 1\n# TYPE a histogram\n", 2, 8, "comes after its series")]
    [InlineData("# TYPE a histogram\na 1\n", 2, 1, "is a histogram")]
    [InlineData("# TYPE a histogram\na_bucket 1\n", 2, 1, "needs the label 'le'")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"x\"} 1\n", 2, 1, "needs the label 'le'")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 1\n", 2, 1, "no bucket +Inf")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 5\na_bucket{le=\"+Inf\"} 4\n", 3, 1, "not cumulative")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"1.0\"} 1\na_bucket{le=\"+Inf\"} 4\n", 3, 1, "twice")]
    [InlineData("# TYPE a summary\na 1\n", 2, 1, "is a summary")]
    [InlineData("# TYPE a summary\na{quantile=\"2\"} 1\n", 2, 1, "is a summary")]
    [InlineData("# EOF\na 1\n", 2, 1, "after '# EOF'")]
    public void Refuses_with_the_place_and_the_reason(string text, int line, int column, string reason)
    {
        var fault = Assert.Throws<ExpositionException>(() => Parse(text));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void A_place_with_a_secret_is_not_repeated()
    {
        var fault = Assert.Throws<ExpositionException>(() => Parse("a{token=\"hunter2\"} x\n"));

        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a 1\nb 1\nc 1\n", "more than 2 series")]
    [InlineData("a{b=\"12345678901\"} 1\n", "longer than 10 characters")]
    [InlineData("a{b=\"\\n2345678901\"} 1\n", "longer than 10 characters")]
    [InlineData("a2345678901 1\n", "longer than 10 characters")]
    [InlineData("a{b=\"1\",c=\"1\",d=\"1\"} 1\n", "more than 2 labels")]
    public void Refuses_more_than_its_limits(string text, string reason)
    {
        var parser = new ExpositionParser(new ExpositionLimits { MaxSeries = 2, MaxLabels = 2, MaxTextLength = 10 });

        Assert.Contains(reason, Assert.Throws<ExpositionException>(() => parser.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var labels = Gen.Elements("a", "b", "_c", "le2").SelectMany(
            name => ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => new Label(name, value.Get)));
        var series = Gen.Elements("x", "y_total", "z:rule").SelectMany(
            name => labels.ListOf().SelectMany(list => ArbMap.Default.GeneratorFor<double>().Select(
                value => (Id: new SeriesId(name, list.DistinctBy(l => l.Name)), Value: value))));
        var bodies = series.ListOf().Select(list => list.DistinctBy(s => s.Id).ToList()).ToArbitrary();

        Prop.ForAll(bodies, written =>
        {
            var text = new StringBuilder();
            foreach (var (id, value) in written)
            {
                text.Append(CultureInfo.InvariantCulture, $"{id} {Write(value)}\n");
            }

            var parser = new ExpositionParser();
            foreach (var read in new[] { parser.Parse(text.ToString()), parser.Parse(text.ToString()) })
            {
                Assert.Equal(written.Count, read.Count);
                Assert.All(written, w => Assert.Contains(read.Named(w.Id.Name).ToArray(), r => r.Id.Equals(w.Id) && r.Value.Equals(w.Value)));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_makes_it_fail_in_another_way() => Prop.ForAll<string>(text =>
    {
        try
        {
            Parse(text ?? "");
        }
        catch (ExpositionException e)
        {
            Assert.True(e.Line > 0 && e.Column > 0);
        }
    }).QuickCheckThrowOnFailure();

    private static Exposition Parse(string text) => new ExpositionParser().Parse(text);

    private static double Value(Exposition read, string name, params Label[] labels) =>
        read.Named(name).ToArray().Single(s => s.Id.Equals(new SeriesId(name, labels))).Value;

    private static string Write(double value) => double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf")
        : value.ToString("R", CultureInfo.InvariantCulture);
}
