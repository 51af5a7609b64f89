using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsConsole.Web.Identity.Keys;

/// <summary>What protects, where they lie, the keys of cookies and kept sign-ins, section <c>OpsConsole:Keys</c>.</summary>
public sealed class KeyOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Keys";

    /// <summary>Path of a file with 32 random bytes, in hexadecimal or base64. One of this and <see cref="Certificate"/>.</summary>
    public string? File { get; set; }

    /// <summary>Files that protected keys before; they only read.</summary>
    public IList<string> PreviousFiles { get; } = [];

    /// <summary>Path of a certificate with an RSA key: PFX, or PEM with the key in <see cref="CertificateKey"/> or in the same file.</summary>
    public string? Certificate { get; set; }

    /// <summary>Path of the private key in PEM.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Password of PFX files.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>Certificates that protected keys before, with their keys in the same file; they only read.</summary>
    public IList<string> PreviousCertificates { get; } = [];

    /// <summary>True for a console whose keys lie open in its data folder, because the disk protects them.</summary>
    public bool Unprotected { get; set; }

    /// <summary>What protects the keys now, and what did before.</summary>
    /// <param name="faults">Everything that is wrong with the settings, one sentence each.</param>
    internal KeyProtection Read(out IReadOnlyList<string> faults)
    {
        var noted = new List<string>();
        if (new[] { !string.IsNullOrWhiteSpace(File), !string.IsNullOrWhiteSpace(Certificate), Unprotected }.Count(g => g) > 1)
        {
            noted.Add($"{Section} has more than one of File, Certificate and Unprotected; leave one.");
        }

        var files = new[] { File }.Concat(PreviousFiles).Where(f => !string.IsNullOrWhiteSpace(f)).Select(f => Key(f!, noted)).ToList();
        var certificates = new[] { (Path: Certificate, Key: CertificateKey) }.Concat(PreviousCertificates.Select(p => (Path: (string?)p, Key: (string?)null)))
            .Where(c => !string.IsNullOrWhiteSpace(c.Path)).Select(c => Read(c.Path!, c.Key, noted)).ToList();
        faults = noted;
        return new(
            string.IsNullOrWhiteSpace(File) ? null : files[0], [.. files.OfType<KeyFile>()],
            string.IsNullOrWhiteSpace(Certificate) ? null : certificates[0], [.. certificates.OfType<X509Certificate2>()]);
    }

    private static KeyFile? Key(string path, List<string> noted)
    {
        try
        {
            var text = System.IO.File.ReadAllText(path).Trim();
            var bytes = text.Length == 2 * KeyFile.Bytes ? Convert.FromHexString(text) : Convert.FromBase64String(text);
            if (bytes.Length == KeyFile.Bytes)
            {
                return new KeyFile(bytes);
            }

            noted.Add($"{Section}: {path} has {bytes.Length} bytes, and must have {KeyFile.Bytes} (openssl rand -hex {KeyFile.Bytes}).");
        }
        catch (FormatException)
        {
            noted.Add($"{Section}: {path} is neither hexadecimal nor base64 (openssl rand -hex {KeyFile.Bytes}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            noted.Add($"{Section}: the key file {path} cannot be read.");
        }

        return null;
    }

    private X509Certificate2? Read(string path, string? key, List<string> noted)
    {
        try
        {
            var certificate = X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx
                ? X509CertificateLoader.LoadPkcs12FromFile(path, CertificatePassword)
                : X509Certificate2.CreateFromPemFile(path, string.IsNullOrWhiteSpace(key) ? path : key);
            using var rsa = certificate.GetRSAPrivateKey();
            if (rsa is not null)
            {
                return certificate;
            }

            noted.Add($"{Section}: the certificate {path} is without its RSA key.");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            noted.Add($"{Section}: the certificate {path} cannot be read: it is not there, not a certificate, or its password or key is wrong.");
        }

        return null;
    }
}

/// <summary>What protects keys now, and everything that keys were ever protected with.</summary>
internal sealed record KeyProtection(KeyFile? File, IReadOnlyList<KeyFile> Files, X509Certificate2? Certificate, IReadOnlyList<X509Certificate2> Certificates);
