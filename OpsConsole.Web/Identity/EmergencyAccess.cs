using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>What came of a try of the emergency secret.</summary>
internal enum EmergencyAnswer
{
    Off,
    TooMany,
    Wrong,
    Opened,
}

/// <summary>The one sealed account for when nobody can sign in: an admin for a short time, seen by everybody for as long as it is used.</summary>
public sealed class EmergencyAccess
{
    /// <summary>The name on record of whoever uses it.</summary>
    public const string Name = "emergency access";

    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    internal const int TriesFromOne = 5;
    internal const int TriesFromAll = 50;

    private const int MaxLength = 1024;

    private readonly EmergencyOptions _options;
    private readonly TimeProvider _time;
    private readonly AttemptLimit _limit;
    private readonly AttemptLimit _news;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = new(StringComparer.Ordinal);

    public EmergencyAccess(SignInOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options.Emergency, time);
        _limit = new AttemptLimit(TriesFromOne, TriesFromAll, Window, time);
        _news = new AttemptLimit(1, 1, TimeSpan.FromMinutes(1), time);
    }

    /// <summary>Raised when a use begins or ends.</summary>
    public event Action? Changed;

    /// <summary>True when a secret is configured.</summary>
    public bool IsConfigured => _options.IsConfigured;

    /// <summary>How long one use lasts.</summary>
    public TimeSpan Lifetime => _options.Lifetime;

    /// <summary>When the first use that still goes on began; null when nobody uses it.</summary>
    public DateTimeOffset? InUseSince
    {
        get
        {
            var now = _time.GetUtcNow();
            var began = _open.Values.Where(b => now - b < Lifetime).ToList();
            return began.Count == 0 ? null : began.Min();
        }
    }

    /// <summary>True for as long as this use lasts.</summary>
    public bool Holds(string? session) => session is not null && _open.TryGetValue(session, out var began) && _time.GetUtcNow() - began < Lifetime;

    /// <summary>Ends a use.</summary>
    public void End(string session)
    {
        if (_open.TryRemove(session, out _))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>True once a minute, so that a flood of tries does not flood the record.</summary>
    internal bool IsNewsThatTooMany() => _news.TryTake(null);

    /// <summary>Tries a secret.</summary>
    internal EmergencyAnswer Try(string? secret, IPAddress? from, out Operator? opened)
    {
        opened = null;
        if (!IsConfigured)
        {
            return EmergencyAnswer.Off;
        }

        // Whatever was sent is hashed and compared whole, so that the time it takes tells nothing.
        var given = secret is { Length: <= MaxLength } ? secret.Trim() : "";
        var same = CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), Convert.FromHexString(_options.SecretHash!));
        if (!same || given.Length < EmergencyOptions.MinSecretLength)
        {
            // Who floods it with wrong ones must not keep out who has the right one, and nobody guesses 256 bits.
            return _limit.TryTake(from) ? EmergencyAnswer.Wrong : EmergencyAnswer.TooMany;
        }

        opened = new Operator(Name, Role.Admin, IsService: false) { Session = SignIns.Begin() };
        _open[opened.Session!] = _time.GetUtcNow();
        Changed?.Invoke();
        return EmergencyAnswer.Opened;
    }
}
