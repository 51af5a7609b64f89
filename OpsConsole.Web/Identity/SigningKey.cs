using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace OpsConsole.Web.Identity;

/// <summary>One public key of the issuer (RFC 7517), for signatures with RSA or on an elliptic curve. Symmetric algorithms and "none" are not known here at all.</summary>
internal sealed class SigningKey
{
    private const int MinRsaBits = 2048;

    private readonly string? _id;
    private readonly string? _algorithm;
    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _curve;
    private readonly string? _curveAlgorithm;

    private SigningKey(string? id, string? algorithm, RSAParameters? rsa, ECParameters? curve, string? curveAlgorithm) =>
        (_id, _algorithm, _rsa, _curve, _curveAlgorithm) = (id, algorithm, rsa, curve, curveAlgorithm);

    /// <summary>The usable keys of a key set.</summary>
    public static IReadOnlyList<SigningKey> Read(JsonElement set) =>
        set.ValueKind == JsonValueKind.Object && set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object).Select(ReadOne).OfType<SigningKey>()]
            : [];

    /// <summary>True when a token with this key id and algorithm may be signed with it.</summary>
    public bool Fits(string? id, string algorithm) =>
        (id is null || id == _id)
        && (_algorithm is null || _algorithm == algorithm)
        && (_rsa is not null ? algorithm is "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" : algorithm == _curveAlgorithm);

    /// <summary>True when the signature is this key's.</summary>
    public bool Verifies(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        if (_rsa is { } numbers)
        {
            using var rsa = RSA.Create(numbers);
            return rsa.VerifyData(signed, signature, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }

        using var curve = ECDsa.Create(_curve!.Value);
        return curve.VerifyData(signed, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static SigningKey? ReadOne(JsonElement key)
    {
        if (Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        try
        {
            var (id, algorithm) = (Text(key, "kid"), Text(key, "alg"));
            switch (Text(key, "kty"))
            {
                case "RSA":
                    var numbers = new RSAParameters { Modulus = Number(key, "n"), Exponent = Number(key, "e") };
                    using (var rsa = RSA.Create(numbers))
                    {
                        return rsa.KeySize >= MinRsaBits ? new SigningKey(id, algorithm, numbers, null, null) : null;
                    }

                case "EC" when Curve(Text(key, "crv")) is (var curve, var fits):
                    var point = new ECParameters { Curve = curve, Q = new ECPoint { X = Number(key, "x"), Y = Number(key, "y") } };
                    using (ECDsa.Create(point))
                    {
                        return new SigningKey(id, algorithm, null, point, fits);
                    }

                default:
                    return null;
            }
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            // A key that cannot be read signs nothing here; the others do.
            return null;
        }
    }

    private static (ECCurve Curve, string Algorithm)? Curve(string? name) => name switch
    {
        "P-256" => (ECCurve.NamedCurves.nistP256, "ES256"),
        "P-384" => (ECCurve.NamedCurves.nistP384, "ES384"),
        "P-521" => (ECCurve.NamedCurves.nistP521, "ES512"),
        _ => null,
    };

    private static byte[] Number(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name) ?? throw new FormatException("A number of the key is missing."));

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
