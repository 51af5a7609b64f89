using System.Text.Json;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Api.Analysis;

public sealed class AnalysisEndpointsTests : IAsyncLifetime
{
    private AnalysisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AnalysisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Metrics_are_judged_as_agreed()
    {
        var (status, body) = await _server.JudgeAsync(new
        {
            metrics = new object[]
            {
                new
                {
                    name = "p99", canary = Wave(150), baseline = Wave(100), direction = "increase", critical = true, weight = 60, group = "latency", tolerance = 0.25,
                    confidence = 0.98, nanStrategy = "remove", minimumPoints = 50,
                    effectSize = new { measure = "meanRatio", allowedIncrease = 1.1, allowedDecrease = 0.9, criticalIncrease = 2.0, criticalDecrease = 0.5 },
                },
                new { name = "errors", canary = Wave(1), baseline = Wave(1), group = "errors" },
            },
            thresholds = new { pass = 90, marginal = 30 },
        });

        Assert.Equal(200, status);
        var high = body.GetProperty("metrics")[0];
        Assert.Equal(("p99", "High", false), (high.GetProperty("name").GetString(), high.GetProperty("classification").GetString(), high.GetProperty("critical").GetBoolean()));
        Assert.StartsWith("High: the canary is 50 % above the baseline", high.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(50, high.GetProperty("estimate").GetDouble(), 0.5);
        Assert.True(high.GetProperty("lower").GetDouble() < high.GetProperty("upper").GetDouble());
        Assert.Equal(1.5, high.GetProperty("ratio").GetDouble(), 1e-9);
        Assert.Equal("Pass", body.GetProperty("metrics")[1].GetProperty("classification").GetString());
        Assert.Equal(
            ["latency 0 60", "errors 100 40"],
            body.GetProperty("groups").EnumerateArray().Select(g => $"{g.GetProperty("name")} {g.GetProperty("score")} {g.GetProperty("weight")}"));
        Assert.Equal((40.0, "marginal"), (body.GetProperty("score").GetDouble(), body.GetProperty("verdict").GetString()));
        Assert.NotEmpty(body.GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task All_that_is_optional_has_a_default()
    {
        var (status, body) = await _server.JudgeAsync(new { metrics = new[] { new { name = "m", canary = Wave(100), baseline = Wave(100) } } });

        Assert.Equal((200, "pass", 100.0), (status, body.GetProperty("verdict").GetString(), body.GetProperty("score").GetDouble()));
    }

    [Fact]
    public async Task Too_few_points_are_inconclusive_and_numbers_are_null()
    {
        var (_, body) = await _server.JudgeAsync(new { metrics = new[] { new { name = "m", canary = Wave(100, 49), baseline = Wave(100) } } });

        var metric = body.GetProperty("metrics")[0];
        Assert.Equal(("Nodata", "inconclusive", 0.0), (metric.GetProperty("classification").GetString(), body.GetProperty("verdict").GetString(), body.GetProperty("score").GetDouble()));
        Assert.Contains("49 points", metric.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(new[] { "lower", "upper", "estimate", "ratio" }, name => Assert.Equal(JsonValueKind.Null, metric.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task A_canary_that_fails_every_other_time_fails()
    {
        var half = Enumerable.Range(0, 60).Select(i => (double)(i % 2)).ToArray();

        var (status, body) = await _server.JudgeAsync(new { metrics = new[] { new { name = "errors", canary = half, baseline = new double[60], direction = "increase", critical = true } } });

        Assert.Equal((200, "fail", 0.0), (status, body.GetProperty("verdict").GetString(), body.GetProperty("score").GetDouble()));
        Assert.Equal("High", body.GetProperty("metrics")[0].GetProperty("classification").GetString());
    }

    [Fact]
    public async Task A_point_can_be_missing_and_what_is_infinite_is_an_error()
    {
        var points = string.Join(',', Wave(100).Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var (status, body) = await _server.JudgeAsync($$"""
            {"metrics":[
              {"name":"gaps","canary":[null,"NaN",{{points}}],"baseline":[{{points}}]},
              {"name":"infinite","canary":[1e400,{{points}}],"baseline":[{{points}}]},
              {"name":"written","canary":[{{points}}],"baseline":["-Infinity",{{points}}]}]}
            """);

        Assert.Equal(200, status);
        Assert.Equal(["Pass", "Error", "Error"], body.GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("classification").GetString()));
        Assert.Equal(60, body.GetProperty("metrics")[0].GetProperty("canaryPoints").GetInt32());
        Assert.Equal("error", body.GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("{}", "metrics")]
    [InlineData("""{"metrics":[]}""", "metrics")]
    [InlineData("""{"metrics":[null]}""", "metrics[0]")]
    [InlineData("""{"metrics":[{"canary":[],"baseline":[]}]}""", "metrics[0].name")]
    [InlineData("""{"metrics":[{"name":"","canary":[],"baseline":[]}]}""", "metrics[0].name")]
    [InlineData("""{"metrics":[{"name":"a","baseline":[]}]}""", "metrics[0].canary")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":null}]}""", "metrics[0].baseline")]
    [InlineData("""{"metrics":[{"name":"a","canary":3,"baseline":[]}]}""", "metrics[0].canary")]
    [InlineData("""{"metrics":[{"name":"a","canary":{"x":[1]},"baseline":[]}]}""", "metrics[0].canary")]
    [InlineData("""{"metrics":[{"name":"a","canary":[1,[2],"x"],"baseline":[]}]}""", "metrics[0].canary[1]")]
    [InlineData("""{"metrics":[{"name":"a","canary":[1,true],"baseline":[]}]}""", "metrics[0].canary[1]")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[]},{"name":"a","canary":[],"baseline":[]}]}""", "metrics[1].name")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"confidence":0.5}]}""", "metrics[0].confidence")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"confidence":1}]}""", "metrics[0].confidence")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"tolerance":-0.1}]}""", "metrics[0].tolerance")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"tolerance":1e400}]}""", "metrics[0].tolerance")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"minimumPoints":-1}]}""", "metrics[0].minimumPoints")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"direction":"up"}]}""", "metrics[0].direction")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"nanStrategy":"0"}]}""", "metrics[0].nanStrategy")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"noData":"pass"}]}""", "metrics[0].noData")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"group":""}]}""", "metrics[0].group")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"weight":101}]}""", "metrics[0].weight")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"weight":0}]}""", "metrics")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"group":"g","weight":10},{"name":"b","canary":[],"baseline":[],"group":"g","weight":20}]}""", "metrics[1].weight")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"weight":60},{"name":"b","canary":[],"baseline":[],"weight":60},{"name":"c","canary":[],"baseline":[]}]}""", "metrics")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"effectSize":{"measure":"cohen"}}]}""", "metrics[0].effectSize.measure")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"effectSize":{"measure":"cles","allowedIncrease":1.1}}]}""", "metrics[0].effectSize.allowedIncrease")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"effectSize":{"criticalDecrease":-1}}]}""", "metrics[0].effectSize.criticalDecrease")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"effectSize":{"allowedIncrease":1.5,"criticalIncrease":1.2}}]}""", "metrics[0].effectSize.criticalIncrease")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"effectSize":{"allowedDecrease":0.5,"criticalDecrease":0.8}}]}""", "metrics[0].effectSize.criticalDecrease")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"minimumPoints":0}]}""", "metrics[0].minimumPoints")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"minimumPoints":1}]}""", "metrics[0].minimumPoints")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[]}],"thresholds":{"pass":101}}""", "thresholds.pass")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[]}],"thresholds":{"pass":50,"marginal":60}}""", "thresholds.marginal")]
    public async Task What_is_wrong_is_named_with_its_path(string request, string path)
    {
        var (status, body) = await _server.JudgeAsync(request);

        Assert.Equal(400, status);
        Assert.True(body.GetProperty("errors").TryGetProperty(path, out var reasons), body.ToString());
        Assert.NotEmpty(reasons[0].GetString()!);
        Assert.Contains(path + " ", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"metrics":[{"name":"a","canary":[NaN],"baseline":[]}]}""")]
    [InlineData("""{"metrics":[{"name":"a","canary":[],"baseline":[],"colour":"red"}]}""")]
    [InlineData("""{"metrics":[{"name":"a","name":"b","canary":[],"baseline":[]}]}""")]
    [InlineData("""{"metrics":[{"name":7,"canary":[],"baseline":[]}]}""")]
    [InlineData("""{"metrics":[{"name":"a","canary":[1""")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"canary\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task What_cannot_be_read_is_refused(string request)
    {
        var (status, body) = await _server.JudgeAsync(request);

        Assert.Equal((400, "The body cannot be read"), (status, body.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Bodies_and_arrays_are_bounded()
    {
        var points = string.Concat(Enumerable.Repeat("1,", 100_000)) + "1";
        var (tooMany, body) = await _server.JudgeAsync($$"""{"metrics":[{"name":"a","canary":[{{points}}],"baseline":[]}]}""");
        var (metrics, _) = await _server.JudgeAsync(new { metrics = Enumerable.Range(0, 201).Select(i => new { name = "m" + i, canary = Array.Empty<double>(), baseline = Array.Empty<double>() }) });
        var (tooLong, _) = await _server.JudgeAsync("{\"metrics\":[" + new string(' ', AnalysisEndpoints.MostBytes) + "]}");
        var (large, _) = await _server.JudgeAsync("{\"metrics\":[{\"name\":\"a\",\"canary\":[],\"baseline\":[]}]" + new string(' ', AnalysisEndpoints.MostBytes - 100) + "}");

        Assert.Equal((400, 400, 413, 200), (tooMany, metrics, tooLong, large));
        Assert.Contains("100,001 points", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_for_whoever_may_read_the_board()
    {
        var body = new { metrics = new[] { new { name = "m", canary = Wave(100), baseline = Wave(100) } } };

        Assert.Equal(401, (await _server.JudgeAsync(body, role: null)).Status);
        Assert.Equal(200, (await _server.JudgeAsync(body, "OnCall")).Status);
    }

    [Fact]
    public async Task Weights_may_be_given_to_metrics_alone()
    {
        var (_, body) = await _server.JudgeAsync(new
        {
            metrics = new object[]
            {
                new { name = "a", canary = Wave(100), baseline = Wave(100), weight = 80 },
                new { name = "b", canary = Wave(200), baseline = Wave(100), weight = 20 },
            },
        });

        Assert.Equal((80.0, "marginal"), (body.GetProperty("score").GetDouble(), body.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task The_document_describes_it()
    {
        using var document = JsonDocument.Parse(await _server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        var post = document.RootElement.GetProperty("paths").GetProperty("/api/v1/analysis/judge").GetProperty("post");
        Assert.Equal("judgeAnalysis", post.GetProperty("operationId").GetString());
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("JudgeAnswer", out _));
    }

    private static double[] Wave(double mean, int count = 60)
    {
        var values = Enumerable.Range(0, count).Select(i => 1 + (Math.Sin(i * 2.399) / 50)).ToArray();
        return [.. values.Select(v => v * mean / values.Average())];
    }
}
