namespace OpsConsole.Web.Identity;

/// <summary>Addresses within the console, so that no link leads through it to somewhere else.</summary>
internal static class LocalAddress
{
    /// <summary>The address where it is one of the console's own, otherwise the other one.</summary>
    public static string Or(string? address, string otherwise) =>
        address is { Length: > 0 and < 2048 } && address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl)
            ? address
            : otherwise;
}
