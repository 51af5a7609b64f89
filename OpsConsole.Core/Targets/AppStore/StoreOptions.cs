namespace OpsConsole.Core.Targets.AppStore;

/// <summary>Which store.</summary>
public enum StorePlatform
{
    Ios,
    Android,
}

/// <summary>One app store's phased releases.</summary>
public sealed record StoreOptions : TargetEndpoint
{
    public required StorePlatform Platform { get; init; }

    /// <summary>The name that releases use for this store.</summary>
    public string Target => Platform == StorePlatform.Ios ? "app-store" : "play-store";
}
