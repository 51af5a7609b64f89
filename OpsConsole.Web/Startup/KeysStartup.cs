using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Identity.Keys;

namespace OpsConsole.Web.Startup;

/// <summary>The keys of cookies, forms and kept sign-ins: kept with the data, so that a page that comes back after a restart is still signed in, and protected there.</summary>
internal static class KeysStartup
{
    private const string Folder = "keys";

    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(KeyOptions.Section);
        var protection = (section.Get<KeyOptions>() ?? new KeyOptions()).Read(out _);
        builder.Services.AddOptions<KeyOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsCheck>();
        builder.Services.AddSingleton(protection);
        var keys = builder.Services.AddDataProtection().SetApplicationName("OpsConsole").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(ConsoleOptions.DataPath(builder), Folder)));
        if (protection.Certificates.Count > 0)
        {
            keys.UnprotectKeysWithAnyCertificate([.. protection.Certificates]);
        }

        if (protection.Certificate is { } certificate)
        {
            keys.ProtectKeysWithCertificate(certificate);
        }
        else if (protection.File is { } file)
        {
            builder.Services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = file);
        }
    }

    /// <summary>What is wrong with the data folder, which is made here where it is not there; null where nothing is.</summary>
    private static string? Fault(string dataFolder)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(dataFolder, Folder));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The data folder {dataFolder} cannot be used: {e.Message} Make it a folder that the console may write to, or name another with OpsConsole:DataFolder.";
        }
    }

    /// <summary>Whoever has the keys can make a cookie of anybody: where people sign in they do not lie open unless someone said so.</summary>
    private sealed class KeyOptionsCheck(IHostEnvironment environment, IConfiguration configuration, SignInOptions signIn) : IValidateOptions<KeyOptions>
    {
        private static readonly string[] Settings = [.. typeof(KeyOptions).GetProperties().Select(p => p.Name)];

        public ValidateOptionsResult Validate(string? name, KeyOptions options)
        {
            options.Read(out var read);
            List<string> faults =
            [
                .. configuration.GetSection(KeyOptions.Section).GetChildren().Where(c => !Settings.Contains(c.Key, StringComparer.OrdinalIgnoreCase)).Select(c => $"{c.Path} is not a setting; known are {string.Join(", ", Settings)}."),
                .. read,
            ];
            if (Fault(ConsoleOptions.DataPath(configuration, environment)) is { } unusable)
            {
                faults.Add(unusable);
            }

            if (!environment.IsDevelopment() && signIn.IsConfigured && !options.Unprotected && string.IsNullOrWhiteSpace(options.File) && string.IsNullOrWhiteSpace(options.Certificate))
            {
                faults.Add($"The keys of people's sign-ins would lie open in the data folder: set {KeyOptions.Section}:File to a file with {KeyFile.Bytes} random bytes (openssl rand -hex {KeyFile.Bytes}), or {KeyOptions.Section}:Certificate, "
                    + $"or say {KeyOptions.Section}:Unprotected=true where the disk protects them (docs/operations/secrets.md).");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
