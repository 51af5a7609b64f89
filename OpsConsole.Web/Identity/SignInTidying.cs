namespace OpsConsole.Web.Identity;

/// <summary>Lets go of sign-ins that are over and of what was kept about people who are long gone, at the start and once an hour: also where nobody signs in any more.</summary>
internal sealed class SignInTidying(SignInSessions sessions, TimeProvider time) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    internal static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            sessions.Tidy();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
