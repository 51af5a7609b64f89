using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Switches;

/// <summary>A client that was just made, with its token: the one time that it is shown.</summary>
public sealed record NewFlagClient(FlagClient Client, string Token);

/// <summary>The environment's name cannot be one.</summary>
public sealed record EnvironmentNameRefusal : Refusal
{
    public override string Sentence => $"The environment's name needs {CatalogName.Form}.";
}

/// <summary>The token was revoked before.</summary>
public sealed record AlreadyRevokedRefusal(string Name) : Refusal
{
    public override string Sentence => $"The token of {Name} was revoked already.";
}

/// <summary>Makes and revokes the tokens that read flags, on record.</summary>
public sealed class FlagClientDesk(IFlagClientStore clients, FlagClientTable table, FlagEnvironments environments, IOperatorRoles roles, TimeProvider time)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    private const string Away = "The record cannot be written now, so nothing was changed; try again in a minute.";

    /// <summary>All clients, newest first, revoked ones too.</summary>
    public async Task<IReadOnlyList<FlagClient>> ListAsync(CancellationToken cancellationToken) => [.. (await clients.ListAsync(cancellationToken).ConfigureAwait(false)).Select(AsUsed)];

    /// <summary>The client with its last use here, also where that is not on record yet.</summary>
    public FlagClient AsUsed(FlagClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (table.LastUse(client.Id) is { } used && !(client.LastUsedAt >= used))
        {
            client.Used(used);
        }

        return client;
    }

    /// <summary>Makes a client and its token, or says everything that stands against it.</summary>
    /// <param name="name">Who uses it, for people.</param>
    /// <param name="environment">The one environment whose flags it reads.</param>
    /// <param name="newEnvironment">True where nothing is in that environment yet, so that a mistyped one does not become real unseen.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RecordAnswer<NewFlagClient>> CreateAsync(string? name, string? environment, bool newEnvironment, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var role = await roles.CurrentAsync(by, cancellationToken).ConfigureAwait(false);
        var title = PlainText.Of(name).Trim();
        List<Refusal> refusals = [.. Permitted(role), .. TextLengthRefusal.Of("the name", title, 1, MaxNameLength), .. ServiceTokenDesk.ConsolesOwn(title)];
        if (!CatalogName.IsValid(environment))
        {
            refusals.Add(new EnvironmentNameRefusal());
        }
        else if (!newEnvironment)
        {
            refusals.AddRange(environments.AgainstToken(environment!, []));
        }

        if (refusals.Count > 0)
        {
            return new RecordAnswer<NewFlagClient>.Refused(refusals);
        }

        var now = time.GetUtcNow();
        var token = FlagClientTable.NewToken();
        var client = new FlagClient { Id = Guid.CreateVersion7(now), Name = title, Environment = environment!, TokenHash = FlagClientTable.Hash(token), CreatedAt = now, CreatedBy = by.Name };
        try
        {
            await clients.AddAsync(client, Line(client, by, role!.Value, "flag-client.create", now), cancellationToken).ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<NewFlagClient>.Unavailable(Away);
        }

        table.Add(client);
        return new RecordAnswer<NewFlagClient>.Done(new NewFlagClient(client, token));
    }

    /// <summary>Revokes a client's token: it stops counting at once, and what it holds open is closed.</summary>
    public async Task<RecordAnswer<FlagClient>> RevokeAsync(Guid id, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var role = await roles.CurrentAsync(by, cancellationToken).ConfigureAwait(false);
        if (Permitted(role).ToList() is { Count: > 0 } refusals)
        {
            return new RecordAnswer<FlagClient>.Refused(refusals);
        }

        try
        {
            if (await clients.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } client)
            {
                return new RecordAnswer<FlagClient>.NotFound("There is no such flag client.");
            }

            var now = time.GetUtcNow();
            var revoked = await clients.RevokeAsync(id, by.Name, now, Line(client, by, role!.Value, "flag-client.revoke", now), cancellationToken).ConfigureAwait(false);

            // Also where someone else was first: what is revoked on record never counts here.
            table.Revoke(id);
            if (!revoked)
            {
                return new RecordAnswer<FlagClient>.Refused([new AlreadyRevokedRefusal(client.Name)]);
            }

            client.Revoke(by.Name, now);
            return new RecordAnswer<FlagClient>.Done(client);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<FlagClient>.Unavailable(Away);
        }
    }

    private static IEnumerable<Refusal> Permitted(Role? role) => role is { } held && PermissionTable.Allows(held, Permission.FlagClientsWrite)
        ? []
        : [new RoleMayNotRefusal(Permission.FlagClientsWrite, role, "make or revoke tokens of flag clients")];

    private static AuditEntry Line(FlagClient client, Operator by, Role role, string happened, DateTimeOffset now) => new()
    {
        At = now,
        Actor = by.Name,
        Role = role.ToString(),
        Event = happened,
        Subject = $"flag-client:{client.Id:N}",
        SubjectTitle = $"flag client {client.Name} in {client.Environment}",
        Outcome = "done",
    };
}
