using System.Globalization;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Web.Playground.Traffic;

/// <summary>A few hundred users who browse, buy and search through the gateway.</summary>
/// <remarks>Requests start by the clock and not when the last one is answered: a slow server does not lower the load, as it would not in life. Who asks for what follows a fixed order; only what comes of it is measured.</remarks>
internal sealed class LoadGenerator(HttpClient http, Uri gateway, TimeProvider time)
{
    /// <summary>Users in all.</summary>
    public const int Users = 300;

    /// <summary>Requests a second to the shop.</summary>
    public const int ShopRate = 80;

    /// <summary>Requests a second to the search.</summary>
    public const int SearchRate = 30;

    /// <summary>Most requests under way at once; what would be more is not sent, and counted.</summary>
    public const int MaxInFlight = 600;

    private const int CheckoutEvery = 5;
    private const int SignInEvery = 25;
    private const int WrongPasswordEvery = 40;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(6);
    private static readonly string[] Queries = ["red lamp", "blue chair", "kettle", "green jacket", "black bicycle", "radio", "white notebook", "amber tent", "mirror", "grey clock"];

    private const string SignIn = "shop/sign-in";

    private int _inFlight;
    private int _signIns;
    private long _shopTurn;
    private long _searchTurn;
    private long _skipped;

    /// <summary>Requests that were not sent because too many were under way.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var shop = new Pace(ShopRate, time);
        var search = new Pace(SearchRate, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            for (var due = shop.TakeDue(); due > 0; due--)
            {
                Send(UserAt(_shopTurn), ShopPath(_shopTurn++), cancellationToken);
            }

            for (var due = search.TakeDue(); due > 0; due--)
            {
                Send(UserAt(_searchTurn), "search/search?q=" + Uri.EscapeDataString(Queries[_searchTurn++ % Queries.Length]), cancellationToken);
            }
        }
    }

    /// <summary>Name of the user whose turn it is.</summary>
    internal static string UserAt(long turn) => string.Create(CultureInfo.InvariantCulture, $"user-{(turn % Users) + 1:000}");

    /// <summary>What a user does in the shop: every user in turn looks at pages, buys with every fifth request and signs in with every twenty-fifth.</summary>
    internal static string ShopPath(long turn)
    {
        var step = (turn / Users) + (turn % Users);
        return (step % CheckoutEvery) switch
        {
            _ when step % SignInEvery == SignInEvery / 2 => SignIn,
            0 => "shop/checkout",
            1 => "shop/",
            _ => string.Create(CultureInfo.InvariantCulture, $"shop/product/{step % 97}"),
        };
    }

    /// <summary>What a user types: now and then a word that is wrong.</summary>
    private string Password(string user) => Interlocked.Increment(ref _signIns) % WrongPasswordEvery == 0 ? "forgotten" : Accounts.PasswordOf(user);

    private void Send(string user, string path, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            Interlocked.Increment(ref _skipped);
            return;
        }

        _ = SendAsync(user, path, cancellationToken);
    }

    private async Task SendAsync(string user, string path, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var method = path is "shop/checkout" or SignIn ? HttpMethod.Post : HttpMethod.Get;
            using var request = new HttpRequestMessage(method, new Uri(gateway, path)) { Content = path == SignIn ? new StringContent(Password(user)) : null };
            request.Headers.TryAddWithoutValidation(ShopService.UserHeader, user);
            using var response = await http.SendAsync(request, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The user sees an error page. What the services and the gateway count is what the console reads.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
