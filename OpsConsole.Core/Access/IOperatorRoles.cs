namespace OpsConsole.Core.Access;

/// <summary>What an operator may act as at this moment. The gate asks for every command, because a circuit may have been signed in for hours.</summary>
public interface IOperatorRoles
{
    /// <summary>The role that holds now, or null when access was withdrawn.</summary>
    Task<Role?> CurrentAsync(Operator by, CancellationToken cancellationToken);

    /// <summary>The operator with every role that holds now, also by environment, or null when access was withdrawn.</summary>
    async Task<Operator?> NowAsync(Operator by, CancellationToken cancellationToken) =>
        await CurrentAsync(by, cancellationToken).ConfigureAwait(false) is { } role ? by with { Role = role } : null;

    /// <summary>False of a person about whom this console never had a word: they signed in at another one, which decides what is left to decide about them.</summary>
    bool Knows(Operator by) => true;
}

/// <summary>Takes the role that the sign-in carries: right while sign-in itself is the only list of people.</summary>
public sealed class SignedInRoles : IOperatorRoles
{
    public Task<Role?> CurrentAsync(Operator by, CancellationToken cancellationToken) => Task.FromResult<Role?>(by.Role);
}
