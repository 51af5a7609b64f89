using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OpsConsole.Tests.Core.Targets;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>What the shop does when what it depends on never answers.</summary>
public sealed class HangingBackingTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ServiceMetrics _metrics;
    private MisbehavingServer _backing = null!;

    public HangingBackingTests() => _metrics = new ServiceMetrics(_time);

    public async ValueTask InitializeAsync() => _backing = await MisbehavingServer.HangsAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _backing.DisposeAsync();
    }

    [Fact]
    public async Task A_sign_in_fails_after_two_seconds()
    {
        var desk = new SignInDesk(_http, _backing.Address, _metrics, _time);
        var context = new DefaultHttpContext();
        context.Request.Headers[ShopService.UserHeader] = "user-007";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("anything"));
        context.Request.ContentLength = 8;

        var answer = desk.SignInAsync(context);
        await PassAsync(() => answer.IsCompleted);

        Assert.Equal(503, Assert.IsType<ContentHttpResult>(await answer).StatusCode);
        Assert.Equal(1, Counted("sign_in_attempts_total{outcome=\"failed\"}"));
    }

    [Fact]
    public async Task A_mail_fails_after_two_seconds_and_the_next_one_has_its_turn()
    {
        await using var mail = new OrderMail(_http, _backing.Address, _metrics, _time);
        mail.Queue();
        mail.Queue();

        await PassAsync(() => Counted("jobs_completed_total{outcome=\"failed\"}") == 2);
        Assert.Equal(2, _backing.Requests);
    }

    [Fact]
    public async Task The_worker_stops_while_it_waits()
    {
        var mail = new OrderMail(_http, _backing.Address, _metrics, _time);
        mail.Queue();
        await Eventually.TrueAsync(() => _backing.Requests == 1);

        await mail.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, Counted("jobs_completed_total{outcome=\"failed\"}"));
    }

    private double Counted(string series) => PrometheusValue.Read(_metrics.Write(), series);

    /// <summary>Lets time pass once the server has the request.</summary>
    private Task PassAsync(Func<bool> until) => Eventually.TrueAsync(() =>
    {
        if (_backing.Requests > 0)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return until();
    });
}
