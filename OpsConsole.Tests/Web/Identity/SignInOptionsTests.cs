using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class SignInOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_configured_is_fine_in_Development_only()
    {
        Assert.Empty(Faults("Development"));
        Assert.Empty(Faults("Production", ("ServicesOnly", "true")));
        Assert.StartsWith("No sign-in is configured", Assert.Single(Faults("Production")), StringComparison.Ordinal);
        Assert.StartsWith("No sign-in is configured", Assert.Single(Faults("Staging", ("ServicesOnly", "false"))), StringComparison.Ordinal);
        Assert.StartsWith("OpsConsole:SignIn:Authority is missing", Assert.Single(Faults("Development", ("ClientId", "ops"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/7b1f0c1e-0000-4000-8000-000000000001/v2.0")]
    [InlineData("https://id.example.org/realms/ops")]
    public void A_whole_configuration_has_no_fault(string authority) =>
        Assert.Empty(Faults("Production", ("Authority", authority), ("ClientId", "ops"), ("ClientSecret", "s"), ("Roles:Admin:0", "a"), ("Environments:production:onCall:0", "b"), ("RecheckEvery", "00:00:10")));

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = Faults(
            "Production",
            ("Authority", "http://id.example.org"), ("ServicesOnly", "true"), ("FederatedTokenFile", Path.Combine(_folder, "none")), ("ClientSecret", "s"), ("Prompt", "please"), ("Role:Admin:0", "a"),
            ("Roles:Boss:0", "a"), ("Roles:FlagClient:0", "a"), ("Roles:Viewer:0", " "), ("Environments:a=b:Admin:0", "c"), ("RecheckEvery", "00:01:00"), ("AwayLimit", "2.00:00:00"), ("Emergency:SecretHash", "the secret itself"));

        foreach (var part in new[]
        {
            "Role is not a setting", "ServicesOnly says", "Authority is 'http://id.example.org'", "ClientId is missing", "has ClientSecret and FederatedTokenFile", "none is not there", "Prompt is 'please'",
            "Roles:Boss is not a role", "Roles:FlagClient is not a role", "Roles:Viewer has an empty value", "Environments:a=b is not the name", "RecheckEvery is 00:01:00", "AwayLimit is 2.00:00:00", "Emergency:SecretHash must be",
        })
        {
            Assert.Contains(faults, f => f.Contains(part, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(faults, f => f.Contains("the secret itself", StringComparison.Ordinal));
        Assert.Equal(14, faults.Length);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/common/v2.0")]
    [InlineData("https://login.microsoftonline.com/organizations/v2.0")]
    [InlineData("https://login.microsoftonline.com/contoso.onmicrosoft.com")]
    public void Entra_needs_one_tenant(string authority) =>
        Assert.Contains("must name one tenant", Assert.Single(Faults("Production", ("Authority", authority), ("ClientId", "ops"), ("ClientSecret", "s"), ("Roles:Admin:0", "a"))), StringComparison.Ordinal);

    [Fact]
    public void A_password_in_the_issuers_address_is_told_of_and_not_repeated()
    {
        var fault = Assert.Single(Faults("Production", ("Authority", "https://ops:hunter-2@id.example.org"), ("ClientId", "ops"), ("ClientSecret", "s"), ("Roles:Admin:0", "a")));

        Assert.StartsWith("OpsConsole:SignIn:Authority has a user or password in it: take it out, the console's credential at the issuer is OpsConsole:SignIn:ClientSecret", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_gives_nobody_a_role_is_a_fault() =>
        Assert.Contains("gives nobody a role", Assert.Single(Faults("Production", ("Authority", "https://id.example.org"), ("ClientId", "ops"), ("ClientSecret", "s"))), StringComparison.Ordinal);

    [Fact]
    public void A_certificate_must_be_there_with_its_key()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=ops", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (pem, keyPem, pfx, bad) = (Path.Combine(_folder, "c.pem"), Path.Combine(_folder, "k.pem"), Path.Combine(_folder, "c.pfx"), Path.Combine(_folder, "bad.pem"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(keyPem, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(pfx, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Default, "word"));
        File.WriteAllText(bad, "nothing");

        Assert.Empty(WithCertificate(("ClientCertificate", pem), ("ClientCertificateKey", keyPem)));
        Assert.Empty(WithCertificate(("ClientCertificate", pfx), ("ClientCertificatePassword", "word")));
        foreach (var wrong in new[] { (("ClientCertificate", pem), ("Title", "x")), (("ClientCertificate", pfx), ("ClientCertificatePassword", "other")), (("ClientCertificate", bad), ("Title", "x")), (("ClientCertificate", Path.Combine(_folder, "none")), ("Title", "x")) })
        {
            Assert.Contains("ClientCertificate", Assert.Single(WithCertificate(wrong.Item1, wrong.Item2)), StringComparison.Ordinal);
        }
    }

    private static string[] WithCertificate(params (string, string)[] settings) =>
        Faults("Production", [("Authority", "https://id.example.org"), ("ClientId", "ops"), ("Roles:Admin:0", "a"), .. settings]);

    private static string[] Faults(string environment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"{SignInOptions.Section}:{s.Key}", s.Value))).Build();
        var options = configuration.GetSection(SignInOptions.Section).Get<SignInOptions>() ?? new SignInOptions();
        var result = new SignInOptionsCheck(new Host { EnvironmentName = environment }, configuration).Validate(null, options);
        return [.. result.Failures ?? []];
    }

    private sealed class Host : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "";

        public string ApplicationName { get; set; } = "OpsConsole";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
