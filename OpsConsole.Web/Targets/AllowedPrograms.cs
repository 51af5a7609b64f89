namespace OpsConsole.Web.Targets;

/// <summary>Programs of this machine that the console may run.</summary>
public sealed class CommandOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Commands";

    /// <summary>Absolute paths of the programs that targets of the kind <c>command</c> may run; or one value with commas. None by default.</summary>
    public IList<string> Allow { get; } = [];
}

/// <summary>The programs that targets may run, <c>OpsConsole:Commands:Allow</c>: a list of absolute paths, or one value with commas.</summary>
internal static class AllowedPrograms
{
    public static IReadOnlyList<string> Read(IConfiguration configuration)
    {
        var section = configuration.GetSection($"{CommandOptions.Section}:{nameof(CommandOptions.Allow)}");
        return [.. section.GetChildren().Select(c => c.Value).Append(section.Value).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }
}
