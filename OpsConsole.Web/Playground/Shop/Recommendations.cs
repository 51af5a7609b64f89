namespace OpsConsole.Web.Playground.Shop;

/// <summary>Personal recommendations, new in shop 2.15.0, and what is wrong with it.</summary>
/// <remarks>
/// Every page reads the user's purchase profile over one of two connections and keeps the connection until the profile is there. That is enough
/// for about fourteen pages a second: plenty for the few users of a first stage, too little for a quarter of the shop's traffic. From there on
/// pages queue for a connection, and give up when they have waited for <see cref="WaitLimit"/>.
/// </remarks>
internal sealed class Recommendations(Func<string, CancellationToken, Task> readProfile, TimeProvider time) : IDisposable
{
    /// <summary>Key of the flag that turns the recommendations on and off.</summary>
    public const string Flag = "personal-recommendations";

    /// <summary>Connections to the profiles.</summary>
    public const int Connections = 2;

    /// <summary>Longest wait for a connection.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(1.5);

    private readonly SemaphoreSlim _connections = new(Connections, Connections);
    private int _waiting;

    /// <summary>Pages that wait for a connection now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <exception cref="TimeoutException">No connection became free in time.</exception>
    public async Task PersonaliseAsync(string user, CancellationToken cancellationToken)
    {
        await TakeConnectionAsync(cancellationToken);
        try
        {
            await readProfile(user, cancellationToken);
        }
        finally
        {
            _connections.Release();
        }
    }

    public void Dispose() => _connections.Dispose();

    private async Task TakeConnectionAsync(CancellationToken cancellationToken)
    {
        if (_connections.Wait(0, CancellationToken.None))
        {
            return;
        }

        Interlocked.Increment(ref _waiting);
        using var late = new CancellationTokenSource(WaitLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _connections.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection to the profiles became free within {WaitLimit.TotalSeconds} s.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
