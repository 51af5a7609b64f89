namespace OpsConsole.Core.Board;

/// <summary>How often a release's snapshot is built: at once after a quiet time, evenly while there is much, and never more than four times in any second.</summary>
internal struct BuildThrottle
{
    /// <summary>Shortest time between two builds, so that samples which come together share one.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two builds under steady samples.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(250);

    /// <summary>A pause after which the next change, and the one that follows, are shown sooner than the steady pace.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(600);

    private DateTimeOffset _last;
    private DateTimeOffset _second;
    private DateTimeOffset _third;
    private DateTimeOffset _fourth;

    public readonly bool Allows(DateTimeOffset now)
    {
        if (now < _last)
        {
            return true; // The clock jumped backwards: what was remembered means nothing.
        }

        var gap = _last - _second >= Quiet ? Shortest : Steady;
        return now - _last >= gap && now - _fourth >= TimeSpan.FromSeconds(1);
    }

    public void Built(DateTimeOffset now)
    {
        if (now < _last)
        {
            this = default;
        }

        (_fourth, _third, _second, _last) = (_third, _second, _last, now);
    }
}
