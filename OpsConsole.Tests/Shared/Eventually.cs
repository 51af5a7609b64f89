using System.Diagnostics;

namespace OpsConsole.Tests.Shared;

/// <summary>Waits for a condition, with a limit, instead of sleeping and hoping.</summary>
public static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends a test that hangs. It says nothing of how fast anything should be: a machine with two cores runs consoles and browsers beside it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? limit = null, Func<string>? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var within = limit ?? Limit;
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > within)
            {
                throw new TimeoutException(otherwise?.Invoke() ?? $"The condition did not come true within {within.TotalSeconds:0} s.");
            }

            await Task.Delay(Step);
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, TimeSpan?, Func{string}?)"/>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? limit = null, Func<string>? otherwise = null) =>
        TrueAsync(() => Task.FromResult(condition()), limit, otherwise);
}
