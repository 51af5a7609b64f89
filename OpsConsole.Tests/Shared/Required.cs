namespace OpsConsole.Tests.Shared;

/// <summary>Whether what a test needs from the machine must be there.</summary>
public static class Required
{
    /// <summary>True where <c>CI=true</c>: something missing is then a failure and not a skip.</summary>
    public static bool InContinuousIntegration { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}
