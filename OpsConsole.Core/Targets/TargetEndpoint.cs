namespace OpsConsole.Core.Targets;

/// <summary>Where a target is controlled.</summary>
public abstract record TargetEndpoint
{
    /// <summary>Absolute http or https address of the control interface, ending in a slash.</summary>
    public required Uri Address { get; init; }

    /// <summary>Bearer token of the control interface.</summary>
    public required string Token { get; init; }

    /// <summary>Longest time one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Keeps the token out of logs.</summary>
    public sealed override string ToString() => Address.ToString();
}
