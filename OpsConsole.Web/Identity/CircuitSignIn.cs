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
    private readonly CancellationTokenSource _closed = new();
    private bool _follows;

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
    }

    private void Begin(Task<AuthenticationState> state)
    {
        if (!_follows && _options.IsConfigured)
        {
            _follows = true;
            _ = FollowAsync(state, _closed.Token);
        }
    }

    private async Task FollowAsync(Task<AuthenticationState> state, CancellationToken closed)
    {
        try
        {
            if ((await state).User.ToOperator() is not { Session: not null } by)
            {
                return;
            }

            await SignInWatch.FollowAsync(_signIns, by, _options.RecheckEvery / 2, _time, now => Show(now), closed);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The page was closed.
        }
#pragma warning disable CA1031 // A page whose person cannot be followed any more must not go on as if they were.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "The sign-in of an open page cannot be followed; the page is signed out.");
            Show(null);
        }
    }

    private void Show(Operator? now) => SetAuthenticationState(Task.FromResult(new AuthenticationState(
        now?.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme) ?? new ClaimsPrincipal(new ClaimsIdentity()))));
}

/// <summary>Looks again and again who someone is now.</summary>
internal static class SignInWatch
{
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
