using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>One running version of the shop.</summary>
internal sealed class ShopService : IAsyncDisposable
{
    /// <summary>Header that names the user.</summary>
    public const string UserHeader = "X-User";

    private static readonly TimeSpan DependencyTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What reading the catalogue takes.</summary>
    private static readonly TimeSpan CatalogueTime = TimeSpan.FromMilliseconds(15);

    private readonly HttpClient _http;
    private readonly Uri _backing;
    private readonly TimeProvider _time;
    private readonly Func<bool>? _personal;
    private readonly Recommendations? _recommendations;
    private readonly CounterFamily _checkouts;
    private readonly CounterFamily _dependencies;
    private readonly SignInDesk _signIns;
    private readonly OrderMail _mail;
    private LoopbackServer? _server;

    /// <summary>A version of the shop. Only a version that has personal recommendations is given the flag that says whether they are on.</summary>
    public ShopService(HttpClient http, Uri backing, TimeProvider time, Func<bool>? personal)
    {
        _http = http;
        _backing = backing;
        _time = time;
        _personal = personal;
        Metrics = new ServiceMetrics(time);
        _checkouts = Metrics.AddCounter("checkout_attempts_total", "Checkouts, by outcome.", "outcome");
        _dependencies = Metrics.AddCounter("dependency_requests_total", "Calls of other services, by outcome.", "outcome");
        _signIns = new SignInDesk(http, backing, Metrics, time);
        _mail = new OrderMail(http, backing, Metrics, time);
        if (personal is not null)
        {
            _recommendations = new Recommendations(ReadProfileAsync, time);
        }

        Metrics.AddGauge("queue_depth", "Requests waiting for a connection.", () => _recommendations?.Waiting ?? 0);
    }

    public ServiceMetrics Metrics { get; }

    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The shop is not started.");

    public async Task StartAsync(CancellationToken cancellationToken) => _server = await LoopbackServer.StartAsync(
        app =>
        {
            Metrics.Observe(app);
            app.MapGet("/", Task<IResult> (HttpRequest request) => PageAsync(request.HttpContext, "Home"));
            app.MapGet("/product/{id}", Task<IResult> (HttpRequest request, string id) => PageAsync(request.HttpContext, "Product " + id));
            app.MapPost("/checkout", Task<IResult> (HttpRequest request) => CheckoutAsync(request.HttpContext));
            app.MapPost("/sign-in", Task<IResult> (HttpRequest request) => _signIns.SignInAsync(request.HttpContext));
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _mail.DisposeAsync();
        _recommendations?.Dispose();
    }

    private async Task<IResult> PageAsync(HttpContext context, string page)
    {
        await Task.Delay(CatalogueTime, _time, context.RequestAborted);
        return await TryPersonaliseAsync(context)
            ? Results.Text(page)
            : Results.Text("Too busy. Please try again.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<IResult> CheckoutAsync(HttpContext context)
    {
        var paid = false;
        try
        {
            // The basket page recommends what goes with it before it takes the payment: a checkout waits like every other page.
            paid = await TryPersonaliseAsync(context) && await CallAsync(HttpMethod.Post, "payments", context.RequestAborted);
        }
        finally
        {
            if (!ServiceMetrics.IsCheck(context.Request))
            {
                _checkouts.Add(paid ? "success" : "failed");
            }
        }

        if (!paid)
        {
            return Results.Text("Your order was not placed.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        _mail.Queue();
        return Results.Text("Thank you.");
    }

    /// <summary>Adds recommendations where this version has them and they are on. False when that did not work in time.</summary>
    private async Task<bool> TryPersonaliseAsync(HttpContext context)
    {
        if (_recommendations is null || _personal is null || !_personal())
        {
            return true;
        }

        try
        {
            var user = context.Request.Headers[UserHeader].ToString();
            await _recommendations.PersonaliseAsync(user.Length == 0 ? "guest" : user, context.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            _dependencies.Add("timeout");
            return false;
        }
    }

    private async Task ReadProfileAsync(string user, CancellationToken cancellationToken) =>
        await CallAsync(HttpMethod.Get, "profiles/" + Uri.EscapeDataString(user), cancellationToken);

    private async Task<bool> CallAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(DependencyTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(_backing, path));
            using var response = await _http.SendAsync(request, either.Token);
            _dependencies.Add(response.IsSuccessStatusCode ? "ok" : "failed");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            _dependencies.Add("failed");
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _dependencies.Add("timeout");
            return false;
        }
    }
}
