using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>What the playground's services depend on: payments, purchase profiles, accounts, mail. Each takes the time such a thing takes.</summary>
internal static class BackingServices
{
    /// <summary>How long reading a user's purchase profile takes: it is kept far from the shop.</summary>
    public static readonly TimeSpan ProfileTime = TimeSpan.FromMilliseconds(140);

    private static readonly TimeSpan PaymentTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AccountTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MailTime = TimeSpan.FromMilliseconds(15);

    private const int LongestPassword = 200;

    public static Task<LoopbackServer> StartAsync(TimeProvider time, CancellationToken cancellationToken) => LoopbackServer.StartAsync(
        app =>
        {
            var accounts = new Accounts();
            app.MapGet("/profiles/{user}", async (string user, CancellationToken aborted) =>
            {
                await Task.Delay(ProfileTime, time, aborted);
                return Results.Text($"{user}: bought before, likes more of it");
            });
            app.MapPost("/payments", async (CancellationToken aborted) =>
            {
                await Task.Delay(PaymentTime, time, aborted);
                return Results.Text("paid");
            });
            app.MapPost("/guests", async (CancellationToken aborted) =>
            {
                await Task.Delay(AccountTime, time, aborted);
                return Results.Text("welcome");
            });
            app.MapPost("/sessions/{user}", async (string user, HttpRequest request) =>
            {
                if (request.ContentLength is null or > LongestPassword)
                {
                    return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
                }

                using var password = new StreamReader(request.Body);
                await Task.Delay(AccountTime, time, request.HttpContext.RequestAborted);
                return accounts.Verify(user, await password.ReadToEndAsync(request.HttpContext.RequestAborted)) ? Results.Text("welcome back") : Results.Unauthorized();
            });
            app.MapPost("/mails", async (CancellationToken aborted) =>
            {
                await Task.Delay(MailTime, time, aborted);
                return Results.Text("sent");
            });
        },
        cancellationToken);
}
