namespace OpsConsole.Web.Startup;

/// <summary>Settings of the console itself, section <c>OpsConsole</c> (environment: <c>OpsConsole__Name</c>).</summary>
public sealed class ConsoleOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole";

    /// <summary>Fewest characters of the bootstrap token outside Development.</summary>
    internal const int LeastBootstrapToken = 32;

    /// <summary>Whether the sample estate runs. Never outside Development, whatever this says.</summary>
    public bool Playground { get; set; } = true;

    /// <summary>Where the embedded database and other data live. A relative path starts at the folder of the published console; default <c>.data</c>.</summary>
    public string DataFolder { get; set; } = ".data";

    /// <summary>A folder with settings, one file for each (<c>ConnectionStrings__OpsConsole</c>), as secret stores mount them. Read at start.</summary>
    public string? SecretsFolder { get; set; }

    /// <summary>An admin token for the API, valid while the console runs with it. Random, of 32 characters or more; in Development 8 do.</summary>
    public string? BootstrapToken { get; set; }

    /// <summary>How the console stops when it is asked to.</summary>
    public StopOptions Stop { get; set; } = new();

    /// <summary>The data folder as an absolute path; relative settings start at the content root.</summary>
    public static string DataPath(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return DataPath(builder.Configuration, builder.Environment);
    }

    /// <summary>The same of a console that is built.</summary>
    public static string DataPath(IConfiguration configuration, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);
        var folder = configuration.GetSection(Section)[nameof(DataFolder)];
        return Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? ".data" : folder, environment.ContentRootPath);
    }
}
