using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>A short-lived token to have for the one that was sent.</summary>
/// <param name="Label">What it is for, as it goes on record behind the name: "run 4711". Null: nothing.</param>
/// <param name="Scope">What it may do, at most what the one that was sent may; null: all of that but exchanging.</param>
/// <param name="Minutes">How long it lives; null: <see cref="TokenLife.DefaultMinutes"/>.</param>
public sealed record ExchangeTokenCommand(string? Label = null, IReadOnlyList<string>? Scope = null, int? Minutes = null);

/// <summary>Gives short-lived, narrower tokens for lasting ones, on record.</summary>
public sealed class TokenExchange(IServiceTokenStore tokens, ServiceTokenTable table, ServiceTokenDesk desk, IAuditStore audit, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Longest label, in characters.</summary>
    public const int MaxLabelLength = 64;

    private const string Happened = "token.exchange";

    private readonly RecordPace _pace = new();

    /// <summary>Makes a short-lived token, or says everything that stands against it.</summary>
    public async Task<RecordAnswer<NewServiceToken>> ExchangeAsync(ExchangeTokenCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        var held = await roles.HeldInAsync(by, null, cancellationToken).ConfigureAwait(false);
        var sent = by.Token is { } id ? table.Find(id) : null;
        var label = PlainText.Of(command.Label).Trim();
        var minutes = command.Minutes ?? TokenLife.DefaultMinutes;
        var (scope, faults) = command.Scope is null && sent is not null ? (Rest(sent.Scope), []) : ScopeText.Read(command.Scope);
        List<Refusal> refusals =
        [
            .. Exchangeable(by, held, sent), .. faults.Select(f => new ScopeRefusal(f)), .. scope is null ? [] : Narrower(scope, sent),
            .. TextLengthRefusal.Of("the label", label, 0, MaxLabelLength),
            .. minutes is < 1 or > TokenLife.MostMinutes ? new Refusal[] { new TokenLifeRefusal("short-lived token", minutes, TokenLife.MostMinutes) } : [],
        ];
        try
        {
            if (refusals.Count > 0)
            {
                await RecordAsync(command, by, refusals, cancellationToken).ConfigureAwait(false);
                return new RecordAnswer<NewServiceToken>.Refused(refusals);
            }

            var now = time.GetUtcNow();
            var until = now.AddMinutes(minutes);
            var made = await IssueAsync(
                by, held!.RecordedRole, label.Length == 0 ? by.Name : $"{by.Name}{ServiceTokenTable.Separator}{label}", scope!, sent?.ExpiresAt < until ? sent.ExpiresAt : until, sent?.Id, now, cancellationToken).ConfigureAwait(false);
            return new RecordAnswer<NewServiceToken>.Done(made!);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<NewServiceToken>.Unavailable(ServiceTokenDesk.Away);
        }
    }

    /// <summary>Puts a short-lived token on record and lets it count. Null where one of that id was given before.</summary>
    /// <param name="by">Who it is given to.</param>
    /// <param name="role">The role of that, for the record.</param>
    /// <param name="name">The name that it acts under.</param>
    /// <param name="scope">What it may do; whether it may was decided before.</param>
    /// <param name="until">From when it counts no more.</param>
    /// <param name="from">The token that it is issued from, which it ends with.</param>
    /// <param name="now">The time of now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="once">An id under which one is given once.</param>
    public async Task<NewServiceToken?> IssueAsync(
        Operator by, string role, string name, AccessScope scope, DateTimeOffset until, Guid? from, DateTimeOffset now, CancellationToken cancellationToken, Guid? once = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(scope);
        var secret = ServiceTokenTable.NewToken();
        var token = new ServiceToken
        {
            Id = once ?? Guid.CreateVersion7(now), Name = name, TokenHash = ServiceTokenTable.Hash(secret), Scopes = scope.ToString(), CreatedAt = now, CreatedBy = by.Name, ExpiresAt = until,
            IssuedFrom = from, IsShortLived = true,
        };
        if (!await tokens.AddAsync(token, TokenLines.Of(token, Happened, by, role, TokenLines.Said(token), now), cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        table.Add(token);
        return new NewServiceToken(token, secret);
    }

    private static AccessScope Rest(AccessScope scope) => new(scope.Grants.Where(g => g.Permission != Permission.TokensExchange));

    private static IEnumerable<Refusal> Exchangeable(Operator by, Operator? held, KnownServiceToken? sent)
    {
        if (!by.IsService)
        {
            yield return new NotExchangeableRefusal("Only a service token can be exchanged for a short-lived one; an admin makes those on the page of tokens.");
        }
        else if (by.Token is not null && sent is null)
        {
            yield return new NotExchangeableRefusal("The token that was sent counts no more.");
        }
        else if (sent?.IsShortLived == true)
        {
            yield return new NotExchangeableRefusal("A short-lived token cannot be exchanged again.");
        }
        else
        {
            foreach (var refusal in MayNotRefusal.Of(held, Permission.TokensExchange, "be exchanged for a short-lived one"))
            {
                yield return refusal;
            }
        }
    }

    private IEnumerable<Refusal> Narrower(AccessScope scope, KnownServiceToken? sent)
    {
        if (scope.Grants.Count == 0)
        {
            yield return new ScopeRefusal("The token that was sent may do nothing but be exchanged, so nothing can be had for it.");
        }

        if (scope.Holds(Permission.TokensExchange))
        {
            yield return new ScopeRefusal($"A short-lived token cannot hold {PermissionTable.Row(Permission.TokensExchange).Name}.");
        }

        var wider = sent is null ? [] : scope.Grants.Where(g => !sent.Scope.Covers(g)).ToList();
        foreach (var grant in wider)
        {
            yield return new WiderScopeRefusal(grant);
        }

        foreach (var refusal in wider.Count > 0 ? [] : desk.Against(scope, newEnvironment: false))
        {
            yield return refusal;
        }
    }

    /// <summary>Puts a refusal on record, the same one once in <see cref="RecordPace.Pause"/>.</summary>
    private Task RecordAsync(ExchangeTokenCommand command, Operator by, IReadOnlyList<Refusal> refusals, CancellationToken cancellationToken) => _pace.TellAsync(
        by,
        $"{Happened} {RecordPace.Part(command.Scope is null ? "all" : string.Join(' ', command.Scope))}",
        string.Join(' ', refusals.Select(r => r.Code)),
        time.GetUtcNow(),
        async leftOut =>
        {
            await audit.AppendAsync(Refused(by, refusals, leftOut), cancellationToken).ConfigureAwait(false);
            return true;
        });

    private AuditEntry Refused(Operator by, IReadOnlyList<Refusal> refusals, string leftOut) => new()
    {
        At = time.GetUtcNow(), Actor = by.Name, Role = by.RecordedRole, Event = Happened, Subject = by.Token is { } id ? $"token:{id:N}" : "console", SubjectTitle = $"service token {by.Name}",
        Outcome = "refused", Detail = string.Join(" ", refusals.Select(r => r.Sentence)) + leftOut,
    };
}
