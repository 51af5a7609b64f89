using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class IssuerClientTests : IDisposable
{
    private const string Callback = "https://console.test/sign-in/callback";

    private readonly FakeTime _time = new();
    private readonly FakeIssuer _issuer;
    private readonly SignInOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    public IssuerClientTests()
    {
        _issuer = new FakeIssuer(_time);
        _options = new SignInOptions { Authority = _issuer.Authority, ClientId = "ops" };
    }

    public void Dispose()
    {
        _issuer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_secret_proves_the_console()
    {
        _options.ClientSecret = "the-secret";

        await SignInAsync();

        Assert.Equal("the-secret", _issuer.Sent["client_secret"]);
    }

    [Fact]
    public async Task A_federated_token_is_read_anew_for_every_call()
    {
        var file = _options.FederatedTokenFile = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, "first.federated.token\n");
        var tokens = await SignInAsync();
        Assert.Equal("first.federated.token", _issuer.Sent["client_assertion"]);
        Assert.False(_issuer.Sent.ContainsKey("client_secret"));

        await File.WriteAllTextAsync(file, "second.federated.token");
        using var client = new IssuerClient(_options, _issuer, _time);
        await client.RefreshAsync(tokens, CancellationToken.None);
        Assert.Equal("second.federated.token", _issuer.Sent["client_assertion"]);

        File.Delete(file);
        await Assert.ThrowsAsync<IssuerAwayException>(() => client.RefreshAsync(tokens, CancellationToken.None));
    }

    [Fact]
    public async Task A_certificate_signs_what_proves_the_console()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=ops", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = _options.ClientCertificate = Path.Combine(_folder, "both.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());

        await SignInAsync();

        var assertion = _issuer.Sent["client_assertion"].ToString().Split('.');
        var signed = System.Text.Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}");
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars(assertion[2]);
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss) || key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("invalid_client")]
    [InlineData("temporarily_unavailable")]
    public async Task An_issuer_that_does_not_know_the_console_is_away_and_says_nothing_about_the_person(string error)
    {
        _options.ClientSecret = "the-secret";
        var tokens = await SignInAsync();
        using var client = new IssuerClient(_options, _issuer, _time);

        _issuer.Error = error;
        await Assert.ThrowsAsync<IssuerAwayException>(() => client.RefreshAsync(tokens, CancellationToken.None));

        (_issuer.Error, _issuer.Fault) = (null, HttpStatusCode.InternalServerError);
        var away = await Assert.ThrowsAsync<IssuerAwayException>(() => client.RefreshAsync(tokens, CancellationToken.None));
        Assert.DoesNotContain("the-secret", away.ToString(), StringComparison.Ordinal);
    }

    private async Task<IssuerTokens> SignInAsync()
    {
        using var client = new IssuerClient(_options, _issuer, _time);
        var kept = "";
        var address = await client.AuthorizeAsync(Callback, "nonce", verifier => kept = verifier, CancellationToken.None);
        return await client.RedeemAsync(_issuer.Code(address), kept, Callback, CancellationToken.None);
    }
}
