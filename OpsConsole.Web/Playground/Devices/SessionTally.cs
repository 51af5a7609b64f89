namespace OpsConsole.Web.Playground.Devices;

/// <summary>What the sessions of one version on one platform came to. Bounded: it keeps the last <see cref="Kept"/> sessions and the counts since the last report.</summary>
internal sealed class SessionTally(TimeProvider time)
{
    /// <summary>Time over which users and launch times are looked at.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Most sessions looked at.</summary>
    public const int Kept = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Session> _recent = new(Kept);
    private SessionCounts _counts;

    public void AddCrash(string device) => Add(new Session(time.GetTimestamp(), device, null), default(SessionCounts) with { Sessions = 1, Crashes = 1 });

    public void Add(string device, SessionResult result) => Add(
        new Session(time.GetTimestamp(), device, result.Launch),
        new SessionCounts(1, 0, result.SignedUp ? 1 : 0, result.Requests, result.FailedRequests));

    /// <summary>Takes what came since the last report, with users and launches of the window; null when there was no session since.</summary>
    public SessionReport? Take()
    {
        lock (_lock)
        {
            var counts = _counts;
            _counts = default;
            Forget();
            if (counts.Sessions == 0)
            {
                return null;
            }

            var users = _recent.Select(session => session.Device).Distinct(StringComparer.Ordinal).Count();
            var crashed = _recent.Where(session => session.Launch is null).Select(session => session.Device).Distinct(StringComparer.Ordinal).Count();
            TimeSpan[] launches = [.. _recent.Where(session => session.Launch is not null).Select(session => session.Launch!.Value).Order()];
            TimeSpan? p95 = launches.Length == 0 ? null : launches[(int)Math.Ceiling(0.95 * launches.Length) - 1];
            return new SessionReport(counts, users, users - crashed, p95, launches.Length);
        }
    }

    private void Add(Session session, SessionCounts counts)
    {
        lock (_lock)
        {
            if (_recent.Count == Kept)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(session);
            _counts += counts;
        }
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Window)
        {
            _recent.Dequeue();
        }
    }

    /// <summary>One session: when, on which device, and how long it took to open; null when it crashed.</summary>
    private readonly record struct Session(long At, string Device, TimeSpan? Launch);
}

/// <summary>Counts of sessions and of what was done in them.</summary>
internal readonly record struct SessionCounts(int Sessions, int Crashes, int SignUps, int Requests, int FailedRequests)
{
    public static SessionCounts operator +(SessionCounts a, SessionCounts b) => new(
        a.Sessions + b.Sessions, a.Crashes + b.Crashes, a.SignUps + b.SignUps, a.Requests + b.Requests, a.FailedRequests + b.FailedRequests);
}

/// <summary>What is reported: counts since the last report, and users and launch times of the window.</summary>
internal sealed record SessionReport(SessionCounts Counts, int Users, int CrashFreeUsers, TimeSpan? LaunchP95, int Launches);
