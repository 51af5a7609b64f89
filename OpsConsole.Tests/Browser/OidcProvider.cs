using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A real OpenID Connect provider from npm, and a console that signs people in at it, both with https and a certificate made for the test.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    /// <summary>The sealed secret of the console's emergency access.</summary>
    public const string EmergencySecret = "browser-test-emergency-0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-issuer-").FullName;
    private readonly X509Certificate2 _certificate;
    private readonly HttpClient _http;
    private readonly int _port;
    private Process? _process;

    public OidcProvider()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        _http = new HttpClient(ConsoleProcess.Trusting(_certificate));
        File.WriteAllText(Certificate, _certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        Console = new ConsoleProcess(
            playground: false,
            _certificate,
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("SSL_CERT_FILE", Certificate),
            ("Kestrel__Certificates__Default__Path", Certificate),
            ("Kestrel__Certificates__Default__KeyPath", Key),
            ("OpsConsole__Keys__Unprotected", "true"),
            ("OpsConsole__SignIn__Authority", Authority),
            ("OpsConsole__SignIn__Title", "the test issuer"),
            ("OpsConsole__SignIn__ClientId", "ops"),
            ("OpsConsole__SignIn__ClientSecret", "ops-secret-ops-secret-ops-secret"),
            ("OpsConsole__SignIn__Scopes__0", "groups"),
            ("OpsConsole__SignIn__Prompt", "consent"),
            ("OpsConsole__SignIn__RolesClaim", "groups"),
            ("OpsConsole__SignIn__Roles__Viewer__0", "viewers"),
            ("OpsConsole__SignIn__Roles__OnCall__0", "on-call"),
            ("OpsConsole__SignIn__Environments__production__ReleaseManager__0", "release-managers"),
            ("OpsConsole__SignIn__Environments__production__OnCall__0", "on-call"),
            ("OpsConsole__SignIn__RecheckEvery", "00:00:01"),
            ("OpsConsole__SignIn__Emergency__SecretHash", Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(EmergencySecret)))));
    }

    public ConsoleProcess Console { get; }

    private string Authority => $"https://localhost:{_port}";

    private string Certificate => Path.Combine(_folder, "certificate.pem");

    private string Key => Path.Combine(_folder, "key.pem");

    /// <summary>Starts the provider and the console.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", "oidc-provider.mjs") { WorkingDirectory = await NodePackages.FolderAsync(), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("PORT", _port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("CERTIFICATE", Certificate), ("KEY", Key), ("CONSOLE", Console.Address) })
        {
            start.Environment[name] = value;
        }

        var said = new List<string?>();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => Said().Contains("ready"), TimeSpan.FromSeconds(60), () => string.Join('\n', Said()));
        await Console.StartAsync(cancellationToken);

        void Keep(string? line)
        {
            lock (said)
            {
                said.Add(line);
            }
        }

        List<string?> Said()
        {
            lock (said)
            {
                return [.. said];
            }
        }
    }

    /// <summary>Puts someone in these groups, and in no others.</summary>
    public async Task PutAsync(string person, params string[] groups)
    {
        using var answer = await _http.GetAsync(new Uri($"{Authority}/test?person={person}{string.Concat(groups.Select(g => "&group=" + g))}"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Makes the provider go away.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        await StopAsync();
        _process?.Dispose();
        _http.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
