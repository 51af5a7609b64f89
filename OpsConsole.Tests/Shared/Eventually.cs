namespace OpsConsole.Tests.Shared;

/// <summary>Waits for what is about to become true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Returns as soon as the condition holds; fails the test when it does not within 30 s.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (await condition())
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(limit.Token));
    }
}
