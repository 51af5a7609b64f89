using OpsConsole.Core.Access.Tokens;

namespace OpsConsole.Core.Switches;

/// <summary>A flag client whose token counts.</summary>
public sealed record KnownFlagClient(Guid Id, string Name, string Environment);

/// <summary>The tokens of flag clients that count.</summary>
public sealed class FlagClientTable(TimeProvider time) : TokenTable<FlagClient, KnownFlagClient>(Prefix, time)
{
    /// <summary>How every such token begins.</summary>
    public const string Prefix = "opsf_";

    /// <summary>The environments whose flags are read by tokens that count.</summary>
    public IEnumerable<string> Environments => Known.Select(client => client.Environment);

    /// <summary>How many tokens count.</summary>
    public int Count => Known.Count();

    /// <summary>A new token; it cannot be had again.</summary>
    public static string NewToken() => TokenText.New(Prefix);

    /// <summary>What is kept of a token: its SHA-256 in lower-case hex.</summary>
    public static string Hash(string token) => TokenText.Hash(token);

    /// <inheritdoc/>
    protected override KnownFlagClient Know(FlagClient token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(token.Id, token.Name, token.Environment);
    }
}
