using System.Net;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>Signs users in: asks the accounts whether the password is theirs.</summary>
/// <remarks>A wrong password is refused, which is not a failure: only an attempt that the shop could not answer is.</remarks>
internal sealed class SignInDesk(HttpClient http, Uri accounts, ServiceMetrics metrics, TimeProvider time)
{
    private const int LongestPassword = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly CounterFamily _attempts = metrics.AddCounter("sign_in_attempts_total", "Attempts to sign in, by outcome.", "outcome");

    public async Task<IResult> SignInAsync(HttpContext context)
    {
        var user = context.Request.Headers[ShopService.UserHeader].ToString();
        if (user.Length == 0 || context.Request.ContentLength is null or 0 or > LongestPassword)
        {
            _attempts.Add("refused");
            return Results.Text("Give a user and a password.", statusCode: StatusCodes.Status401Unauthorized);
        }

        using var body = new StreamReader(context.Request.Body);
        var status = await AskAsync(user, await body.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
        var (outcome, answer) = status switch
        {
            HttpStatusCode.OK => ("success", Results.Text("Welcome back.")),
            HttpStatusCode.Unauthorized => ("refused", Results.Text("That is not your password.", statusCode: StatusCodes.Status401Unauthorized)),
            _ => ("failed", Results.Text("You cannot be signed in now.", statusCode: StatusCodes.Status503ServiceUnavailable)),
        };
        _attempts.Add(outcome);
        return answer;
    }

    /// <summary>What the accounts answered; null when they did not in time.</summary>
    private async Task<HttpStatusCode?> AskAsync(string user, string password, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(accounts, "sessions/" + Uri.EscapeDataString(user))) { Content = new StringContent(password) };
            using var response = await http.SendAsync(request, either.Token);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
