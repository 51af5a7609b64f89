namespace OpsConsole.Web.Targets;

/// <summary>The programs that targets may run, <c>OpsConsole:Commands:Allow</c>: a list of absolute paths, or one value with commas.</summary>
internal static class AllowedPrograms
{
    private const string Section = "OpsConsole:Commands:Allow";

    public static IReadOnlyList<string> Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return [.. section.GetChildren().Select(c => c.Value).Append(section.Value).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }
}
