using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Keeps the person of an open page what they are now: a role that changes changes there, and a sign-in that ends leaves nobody.</summary>
internal sealed class CircuitSignIn : ServerAuthenticationStateProvider, IDisposable
{
    private readonly SignIns _signIns;
    private readonly SignInOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CircuitSignIn> _log;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<AuthenticationState>? _shown;
    private CancellationTokenSource? _following;

    public CircuitSignIn(SignIns signIns, SignInOptions options, TimeProvider time, ILogger<CircuitSignIn> log)
    {
        (_signIns, _options, _time, _log) = (signIns, options, time, log);
        AuthenticationStateChanged += Begin;
    }

    public void Dispose()
    {
        AuthenticationStateChanged -= Begin;
        _closed.Cancel();
        _closed.Dispose();
        _following?.Dispose();
    }

    /// <summary>Also when the page's connection is taken up again: whoever does may be somebody else, or have signed in anew.</summary>
    private void Begin(Task<AuthenticationState> state)
    {
        lock (_lock)
        {
            if (ReferenceEquals(state, _shown) || _closed.IsCancellationRequested)
            {
                return;
            }

            _following?.Cancel();
            _following?.Dispose();
            _following = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            _ = FollowAsync(state, _following.Token);
        }
    }

    private async Task FollowAsync(Task<AuthenticationState> state, CancellationToken ended)
    {
        try
        {
            // A service token holds a page open as it holds a connection to the hub: only while it counts.
            if ((await state).User.ToOperator() is not { } by || (by.Token is null && (by.Session is null || !_options.IsConfigured)))
            {
                return;
            }

            await SignInWatch.FollowAsync(_signIns, by, by.Token is null ? _options.RecheckEvery / 2 : SignInWatch.TokenLook, _time, now => Show(now, ended), ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page was closed, or is another person's.
        }
#pragma warning disable CA1031 // A page whose person cannot be followed any more must not go on as if they were.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "The sign-in of an open page cannot be followed; the page is signed out.");
            Show(null, ended);
        }
    }

    private void Show(Operator? now, CancellationToken ended)
    {
        lock (_lock)
        {
            if (!ended.IsCancellationRequested)
            {
                _shown = Task.FromResult(new AuthenticationState(now?.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme) ?? new ClaimsPrincipal(new ClaimsIdentity())));
                SetAuthenticationState(_shown);
            }
        }
    }
}

/// <summary>Looks again and again who someone is now.</summary>
internal static class SignInWatch
{
    /// <summary>Time between two looks at whether a service token counts: a look into memory.</summary>
    public static readonly TimeSpan TokenLook = TimeSpan.FromSeconds(1);

    /// <summary>Tells every change, and at last null when the sign-in has ended.</summary>
    public static async Task FollowAsync(SignIns signIns, Operator by, TimeSpan every, TimeProvider time, Action<Operator?> tell, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = await signIns.NowAsync(by, cancellationToken);
            if (now != by)
            {
                tell(now);
            }

            if (now is null)
            {
                return;
            }

            by = now;
        }
    }
}
