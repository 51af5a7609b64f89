using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Tests.Core.Remote;

public sealed class SignedTokenTests
{
    private static readonly Dictionary<string, object> Claims = new() { ["iss"] = "console", ["exp"] = 1_772_366_400L };

    [Fact]
    public void An_rsa_token_is_what_its_public_half_verifies()
    {
        using var key = RSA.Create(2048);

        var (header, claims, said, signature) = Parts(SignedToken.Rs256(key.ExportPkcs8PrivateKeyPem(), "k1", Claims));

        Assert.Equal(("RS256", "JWT", "k1"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString(), header.GetProperty("kid").GetString()));
        Assert.Equal(("console", 1_772_366_400L), (claims.GetProperty("iss").GetString(), claims.GetProperty("exp").GetInt64()));
        Assert.True(key.VerifyData(said, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void A_token_of_the_curve_has_its_two_numbers_side_by_side()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var (header, _, said, signature) = Parts(SignedToken.Es256(key.ExportPkcs8PrivateKeyPem(), null, Claims));

        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        Assert.False(header.TryGetProperty("kid", out _));
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(said, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void What_is_no_key_cannot_sign(string pem)
    {
        Assert.False(SignedToken.CanSign(claims => SignedToken.Rs256(pem, null, claims)));
        Assert.False(SignedToken.CanSign(claims => SignedToken.Es256(pem, null, claims)));
    }

    [Fact]
    public void A_key_in_one_line_signs_too()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.NotEmpty(SignedToken.Rs256(rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\\n"), null, Claims));
        Assert.NotEmpty(SignedToken.Es256(curve.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\\n"), null, Claims));
    }

    [Fact]
    public void A_public_key_cannot_sign()
    {
        using var key = RSA.Create(2048);

        Assert.False(SignedToken.CanSign(claims => SignedToken.Rs256(key.ExportSubjectPublicKeyInfoPem(), null, claims)));
    }

    private static (JsonElement Header, JsonElement Claims, byte[] Said, byte[] Signature) Parts(string token)
    {
        var parts = token.Split('.');
        return (Json(parts[0]), Json(parts[1]), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
    }

    private static JsonElement Json(string part) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
}
