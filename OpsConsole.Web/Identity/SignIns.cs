using System.Collections.Concurrent;
using System.Security.Cryptography;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;

namespace OpsConsole.Web.Identity;

/// <summary>Which sign-ins hold, and as whom. A page that stays open after its person signed out elsewhere, chose another role, or lost it at the issuer, may do nothing more.</summary>
/// <remarks>What was ended is kept in memory for as long as a cookie lives: after a restart no page is open any more that had not to bring a cookie again, and signing out took that from the browser.
/// Sign-ins at the issuer and emergency access hold only while they are known.</remarks>
public sealed class SignIns : IOperatorRoles
{
    /// <summary>How long a sign-in in Development lasts without use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly SignInSessions? _sessions;
    private readonly EmergencyAccess? _emergency;
    private readonly ServiceTokenTable? _tokens;

    /// <summary>For sign-ins by choosing a role.</summary>
    public SignIns(TimeProvider time, ServiceTokenTable? tokens = null) => (_time, _tokens) = (time, tokens);

    /// <summary>For sign-ins at an issuer, and emergency access.</summary>
    internal SignIns(TimeProvider time, SignInSessions sessions, EmergencyAccess emergency, ServiceTokenTable? tokens = null)
        : this(time, tokens) => (_sessions, _emergency) = (sessions, emergency);

    /// <summary>Name of a new sign-in.</summary>
    public static string Begin() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Ends a sign-in, in every page that it is open in.</summary>
    public void End(string? session)
    {
        if (session is null)
        {
            return;
        }

        _sessions?.End(session);
        _emergency?.End(session);
        var now = _time.GetUtcNow();
        _ended[session] = now;
        foreach (var (old, at) in _ended)
        {
            if (now - at > 2 * Lifetime)
            {
                _ended.TryRemove(old, out _);
            }
        }
    }

    /// <summary>True once the sign-in was ended.</summary>
    public bool IsEnded(string? session) => session is not null && _ended.ContainsKey(session);

    /// <inheritdoc/>
    public async Task<Role?> CurrentAsync(Operator by, CancellationToken cancellationToken) => (await NowAsync(by, cancellationToken))?.ConfirmedRoleIn(null);

    /// <inheritdoc/>
    public async Task<Operator?> NowAsync(Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return IsEnded(by.Session) ? null
            : by.Token is { } token ? _tokens?.Find(token)?.Operator
            : by.Role == Role.Service && by.Scope is null ? _tokens?.ByName(by.Name)
            : _sessions is null || by.IsService || by.IsConsole ? by
            : by.Session is not { } session ? IsEmergency(by) ? by : _sessions.ByName(by.Name)
            : _emergency!.Holds(session) ? by
            : await _sessions.NowAsync(session, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Knows(Operator by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return _sessions is null || by.IsService || by.IsConsole || by.Session is not null || by.Token is not null || by.Role == Role.Service || IsEmergency(by) || _sessions.Knows(by.Name);
    }

    /// <summary>Emergency access counts for as long as it is used.</summary>
    private bool IsEmergency(Operator by) => by.Name == EmergencyAccess.Name && _emergency?.InUseSince is not null;
}
