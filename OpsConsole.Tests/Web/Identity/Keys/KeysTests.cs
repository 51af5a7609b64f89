using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Identity.Keys;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Identity.Keys;

/// <summary>The keys of cookies and kept sign-ins, as they lie on disk.</summary>
public sealed class KeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Under_a_key_file_they_are_unreadable_on_disk_and_serve_on_after_a_rotation()
    {
        var (first, second) = (KeyFileWith(hex: true), KeyFileWith(hex: false));
        var kept = await ProtectAsync(("File", first));
        var written = Written();
        Assert.Contains("protectedByKeyFile", written, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", written, StringComparison.Ordinal);

        Assert.Equal("a sign-in", await UnprotectAsync(kept, ("File", first)));
        Assert.Equal("a sign-in", await UnprotectAsync(kept, ("File", second), ("PreviousFiles:0", first)));
        await Assert.ThrowsAsync<CryptographicException>(() => UnprotectAsync(kept, ("File", second)));
    }

    [Fact]
    public async Task Under_a_certificate_likewise()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var kept = await ProtectAsync(("Certificate", first), ("CertificatePassword", "secret"));
        Assert.DoesNotContain("<value>", Written(), StringComparison.Ordinal);

        Assert.Equal("a sign-in", await UnprotectAsync(kept, ("Certificate", first), ("CertificatePassword", "secret")));
        Assert.Equal("a sign-in", await UnprotectAsync(kept, ("Certificate", second), ("PreviousCertificates:0", first), ("CertificatePassword", "secret")));
    }

    [Fact]
    public async Task A_key_that_was_changed_on_disk_is_not_taken()
    {
        var file = KeyFileWith(hex: true);
        var kept = await ProtectAsync(("File", file));
        var key = Directory.EnumerateFiles(Path.Combine(_folder, "keys"), "key-*.xml").Single();
        var text = await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken);
        var at = text.IndexOf("protectedByKeyFile", StringComparison.Ordinal) + 120;
        await File.WriteAllTextAsync(key, string.Concat(text.AsSpan(0, at), text[at] == 'A' ? "B" : "A", text.AsSpan(at + 1)), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<CryptographicException>(() => UnprotectAsync(kept, ("File", file)));
    }

    [Fact]
    public async Task Where_people_sign_in_they_do_not_lie_open_unless_someone_said_so()
    {
        Assert.Contains("would lie open", Assert.Single(await FaultsAsync("Production")), StringComparison.Ordinal);
        Assert.Empty(await FaultsAsync("Development"));
        Assert.Empty(await FaultsAsync("Production", ("Unprotected", "true")));
        Assert.Empty(await FaultsAsync("Production", ("File", KeyFileWith(hex: true))));
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        var (text, empty) = (Path.Combine(_folder, "text"), Path.Combine(_folder, "short"));
        await File.WriteAllTextAsync(text, "not a key!", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(empty, "AAAA", TestContext.Current.CancellationToken);

        var faults = await FaultsAsync("Production", ("File", text), ("PreviousFiles:0", empty), ("PreviousFiles:1", "/nowhere"), ("Certificate", text), ("Fil", "x"));

        Assert.Equal(6, faults.Count);
        foreach (var part in new[] { "Fil is not a setting", "more than one of", "is neither hexadecimal nor base64", "has 3 bytes", "/nowhere cannot be read", $"the certificate {text} cannot be read" })
        {
            Assert.Contains(faults, f => f.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Settings_come_from_a_mounted_folder_and_a_missing_one_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "ConnectionStrings__OpsConsole"), "Host=db\n", TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", $"--OpsConsole:SecretsFolder={_folder}"]);
        builder.AddSecrets();
        builder.AddSecrets();

        Assert.Equal("Host=db", builder.Configuration["ConnectionStrings:OpsConsole"]);
        var missing = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", "--OpsConsole:SecretsFolder=/nowhere"]);
        Assert.Contains("/nowhere", Assert.Throws<StorageStartException>(missing.AddSecrets).Message, StringComparison.Ordinal);
    }

    private async Task<string> ProtectAsync(params (string, string)[] settings)
    {
        await using var app = Console("Production", settings);
        return app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("a sign-in");
    }

    private async Task<string> UnprotectAsync(string kept, params (string, string)[] settings)
    {
        await using var app = Console("Production", settings);
        return app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(kept);
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(string environment, params (string, string)[] settings)
    {
        await using var app = Console(environment, settings);
        try
        {
            _ = app.Services.GetRequiredService<IOptions<KeyOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }

    private WebApplication Console(string environment, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", $"--environment={environment}"]);
        builder.Configuration["OpsConsole:DataFolder"] = _folder;
        builder.Configuration["OpsConsole:SignIn:Authority"] = "https://id.example.org";
        foreach (var (name, value) in settings)
        {
            builder.Configuration[$"{KeyOptions.Section}:{name}"] = value;
        }

        builder.Host.UseDefaultServiceProvider(static services => services.ValidateOnBuild = false);
        builder.AddSignIn();
        builder.AddKeys();
        return builder.Build();
    }

    private string Written() => string.Concat(Directory.EnumerateFiles(Path.Combine(_folder, "keys")).Select(File.ReadAllText));

    private string KeyFileWith(bool hex)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var bytes = RandomNumberGenerator.GetBytes(KeyFile.Bytes);
        File.WriteAllText(path, (hex ? Convert.ToHexString(bytes) : Convert.ToBase64String(bytes)) + "\n");
        return path;
    }

    private string Certificate(string name)
    {
        using var rsa = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var path = Path.Combine(_folder, name + ".pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, "secret"));
        return path;
    }
}
