using System.Net;
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
