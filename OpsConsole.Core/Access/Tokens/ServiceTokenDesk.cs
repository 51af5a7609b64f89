using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>A token to make.</summary>
/// <param name="Name">Who uses it, as it goes on record.</param>
/// <param name="Scope">What it may do: <c>environment:resource:verb</c> each.</param>
/// <param name="Days">How long it lives; null: <see cref="TokenLife.DefaultDays"/>.</param>
/// <param name="NewEnvironment">True where an environment of the scope has nothing in it yet, so that a mistyped one does not become real unseen.</param>
public sealed record CreateTokenCommand(string? Name, IReadOnlyList<string>? Scope, int? Days = null, bool NewEnvironment = false);

/// <summary>A token that was just made, with its secret: the one time that it is shown.</summary>
public sealed record NewServiceToken(ServiceToken Token, string Secret);

/// <summary>Makes and revokes service tokens, on record.</summary>
public sealed class ServiceTokenDesk(IServiceTokenStore tokens, ServiceTokenTable table, FlagEnvironments environments, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Longest scope as it is kept, in characters.</summary>
    public const int MaxScopeLength = 4_000;

    /// <summary>Most tokens that are listed.</summary>
    public const int MostListed = 500;

    internal const string Away = "The record cannot be written now, so nothing was changed; try again in a minute.";

    private static readonly string[] Reserved = ["bootstrap", "emergency access", Operator.ConsoleRole];

    /// <summary>Against a name of a token that is the console's own on record.</summary>
    internal static IEnumerable<Refusal> ConsolesOwn(string name) => Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? [new TokenNameRefusal($"“{name}” is what the console calls itself or its own on record; take another name.")]
        : [];

    /// <summary>The newest tokens, those that count no more included.</summary>
    public async Task<IReadOnlyList<ServiceToken>> ListAsync(bool shortLived, CancellationToken cancellationToken) =>
        [.. (await tokens.ListAsync(shortLived, MostListed, cancellationToken).ConfigureAwait(false)).Select(AsUsed)];

    /// <summary>The token with its last use here, also where that is not on record yet.</summary>
    public ServiceToken AsUsed(ServiceToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (table.LastUse(token.Id) is { } used && !(token.LastUsedAt >= used))
        {
            token.Used(used);
        }

        return token;
    }

    /// <summary>Makes a token, or says everything that stands against it.</summary>
    public async Task<RecordAnswer<NewServiceToken>> CreateAsync(CreateTokenCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        var held = await roles.HeldInAsync(by, null, cancellationToken).ConfigureAwait(false);
        var name = PlainText.Of(command.Name).Trim();
        var days = command.Days ?? TokenLife.DefaultDays;
        var (scope, faults) = ScopeText.Read(command.Scope);
        List<Refusal> refusals =
        [
            .. Permitted(held), .. Name(name), .. faults.Select(f => new ScopeRefusal(f)), .. scope is null ? [] : Against(scope, command.NewEnvironment),
            .. days is < 1 or > TokenLife.MostDays ? new Refusal[] { new TokenLifeRefusal("token", days, TokenLife.MostDays) } : [],
        ];
        if (refusals.Count > 0)
        {
            return new RecordAnswer<NewServiceToken>.Refused(refusals);
        }

        var now = time.GetUtcNow();
        var secret = ServiceTokenTable.NewToken();
        var token = new ServiceToken
        {
            Id = Guid.CreateVersion7(now), Name = name, TokenHash = ServiceTokenTable.Hash(secret), Scopes = scope!.ToString(), CreatedAt = now, CreatedBy = by.Name, ExpiresAt = now.AddDays(days),
        };
        try
        {
            await tokens.AddAsync(token, TokenLines.Of(token, "token.create", by, held!.RecordedRole, TokenLines.Said(token), now), cancellationToken).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<NewServiceToken>.Unavailable(Away);
        }

        table.Add(token);
        return new RecordAnswer<NewServiceToken>.Done(new NewServiceToken(token, secret));
    }

    /// <summary>Revokes a token and what was issued from it: they stop counting here at once, and on other consoles within seconds.</summary>
    public async Task<RecordAnswer<ServiceToken>> RevokeAsync(Guid id, string? reason, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var held = await roles.HeldInAsync(by, null, cancellationToken).ConfigureAwait(false);
        var why = PlainText.Of(reason).Trim();
        List<Refusal> refusals = [.. Permitted(held), .. TextLengthRefusal.Of("the reason", why, 0, ActionCommand.MaxReasonLength)];
        if (refusals.Count > 0)
        {
            return new RecordAnswer<ServiceToken>.Refused(refusals);
        }

        try
        {
            if (await tokens.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } token)
            {
                return new RecordAnswer<ServiceToken>.NotFound("There is no such token.");
            }

            var now = time.GetUtcNow();
            var revoked = await tokens.RevokeAsync(id, by.Name, now, TokenLines.Of(token, "token.revoke", by, held!.RecordedRole, null, now, why.Length == 0 ? null : why), cancellationToken).ConfigureAwait(false);

            // Also where someone else was first: what is revoked on record never counts here.
            table.Revoke(id);
            if (!revoked)
            {
                return new RecordAnswer<ServiceToken>.Refused([new AlreadyRevokedRefusal(token.Name)]);
            }

            token.Revoke(by.Name, now);
            return new RecordAnswer<ServiceToken>.Done(token);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<ServiceToken>.Unavailable(Away);
        }
    }

    /// <summary>What stands against the environments and the length of a scope.</summary>
    internal IEnumerable<Refusal> Against(AccessScope scope, bool newEnvironment)
    {
        if (scope.ToString().Length > MaxScopeLength)
        {
            yield return new ScopeRefusal($"The scope is longer than {MaxScopeLength} characters; make two tokens of it, or grant in every environment.");
        }

        foreach (var refusal in newEnvironment ? [] : scope.Environments.SelectMany(e => environments.AgainstToken(e, table.Environments)))
        {
            yield return refusal;
        }
    }

    private IEnumerable<Refusal> Name(string name)
    {
        if (name.Contains(ServiceTokenTable.Separator, StringComparison.Ordinal))
        {
            yield return new TokenNameRefusal("A token's name has no slash: what stands behind one tells short-lived tokens apart.");
        }

        foreach (var own in ConsolesOwn(name))
        {
            yield return own;
        }

        if (table.HasName(name))
        {
            yield return new TokenNameRefusal($"A token “{name}” counts already, and two could not be told apart on record; take another name, or revoke that one first.");
        }

        foreach (var refusal in TextLengthRefusal.Of("the name", name, 1, MaxNameLength))
        {
            yield return refusal;
        }
    }

    private static IEnumerable<Refusal> Permitted(Operator? held) => MayNotRefusal.Of(held, Permission.TokensWrite, "make or revoke service tokens");
}

/// <summary>What the record says of service tokens.</summary>
internal static class TokenLines
{
    /// <summary>A line about a token.</summary>
    public static AuditEntry Of(ServiceToken token, string happened, Operator by, string role, string? detail, DateTimeOffset now, string? reason = null) => new()
    {
        At = now, Actor = by.Name, Role = role, Event = happened, Subject = $"token:{token.Id:N}", SubjectTitle = $"service token {token.Name}", Outcome = "done", Detail = detail, Reason = reason,
    };

    /// <summary>What a token may do, and until when.</summary>
    public static string Said(ServiceToken token) => $"May {token.Scopes}, until {token.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.";
}
