using System.Net;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>The shop as it runs, over HTTP.</summary>
public sealed class ShopServiceTests : IAsyncLifetime
{
    /// <summary>More pages at once than two connections serve in the time that pages wait, by far.</summary>
    private const int TooMany = 120;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private LoopbackServer _backing = null!;
    private volatile bool _personal = true;

    public async ValueTask InitializeAsync() => _backing = await BackingServices.StartAsync(TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _backing.DisposeAsync();
    }

    [Fact]
    public async Task A_few_users_are_served_with_recommendations()
    {
        await using var shop = await NewShopAsync();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await GetAsync(shop, "product/7"));
        }

        Assert.Equal(5, await ValueAsync(shop, "dependency_requests_total{outcome=\"ok\"}"));
    }

    [Fact]
    public async Task Many_users_at_once_get_errors_and_lose_their_checkouts()
    {
        await using var shop = await NewShopAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, TooMany).Select(i => i % 2 == 0 ? GetAsync(shop, "") : CheckoutAsync(shop)));

        Assert.Contains(HttpStatusCode.OK, pages);
        Assert.True(pages.Count(status => status == HttpStatusCode.ServiceUnavailable) > TooMany / 4, "The connections were not used up.");
        Assert.True(await ValueAsync(shop, "checkout_attempts_total{outcome=\"failed\"}") > 0);
        Assert.True(await ValueAsync(shop, "dependency_requests_total{outcome=\"timeout\"}") > 0);
    }

    [Fact]
    public async Task The_switch_turns_the_fault_off_while_the_version_stays()
    {
        await using var shop = await NewShopAsync();
        _personal = false;

        var pages = await Task.WhenAll(Enumerable.Range(0, TooMany).Select(i => i % 2 == 0 ? GetAsync(shop, "") : CheckoutAsync(shop)));

        Assert.All(pages, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(TooMany / 2, await ValueAsync(shop, "checkout_attempts_total{outcome=\"success\"}"));
    }

    [Fact]
    public async Task The_version_before_has_no_such_fault()
    {
        await using var shop = new ShopService(_http, _backing.Address, TimeProvider.System, personal: null);
        await shop.StartAsync(TestContext.Current.CancellationToken);

        var pages = await Task.WhenAll(Enumerable.Range(0, TooMany).Select(_ => GetAsync(shop, "")));

        Assert.All(pages, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task A_payment_that_cannot_be_made_is_a_failed_checkout()
    {
        await using var gone = await LoopbackServer.StartAsync(_ => { }, TestContext.Current.CancellationToken);
        await using var shop = new ShopService(_http, gone.Address, TimeProvider.System, personal: null);
        await shop.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CheckoutAsync(shop));
        Assert.Equal(1, await ValueAsync(shop, "checkout_attempts_total{outcome=\"failed\"}"));
        Assert.Equal(1, await ValueAsync(shop, "http_requests_total{route=\"/checkout\",status=\"503\"}"));
    }

    [Fact]
    public async Task A_right_password_signs_in_and_a_wrong_one_is_refused_which_is_no_failure()
    {
        await using var shop = await NewShopAsync();

        Assert.Equal(HttpStatusCode.OK, await SignInAsync(shop, "user-007", Accounts.PasswordOf("user-007")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(shop, "user-007", "forgotten"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(shop, "user-007", new string('x', 300)));
        Assert.Equal(1, await ValueAsync(shop, "sign_in_attempts_total{outcome=\"success\"}"));
        Assert.Equal(2, await ValueAsync(shop, "sign_in_attempts_total{outcome=\"refused\"}"));
    }

    [Fact]
    public async Task Accounts_that_do_not_answer_are_a_failed_sign_in()
    {
        await using var gone = await LoopbackServer.StartAsync(_ => { }, TestContext.Current.CancellationToken);
        await using var shop = new ShopService(_http, gone.Address, TimeProvider.System, personal: null);
        await shop.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SignInAsync(shop, "user-007", "anything"));
        Assert.Equal(1, await ValueAsync(shop, "sign_in_attempts_total{outcome=\"failed\"}"));
    }

    [Fact]
    public async Task Every_order_has_its_mail_and_it_is_counted_when_it_was_sent()
    {
        await using var shop = await NewShopAsync();
        _personal = false;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CheckoutAsync(shop)));

        await Eventually.TrueAsync(async () =>
            await ValueAsync(shop, "jobs_completed_total{outcome=\"on_time\"}") + await ValueAsync(shop, "jobs_completed_total{outcome=\"late\"}") == 20);
        Assert.Equal(0, await ValueAsync(shop, "job_queue_depth"));
    }

    private async Task<HttpStatusCode> SignInAsync(ShopService shop, string user, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shop.Address, "sign-in")) { Content = new StringContent(password) };
        request.Headers.Add(ShopService.UserHeader, user);
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<ShopService> NewShopAsync()
    {
        var shop = new ShopService(_http, _backing.Address, TimeProvider.System, () => _personal);
        await shop.StartAsync(TestContext.Current.CancellationToken);
        return shop;
    }

    private async Task<HttpStatusCode> GetAsync(ShopService shop, string path)
    {
        using var response = await _http.GetAsync(new Uri(shop.Address, path));
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> CheckoutAsync(ShopService shop)
    {
        using var response = await _http.PostAsync(new Uri(shop.Address, "checkout"), null);
        return response.StatusCode;
    }

    private async Task<double> ValueAsync(ShopService shop, string series) =>
        PrometheusValue.Read(await _http.GetStringAsync(new Uri(shop.Address, "metrics")), series);
}
