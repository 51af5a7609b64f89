using System.Security.Cryptography.X509Certificates;
using Microsoft.Identity.Client;

namespace OpsConsole.Web.Identity;

/// <summary>How the console proves to the issuer that it is itself.</summary>
internal static class ClientCredential
{
    private const int MaxTokenLength = 64 * 1024;

    /// <summary>Gives the client its secret, certificate or federated token.</summary>
    public static ConfidentialClientApplicationBuilder WithCredential(this ConfidentialClientApplicationBuilder client, SignInOptions options, X509Certificate2? certificate) =>
        certificate is not null ? client.WithCertificate(certificate, sendX5C: true)
        : options.FederatedTokenFile is { Length: > 0 } file ? client.WithClientAssertion((AssertionRequestOptions asked) => ReadAsync(file, asked.CancellationToken))
        : client.WithClientSecret(options.ClientSecret);

    /// <summary>The configured certificate with its key.</summary>
    public static X509Certificate2 Certificate(SignInOptions options)
    {
        var path = options.ClientCertificate!;
        return X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx
            ? X509CertificateLoader.LoadPkcs12FromFile(path, options.ClientCertificatePassword)
            : X509Certificate2.CreateFromPemFile(path, options.ClientCertificateKey is { Length: > 0 } key ? key : path);
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var token = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
            return token.Length is > 0 and <= MaxTokenLength ? token : throw new IssuerAwayException($"The federated token file {file} holds no token.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IssuerAwayException($"The federated token file {file} cannot be read.", e);
        }
    }
}
