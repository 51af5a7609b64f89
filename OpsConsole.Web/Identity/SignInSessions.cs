using System.Collections.Concurrent;
using OpsConsole.Core.Access;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Identity;

/// <summary>The sign-ins at the issuer that hold now. The issuer is asked again and again, for as long as one is used, whether it and its roles still hold.</summary>
/// <remarks>Where the issuer cannot be asked, looking and stopping go on for <see cref="SignInOptions.AwayLimit"/> with the roles of its last word; nothing else does.</remarks>
internal sealed class SignInSessions
{
    /// <summary>How long anyone waits for the issuer's word; the asking itself goes on.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Time between two tries while the issuer is away.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long the issuer's last word about a person is kept after their last sign-in ended: the longest that a sign-in can be set to last.</summary>
    internal static readonly TimeSpan PersonKept = SignInOptionsCheck.LongestLimit;

    private readonly SignInOptions _options;
    private readonly IssuerClient _issuer;
    private readonly IdTokenValidator _validator;
    private readonly SessionFiles _files;
    private readonly SignInAudit _audit;
    private readonly TimeProvider _time;
    private readonly ILogger<SignInSessions> _log;
    private readonly ConcurrentDictionary<string, SignInSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PersonWord> _people = new(StringComparer.Ordinal);
    private readonly Lock _words = new();

    public SignInSessions(SignInOptions options, IssuerClient issuer, IdTokenValidator validator, SessionFiles files, SignInAudit audit, TimeProvider time, ILogger<SignInSessions> log)
    {
        (_options, _issuer, _validator, _files, _audit, _time, _log) = (options, issuer, validator, files, audit, time, log);
        foreach (var session in files.Load())
        {
            _sessions[session.Id] = session;
        }

        foreach (var (name, word) in files.LoadPeople(time.GetUtcNow()))
        {
            _people[name] = word;
        }
    }

    /// <summary>Begins a sign-in with what the issuer gave and its ID token says.</summary>
    public Operator Begin(IdToken token, MappedRoles roles, IssuerTokens tokens)
    {
        var now = _time.GetUtcNow();
        var by = With(new Operator(token.Name(_options.NameClaim), Role.Viewer, IsService: false) { Session = SignIns.Begin() }, roles);
        var session = new SignInSession { Id = by.Session!, Subject = token.Subject, BeganAt = now, ConfirmedAt = now, SeenAt = now, By = by, Tokens = tokens };
        Tidy(now);
        _sessions[session.Id] = session;
        Know(by.Name, by);
        _files.Save(session);
        return by;
    }

    /// <summary>Ends a sign-in, in every page that it is open in.</summary>
    public void End(string id)
    {
        if (_sessions.TryRemove(id, out var session))
        {
            // How long the word about the person is kept is counted from the end of their last sign-in.
            lock (_words)
            {
                if (_people.TryGetValue(session.By.Name, out var word))
                {
                    Keep(session.By.Name, word.By);
                }
            }

            _files.Delete(id);
        }
    }

    /// <summary>Who someone is now as far as the issuer's last word about any sign-in of that name goes; null where it gave no role, and where there was none here.</summary>
    public Operator? ByName(string name) => _people.GetValueOrDefault(name)?.By;

    /// <summary>True where the issuer gave this console a word about a sign-in of that name.</summary>
    public bool Knows(string name) => _people.ContainsKey(name);

