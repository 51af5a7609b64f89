using System.Collections.Concurrent;
using System.Security.Cryptography;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Which sign-ins were ended. A page that stays open after its person signed out elsewhere, or chose another role, may do nothing more.</summary>
/// <remarks>Kept in memory for as long as a cookie lives: after a restart no page is open any more that had not to bring a cookie again, and signing out took that from the browser.</remarks>
public sealed class SignIns(TimeProvider time) : IOperatorRoles
{
    /// <summary>How long a sign-in lasts without use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    /// <summary>Name of a new sign-in.</summary>
    public static string Begin() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Ends a sign-in, in every page that it is open in.</summary>
    public void End(string? session)
    {
        if (session is null)
        {
            return;
        }

        var now = time.GetUtcNow();
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
    public Task<Role?> CurrentAsync(Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return Task.FromResult<Role?>(IsEnded(by.Session) ? null : by.Role);
    }
}
