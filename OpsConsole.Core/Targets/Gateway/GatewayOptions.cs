namespace OpsConsole.Core.Targets.Gateway;

/// <summary>One gateway that splits the requests of services between two versions.</summary>
public sealed record GatewayOptions : TargetEndpoint
{
    /// <summary>The name that releases use for this gateway.</summary>
    public string Target { get; init; } = "gateway";
}