    /// <summary>The person with the roles of now; null where the sign-in does not hold.</summary>
    public async Task<Operator?> NowAsync(string id, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        var now = _time.GetUtcNow();
        if (IsOver(session, now))
        {
            End(id);
            return null;
        }

        session.SeenAt = now;
        var wasAway = session.IsAway;
        if (Ask(session, now) is { } asking && !wasAway)
        {
            try
            {
                await asking.WaitAsync(Patience, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Stopping never waits: what is known is used, and says that it is not confirmed.
            }
        }

        return _sessions.ContainsKey(id) ? Known(session) : null;
    }

    /// <summary>The asking that is under way or due; null where the issuer's last word is new enough.</summary>
    private Task? Ask(SignInSession session, DateTimeOffset now)
    {
        lock (session)
        {
            if (session.Asking is { IsCompleted: false } running)
            {
                return running;
            }

            if (now - session.ConfirmedAt < _options.RecheckEvery || (session.IsAway && now - session.AskedAt < Pause))
            {
                return null;
            }

            session.AskedAt = now;
            return session.Asking = Task.Run(() => AskAsync(session, now));
        }
    }

    private Operator? Known(SignInSession session)
    {
        var age = _time.GetUtcNow() - session.ConfirmedAt;
        return age < _options.RecheckEvery ? session.By
            : age < _options.AwayLimit + _options.RecheckEvery ? session.By with { UnconfirmedSince = session.ConfirmedAt }
            : null;
    }

    private async Task AskAsync(SignInSession session, DateTimeOffset askedAt)
    {
        try
        {
            var tokens = await _issuer.RefreshAsync(session.Tokens, CancellationToken.None);
            if (tokens.IdToken is null || tokens.IdToken == session.Tokens.IdToken)
            {
                throw new IssuerAwayException("The issuer refreshes tokens without a new ID token, so roles cannot be confirmed.");
            }

            var token = await _validator.ValidateAsync(tokens.IdToken, nonce: null, session.Subject, CancellationToken.None);
            session.Tokens = tokens;
            await ConfirmAsync(session, token, askedAt);
        }
        catch (IssuerAwayException e)
        {
            if (!session.IsAway)
            {
                _log.LogWarning("The sign-in of {Person} cannot be confirmed: {Reason} Looking and stopping go on for {Limit}.", session.By.Name, e.Message, _options.AwayLimit);
            }

            session.IsAway = true;
        }
        catch (Exception e) when (e is IssuerRefusedException or IdTokenException)
        {
            _log.LogInformation("The sign-in of {Person} ended: {Reason}", session.By.Name, e.Message);
            End(session.Id);

            // Nothing of this person counts any more, approvals that were given included, until the issuer confirms another sign-in.
            Know(session.By.Name, null);
            await _audit.RecordAsync(session.By, "sign-in.end", "refused", e.Message);
        }
#pragma warning disable CA1031 // Whatever else goes wrong must not pass for a confirmation, nor end the asking for good.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "The sign-in of {Person} cannot be confirmed.", session.By.Name);
            session.IsAway = true;
        }
    }

    private async Task ConfirmAsync(SignInSession session, IdToken token, DateTimeOffset askedAt)
    {
        if (RoleMapping.Map(_options, token.Values(_options.RolesClaim)) is not { } roles)
        {
            End(session.Id);
            Know(session.By.Name, null);
            await _audit.RecordAsync(session.By, "sign-in.end", "refused", "The issuer gives no role here any more.");
            return;
        }

        var (before, now) = (session.By, With(session.By, roles));
        session.By = now;
        session.ConfirmedAt = askedAt;
        session.IsAway = false;
        Know(now.Name, now);
        if (_sessions.ContainsKey(session.Id))
        {
            _files.Save(session);
        }

        if (before != now)
        {
            await _audit.RecordAsync(now, "sign-in.roles", "done", $"The issuer changed the roles from {Words.RolesByPlace(before)} to {Words.RolesByPlace(now)}.");
        }
    }

    /// <summary>Takes the issuer's last word about a person, and keeps what is new in it.</summary>
    private void Know(string name, Operator? by)
    {
        lock (_words)
        {
            if (_people.TryGetValue(name, out var before) && before.By?.Role == by?.Role && Equals(before.By?.ByEnvironment, by?.ByEnvironment))
            {
                _people[name] = before with { By = by };
            }
            else
            {
                Keep(name, by);
            }
        }
    }

    private void Keep(string name, Operator? by)
    {
        var word = _people[name] = new PersonWord(by, _time.GetUtcNow());
        _files.Save(name, word);
    }

    private bool IsOver(SignInSession session, DateTimeOffset now) =>
        now - session.BeganAt >= _options.SessionLimit || now - (_options.SlidingRenewal ? session.SeenAt : session.BeganAt) >= _options.SessionLifetime;

    /// <summary>Drops what nobody came back for: sign-ins that are over, and the word about people whose last one ended <see cref="PersonKept"/> ago.</summary>
    public void Tidy()
    {
        var now = _time.GetUtcNow();
        Tidy(now);
        lock (_words)
        {
            var signedIn = _sessions.Values.Select(s => s.By.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, _) in _people.Where(p => now - p.Value.At >= PersonKept && !signedIn.Contains(p.Key)).ToList())
            {
                _people.TryRemove(name, out _);
                _files.Forget(name);
            }
        }
    }

    private void Tidy(DateTimeOffset now)
    {
        foreach (var session in _sessions.Values.Where(s => IsOver(s, now)))
        {
            End(session.Id);
        }
    }

    private static Operator With(Operator by, MappedRoles roles) => by with { Role = roles.Everywhere, ByEnvironment = roles.ByEnvironment };
}
