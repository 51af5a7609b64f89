using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Tests.Core.Targets;

public sealed class KubeConnectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("opsconsole-kube-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_that_its_authority_signed_is_trusted_and_no_other()
    {
        using var authority = Authority("CN=production");
        using var stranger = Authority("CN=somebody else");
        using var own = Server(authority);
        await using var app = await ServeAsync(own);
        var trusted = Write("ca.crt", authority.ExportCertificatePem());
        var untrusted = Write("other.crt", stranger.ExportCertificatePem());

        Assert.Equal("401", await AskAsync(app, trusted, "t0ken"));
        Assert.Contains("could not be reached", await AskAsync(app, untrusted, "t0ken"), StringComparison.Ordinal);
        Assert.Contains("could not be reached", await AskAsync(app, "", "t0ken"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_a_file_is_read_for_every_request_and_told_to_nobody()
    {
        using var authority = Authority("CN=production");
        using var own = Server(authority);
        await using var app = await ServeAsync(own);
        var ca = Write("ca.crt", authority.ExportCertificatePem());
        var token = Write("token", "first-t0ken\n");
        var adapter = Adapter(app, new() { ["CaFile"] = ca, ["TokenFile"] = token });

        Assert.Contains("I was told Bearer (secret) and do not know it", await SaidAsync(adapter), StringComparison.Ordinal);
        Write("token", "second-t0ken");
        Assert.Contains("Bearer (secret)", await SaidAsync(adapter), StringComparison.Ordinal);
        File.Delete(token);
        Assert.Contains("with the token for Kubernetes cannot be read", await SaidAsync(adapter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The console's token is empty.")]
    [InlineData("a certificate\nand its key", "The console's token has a line break or another control character in it.")]
    public async Task What_is_no_token_is_told_and_not_sent(string written, string told)
    {
        using var authority = Authority("CN=production");
        using var own = Server(authority);
        await using var app = await ServeAsync(own);

        Assert.Equal(told, await SaidAsync(Adapter(app, new() { ["CaFile"] = Write("ca.crt", authority.ExportCertificatePem()), ["TokenFile"] = Write("token", written) })));
    }

    [Fact]
    public void What_holds_an_authority_is_read_and_what_does_not_is_told()
    {
        using var authority = Authority("CN=production");

        Assert.Single(KubeSettings.Authorities(Write("ca.crt", authority.ExportCertificatePem()))!);
        Assert.Null(KubeSettings.Authorities(Write("empty.crt", "nothing")));
        Assert.Null(KubeSettings.Authorities(Path.Combine(_folder.FullName, "absent.crt")));
    }

    private static async Task<string> AskAsync(WebApplication app, string ca, string token)
    {
        var said = await SaidAsync(Adapter(app, new() { ["CaFile"] = ca, ["Token"] = token }));
        return said.Contains("I was told", StringComparison.Ordinal) ? "401" : said;
    }

    private static async Task<string> SaidAsync(IDeliveryTargetAdapter adapter) =>
        (await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ObserveAsync("shop", "production", "2.15.0", TestContext.Current.CancellationToken))).Message;

    private static IDeliveryTargetAdapter Adapter(WebApplication app, Dictionary<string, string> values)
    {
        (values["Api"], values["Namespace"], values["Image"]) = (app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(), "shop", "shop:{version}");
        var settings = new TargetSettings(DeploymentKind.Value, "cluster", "production", values);
        Assert.Empty(settings.Faults());
        var rules = OutboundRules.Read(["loopback"], out _);
        return DeploymentKind.Value.Create(settings, new RemoteConnections(new GuardedConnections(() => rules).Handler, TimeProvider.System));
    }

    /// <summary>Knows no token, and repeats the one that it was given.</summary>
    private static async Task<WebApplication> ServeAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync($"{{\"kind\":\"Status\",\"message\":\"I was told {context.Request.Headers.Authorization} and do not know it\"}}");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    private static X509Certificate2 Server(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1), [1, 2, 3, 4]);
        return signed.CopyWithPrivateKey(key);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
