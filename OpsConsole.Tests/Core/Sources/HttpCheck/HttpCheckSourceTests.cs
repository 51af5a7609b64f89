using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using Check = OpsConsole.Core.Signals.HttpCheck;

namespace OpsConsole.Tests.Core.Sources.HttpCheck;

/// <summary>A service may do anything: its check gets a value, and only the console's own faults are errors.</summary>
public sealed class HttpCheckSourceTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly FakeTime _time = new();

    [Theory]
    [InlineData("GET", "hello shop", 200, 100)]
    [InlineData("GET", "hello shop", 503, 0)]
    [InlineData("GET", "something else", 200, 0)]
    public async Task A_check_holds_the_answer_to_status_and_body(string method, string body, int status, double value)
    {
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            Assert.Equal((method, "/page", "?q=1", "home"), (context.Request.Method, context.Request.Path.Value, context.Request.QueryString.Value, context.Request.Headers[Check.Header].ToString()));
            _time.Advance(TimeSpan.FromMilliseconds(120));
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });

        var (samples, failure) = await RunAsync(server, Home() with { Path = "/page?q=1", Contains = "shop", Matches = "^hello" });

        Assert.Null(failure);
        Assert.Equal(("synthetic_home", value, 1, SampleKind.Measured), Facts(samples[0]));
        Assert.Equal(("synthetic_home_latency", 120, 1, SampleKind.Measured), Facts(samples[1]));
        Assert.Equal(("shop", "gateway", "production", "2.15.0"), (samples[0].Address.Service, samples[0].Address.Target, samples[0].Address.Environment, samples[0].Address.Version));
    }

    [Fact]
    public async Task A_post_sends_its_body_and_a_head_looks_at_the_status_only()
    {
        string? seen = null;
        await using var server = await MisbehavingServer.StartAsync(async context =>
        {
            seen ??= $"{context.Request.Method} {context.Request.ContentType} {await new StreamReader(context.Request.Body).ReadToEndAsync()}";
            context.Response.StatusCode = 204;
        });

        var (post, _) = await RunAsync(server, Home() with { Method = HttpCheckMethod.Post, Body = "{\"a\":1}", Status = [new(204, 204)] });
        var (head, _) = await RunAsync(server, Home() with { Method = HttpCheckMethod.Head });

        Assert.Equal("POST application/json {\"a\":1}", seen);
        Assert.Equal((100, 100), (post[0].Value, head[0].Value));
    }

    [Fact]
    public async Task An_answer_that_is_too_slow_fails_with_its_latency()
    {
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(700));
            return context.Response.WriteAsync("ok");
        });

        var (samples, _) = await RunAsync(server, Home() with { LatencyLimit = TimeSpan.FromMilliseconds(500) });

        Assert.Equal((0, 700), (samples[0].Value, samples[1].Value));
    }

    [Fact]
    public async Task A_service_that_hangs_has_failed_at_the_time_out()
    {
        await using var server = await MisbehavingServer.HangsAsync();

        await FailsAtTheTimeOutAsync(server, () => server.Requests == 1);
    }

    [Fact]
    public async Task A_body_that_drips_has_failed_at_the_same_time_out()
    {
        var dripping = new TaskCompletionSource();
        await using var server = await MisbehavingServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            dripping.SetResult();
            await Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted);
        });

        await FailsAtTheTimeOutAsync(server, () => dripping.Task.IsCompleted);
    }

    [Fact]
    public async Task Of_an_endless_body_the_first_64_KiB_are_looked_into()
    {
        await using var server = await MisbehavingServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("begin");
            var blanks = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
            }
        });

        Assert.Equal(100, (await RunAsync(server, Home() with { Contains = "begin" })).Samples[0].Value);
        Assert.Equal(0, (await RunAsync(server, Home() with { Contains = "end" })).Samples[0].Value);
    }

    [Fact]
    public async Task A_connection_that_is_refused_or_reset_is_a_failed_check_and_not_a_missing_one()
    {
        await using var resets = await MisbehavingServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();

        foreach (var address in new[] { resets.Address, closed })
        {
            var (samples, failure) = await RunAsync(address, Home());
            Assert.Null(failure);
            Assert.Equal(("synthetic_home", 0, 1, SampleKind.Measured), Facts(samples[0]));
            Assert.Equal(SampleKind.Missing, samples[1].Kind);
        }
    }

    [Fact]
    public async Task Redirects_are_an_answer_unless_they_are_asked_to_be_followed_and_only_on_the_same_host()
    {
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path.Value switch { "/there" => 200, _ => 302 };
            context.Response.Headers.Location = context.Request.Path.Value switch { "/" => "/there", "/away" => "http://elsewhere.invalid/", _ => "/loop" };
            return Task.CompletedTask;
        });

        Assert.Equal(0, (await RunAsync(server, Home())).Samples[0].Value);
        Assert.Equal(100, (await RunAsync(server, Home() with { FollowRedirects = true })).Samples[0].Value);
        Assert.Equal(100, (await RunAsync(server, Home() with { Status = [new(302, 302)] })).Samples[0].Value);
        Assert.Equal(0, (await RunAsync(server, Home() with { Path = "/away", FollowRedirects = true })).Samples[0].Value);
        Assert.Equal(0, (await RunAsync(server, Home() with { Path = "/loop", FollowRedirects = true })).Samples[0].Value);
    }

    [Fact]
    public async Task An_expression_that_runs_away_is_the_console_s_own_fault()
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, new string('a', 5000) + "!");

        var (samples, failure) = await RunAsync(server, Home() with { Matches = "^(a+)+$" });

        Assert.All(samples, s => Assert.Equal(SampleKind.Error, s.Kind));
        Assert.Contains("expression", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_console_s_own_network_is_an_error()
    {
        var source = new HttpCheckSource(Binding(new Uri("http://shop.test/"), Home()), () => new HttpClient(new Throws(SocketError.TooManyOpenSockets)), _time);
        var samples = new List<SignalSample>();
        var failure = await source.ReadAsync(samples.Add, default);

        Assert.All(samples, s => Assert.Equal(SampleKind.Error, s.Kind));
        Assert.NotNull(failure);
    }

    [Theory]
    [InlineData("""{"status":"up"}""", 100)]
    [InlineData("""{"status":"down"}""", 0)]
    [InlineData("not json", 0)]
    public async Task Conditions_look_into_the_json_of_the_answer(string body, double value)
    {
        await using var server = await MisbehavingServer.AnswersAsync(HttpStatusCode.OK, body);
        var binding = Binding(server.Address, Home() with { Success = "status == up" });
        var samples = new List<SignalSample>();

        await new HttpCheckSource(binding, () => new HttpClient(), _time, new StatusIsUp()).ReadAsync(samples.Add, default);

        Assert.Equal(value, samples[0].Value);
    }

    [Fact]
    public async Task Several_checks_are_told_apart_and_the_note_says_which_failed()
    {
        await using var server = await MisbehavingServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/bad" ? 500 : 200;
            return Task.CompletedTask;
        });
        var source = new HttpCheckSource(Binding(server.Address, Home(), Home() with { Name = "cart", Path = "/bad" }), () => new HttpClient(), _time);
        var samples = new List<SignalSample>();

        await source.ReadAsync(samples.Add, default);

        Assert.Equal([("synthetic_home", 100), ("synthetic_cart", 0)], samples.Where(s => s.Address.Signal.Value.Count(c => c == '_') == 1).Select(s => (s.Address.Signal.Value, s.Value)));
        Assert.Equal("cart: Status 500, expected 200-299.", source.Note);
    }

    [Fact]
    public async Task Stopping_the_console_is_no_fault_of_the_service()
    {
        await using var server = await MisbehavingServer.HangsAsync();
        using var stop = new CancellationTokenSource();
        var source = new HttpCheckSource(Binding(server.Address, Home()), () => new HttpClient(), _time);

        var read = source.ReadAsync(_ => Assert.Fail("Nothing is to be recorded."), stop.Token);
        await Eventually.TrueAsync(() => server.Requests == 1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    public static TheoryData<string, Func<Check, Check>> Unsound => new()
    {
        { "its name", c => c with { Name = "a_latency" } },
        { "its name", c => c with { Name = "Home" } },
        { "the path", c => c with { Path = "home" } },
        { "the path", c => c with { Path = "//elsewhere" } },
        { "the status", c => c with { Status = [new(200, 100)] } },
        { "the status", c => c with { Status = [] } },
        { "a body belongs", c => c with { Body = "x" } },
        { "HEAD", c => c with { Method = HttpCheckMethod.Head, Contains = "x" } },
        { "regular expression", c => c with { Matches = "(" } },
        { "latency limit", c => c with { LatencyLimit = TimeSpan.FromMinutes(1) } },
        { "conditions over JSON", c => c with { Success = "a == 1" } },
    };

    [Theory]
    [MemberData(nameof(Unsound), DisableDiscoveryEnumeration = true)]
    public void An_unsound_check_is_named(string fault, Func<Check, Check> change)
    {
        var catalog = new SourceCatalog([HttpCheckSource.Kind(() => new HttpClient(), _time)]);

        Assert.Empty(catalog.Faults(Binding(new Uri("http://shop.test/"), Home())));
        Assert.Contains(fault, Assert.Single(catalog.Faults(Binding(new Uri("http://shop.test/"), change(Home())))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_synthetic_signal_is_known_and_nothing_waits_for_it()
    {
        var check = KnownSignals.Find("synthetic_home")!;
        var latency = KnownSignals.Find("synthetic_home_latency")!;

        Assert.Equal((SignalFamily.Synthetic, SignalUnit.Percent, BetterWhen.Higher, 100, false), (check.Family, check.Unit, check.Better, check.Limit, check.Required));
        Assert.Equal((SignalUnit.Milliseconds, BetterWhen.Lower, false), (latency.Unit, latency.Better, latency.Required));
        Assert.All(["synthetic", "synthetic_Home"], name => Assert.Null(KnownSignals.Find(name)));
    }

    private async Task FailsAtTheTimeOutAsync(MisbehavingServer server, Func<bool> underWay)
    {
        var run = RunAsync(server, Home());
        await Eventually.TrueAsync(underWay);
        _time.Advance(Timeout);

        var (samples, failure) = await run.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Null(failure);
        Assert.Equal(("synthetic_home", 0, 1, SampleKind.Measured), Facts(samples[0]));
    }

    private Task<(List<SignalSample> Samples, string? Failure)> RunAsync(MisbehavingServer server, Check check) => RunAsync(server.Address, check);

    private async Task<(List<SignalSample> Samples, string? Failure)> RunAsync(Uri address, Check check)
    {
        var source = new HttpCheckSource(Binding(address, check), () => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }), _time);
        var samples = new List<SignalSample>();
        return (samples, await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken));
    }

    private static Check Home() => new() { Name = "home" };

    private static SourceBinding Binding(Uri address, params Check[] checks) => new()
    {
        Key = "shop-checks", Kind = HttpCheckSource.KindName, Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0",
        Address = address, Timeout = Timeout, Rules = [], Checks = checks,
    };

    private static (string, double, long, SampleKind) Facts(SignalSample sample) => (sample.Address.Signal.Value, sample.Value, sample.Count, sample.Kind);

    private sealed class Throws(SocketError error) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)error)));
    }

    private sealed class StatusIsUp : IResponseConditions
    {
        public string? Fault(string condition) => null;

        public string? Judge(string? success, string? failure, JsonElement answer) => answer.GetProperty("status").GetString() == "up" ? null : "It is not up.";
    }
}
