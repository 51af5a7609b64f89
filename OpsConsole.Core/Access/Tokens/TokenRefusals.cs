using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>Something of a scope is not one, or cannot be given.</summary>
public sealed record ScopeRefusal(string Fault) : Refusal
{
    public override string Sentence => Fault;
}

/// <summary>The token would live too long, or not at all.</summary>
public sealed record TokenLifeRefusal(string What, int Given, int Most) : Refusal
{
    public override string Sentence => $"A {What} lives 1 to {Most} {(What.StartsWith("short", StringComparison.Ordinal) ? "minutes" : "days")}, and {Given} were asked for.";
}

/// <summary>The name is not one that a token can have.</summary>
public sealed record TokenNameRefusal(string Why) : Refusal
{
    public override string Sentence => Why;
}

/// <summary>Only a token can be exchanged, and only a lasting one.</summary>
public sealed record NotExchangeableRefusal(string Why) : Refusal, IRoleRefusal
{
    public override string Sentence => Why;
}

/// <summary>A token cannot be exchanged for one that may do more.</summary>
public sealed record WiderScopeRefusal(AccessGrant Grant) : Refusal, IRoleRefusal
{
    public override string Sentence => $"{Grant} is not in the scope of the token that was sent, so no token with it can be had for it.";
}
