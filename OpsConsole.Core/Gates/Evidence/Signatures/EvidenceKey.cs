using System.Security.Cryptography;

namespace OpsConsole.Core.Gates.Evidence.Signatures;

/// <summary>A public key that signatures are verified with: ECDSA over P-256 or RSA, with SHA-256. Ed25519 is not in this runtime.</summary>
public sealed class EvidenceKey
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Ed25519 = "1.3.101.112";
    private const int ShortestRsa = 2048;

    private readonly string _pem;
    private readonly bool _rsa;

    private EvidenceKey(string name, string pem, bool rsa) => (Name, _pem, _rsa) = (name, pem, rsa);

    /// <summary>As configured; what a verified item names.</summary>
    public string Name { get; }

    /// <summary>Reads a public key in PEM (<c>BEGIN PUBLIC KEY</c>).</summary>
    /// <exception cref="FormatException">It is none, or of a kind that is not verified. The message is a sentence.</exception>
    public static EvidenceKey Read(string name, string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new FormatException($"The key '{name}' is a private key; only public keys belong here.");
        }

        var kind = KindOf(pem) ?? throw new FormatException($"The key '{name}' is not a public key in PEM (BEGIN PUBLIC KEY).");
        try
        {
            switch (kind)
            {
                case "1.2.840.10045.2.1":
                    using (var ecdsa = ECDsa.Create())
                    {
                        ecdsa.ImportFromPem(pem);
                        return ecdsa.ExportParameters(false).Curve.Oid.Value == P256
                            ? new(name, pem, rsa: false)
                            : throw new FormatException($"The key '{name}' is on another curve than P-256.");
                    }

                case "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10":
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportFromPem(pem);
                        return rsa.KeySize >= ShortestRsa ? new(name, pem, rsa: true) : throw new FormatException($"The key '{name}' is shorter than {ShortestRsa} bits.");
                    }

                case Ed25519:
                    throw new FormatException($"The key '{name}' is an Ed25519 key, which this runtime cannot verify; use ECDSA P-256 or RSA.");
                default:
                    throw new FormatException($"The key '{name}' is of a kind that is not verified ({kind}); use ECDSA P-256 or RSA.");
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"The key '{name}' is damaged.", e);
        }
    }

    /// <summary>True when the signature is of this key over these bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => VerifiesHash(SHA256.HashData(data), signature);

    /// <summary>True when the signature is of this key over data with this SHA-256.</summary>
    public bool VerifiesHash(ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (_rsa)
            {
                using var rsa = RSA.Create();
                rsa.ImportFromPem(_pem);
                return rsa.VerifyHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
                    || rsa.VerifyHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }

            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(_pem);
            return ecdsa.VerifyHash(sha256, signature, DSASignatureFormat.Rfc3279DerSequence) || ecdsa.VerifyHash(sha256, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Object identifier of the key's algorithm; null where it is no public key.</summary>
    private static string? KindOf(string pem)
    {
        try
        {
            var found = PemEncoding.Find(pem);
            if (!pem.AsSpan()[found.Label].SequenceEqual("PUBLIC KEY"))
            {
                return null;
            }

            var info = new System.Formats.Asn1.AsnReader(Convert.FromBase64String(pem[found.Base64Data]), System.Formats.Asn1.AsnEncodingRules.DER);
            return info.ReadSequence().ReadSequence().ReadObjectIdentifier();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or System.Formats.Asn1.AsnContentException)
        {
            return null;
        }
    }
}
