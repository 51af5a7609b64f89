using Microsoft.Extensions.Configuration.KeyPerFile;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Startup;

/// <summary>Settings from a folder that the platform mounts, one file for each, as secret stores give them.</summary>
internal static class SecretsStartup
{
    /// <summary>Reads the folder that <c>OpsConsole:SecretsFolder</c> names, once. A file's name is the setting's, with two underscores for each colon; what it holds wins over other places.</summary>
    /// <exception cref="StorageStartException">The folder cannot be read.</exception>
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
        var folder = builder.Configuration.GetSection(ConsoleOptions.Section)[nameof(ConsoleOptions.SecretsFolder)];
        if (string.IsNullOrWhiteSpace(folder) || ((IConfigurationBuilder)builder.Configuration).Sources.OfType<KeyPerFileConfigurationSource>().Any())
        {
            return;
        }

        var path = Path.GetFullPath(folder, builder.Environment.ContentRootPath);
        try
        {
            builder.Configuration.AddKeyPerFile(path, optional: false, reloadOnChange: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageStartException($"The secrets folder {path}, which OpsConsole:SecretsFolder names, cannot be read: mount it, and let the console read its files.", e);
        }
    }
}
