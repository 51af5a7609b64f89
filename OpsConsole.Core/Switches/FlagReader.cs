namespace OpsConsole.Core.Switches;

/// <summary>A client that was answered lately or holds a stream, and what it was last answered. Safe for use from several threads.</summary>
/// <param name="id">Who.</param>
/// <param name="key">The one flag that it asks for; null: all of them. A client that asks for several flags one by one is one reader for each.</param>
/// <param name="at">When it was first heard of: time on the audience's own clock, which never goes back.</param>
public sealed class FlagReader(FlagReaderId id, string? key, TimeSpan at)
{
    /// <summary>A reader without a stream is there for at least this long after it asked.</summary>
    public static readonly TimeSpan ShortestStay = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause that counts as a reader's habit; after a longer one it begins anew.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private volatile FlagReaderId _id = id;
    private TimeSpan _heard = at;
    private TimeSpan _interval;
    private int _streams;
    private bool _asked;
    private bool _streamed;
    private bool _forgotten;
    private bool _named;
    private long _version = -1;

    /// <summary>Who it is.</summary>
    public FlagReaderId Id => _id;

    /// <summary>The one flag that it asks for; null: all of them.</summary>
    public string? Key => key;

    /// <summary>The newest <see cref="SwitchBoard.Version"/> that it was answered; -1 before the first answer.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Streams that it holds.</summary>
    public int Streams
    {
        get
        {
            lock (_lock)
            {
                return _streams;
            }
        }
    }

    /// <summary>When it last asked, or closed a stream.</summary>
    public TimeSpan HeardAt
    {
        get
        {
            lock (_lock)
            {
                return _heard;
            }
        }
    }

    /// <summary>False once it is gone: it holds no stream, and has been silent for three of its own intervals, at least <see cref="ShortestStay"/>.</summary>
    public bool IsThere(TimeSpan now)
    {
        lock (_lock)
        {
            return !_forgotten && (_streams > 0 || now - _heard < (3 * _interval > ShortestStay ? 3 * _interval : ShortestStay));
        }
    }

    /// <summary>An answer was written to it.</summary>
    public void Answered(long version, TimeSpan now)
    {
        lock (_lock)
        {
            // Who holds a stream asks when it is told to: the pauses between say nothing of how often it asks by itself.
            if (_asked && !_streamed && now > _heard)
            {
                var pause = now - _heard;
                _interval = pause > LongestInterval ? TimeSpan.Zero : pause > _interval ? pause : _interval - ((_interval - pause) / 8);
            }

            (_asked, _streamed) = (true, _streams > 0);
            _heard = now > _heard ? now : _heard;
            if (version > _version)
            {
                // A full fence: whoever opens a clock after this sees the version, and whoever opened one before is seen by what follows.
                Interlocked.Exchange(ref _version, version);
            }
        }
    }

    /// <summary>From now on it is the client with that id, which until then was known by its place alone. False where another client of the place was that already, or it was forgotten.</summary>
    /// <param name="own">The client.</param>
    /// <param name="version">What that client itself was answered: another one of the place may have been answered something newer.</param>
    internal bool Name(FlagReaderId own, long version)
    {
        lock (_lock)
        {
            if (_named || _forgotten)
            {
                return false;
            }

            (_named, _id) = (true, own);
            Interlocked.Exchange(ref _version, version);
            return true;
        }
    }

    internal void StreamOpened()
    {
        lock (_lock)
        {
            _streams++;
            (_streamed, _interval) = (true, TimeSpan.Zero);
        }
    }

    internal void StreamClosed(TimeSpan now)
    {
        lock (_lock)
        {
            _streams--;
            _heard = now > _heard ? now : _heard;
        }
    }

    internal void Forget()
    {
        lock (_lock)
        {
            _forgotten = true;
        }
    }
}
