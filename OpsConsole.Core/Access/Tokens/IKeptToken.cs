namespace OpsConsole.Core.Access.Tokens;

/// <summary>What is kept of a token: never the token itself.</summary>
public interface IKeptToken
{
    Guid Id { get; }

    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    string TokenHash { get; }

    DateTimeOffset? RevokedAt { get; }

    /// <summary>When a request last brought it, to the minute.</summary>
    DateTimeOffset? LastUsedAt { get; }
}

/// <summary>Where tokens are kept, as far as a console needs to know which of them count.</summary>
public interface ITokenStore<TStored>
    where TStored : IKeptToken
{
    /// <summary>Every token that can still count.</summary>
    Task<IReadOnlyList<TStored>> CountingAsync(CancellationToken cancellationToken);

    /// <summary>What was made or revoked since then, by this console or another one.</summary>
    Task<IReadOnlyList<TStored>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Notes when tokens were last used. An earlier time than the one that is there changes nothing.</summary>
    Task NoteUseAsync(IReadOnlyDictionary<Guid, DateTimeOffset> lastUsed, CancellationToken cancellationToken);
}
