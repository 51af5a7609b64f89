using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace OpsConsole.Web.Identity.Keys;

/// <summary>A key from a file, under which the framework's keys are written (AES-256-GCM, with a nonce of its own for each).</summary>
internal sealed class KeyFile(byte[] key) : IXmlEncryptor
{
    /// <summary>Length of the key.</summary>
    public const int Bytes = 32;

    private const string Element = "protectedByKeyFile";
    private static readonly int Tag = AesGcm.TagByteSizes.MaxSize;
    private static readonly int Nonce = AesGcm.NonceByteSizes.MaxSize;

    /// <summary>Tells this key from others, and nothing about it.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData([.. "OpsConsole key file"u8, .. key]), 0, 8);

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag), Encoding.ASCII.GetBytes(Id));
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement(Element, new XAttribute("key", Id), Convert.ToBase64String(sealedBytes)), typeof(KeyFileReader));
    }

    /// <summary>The element that was encrypted with this key.</summary>
    /// <exception cref="CryptographicException">It was not, or was changed.</exception>
    public XElement Decrypt(XElement encrypted)
    {
        var bytes = Convert.FromBase64String(encrypted.Value);
        if (bytes.Length < Nonce + Tag)
        {
            throw new CryptographicException("A key of the console is cut off.");
        }

        var plain = new byte[bytes.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), plain, Encoding.ASCII.GetBytes(Id));
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}

/// <summary>Reads keys that were written under a key file, the present one or an earlier one. The framework makes it by its name, which is written beside each key.</summary>
internal sealed class KeyFileReader(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        var id = encryptedElement.Attribute("key")?.Value;
        return services.GetRequiredService<KeyProtection>().Files.FirstOrDefault(f => f.Id == id)?.Decrypt(encryptedElement)
            ?? throw new CryptographicException($"A key of the console was written under the key file {id}, which {KeyOptions.Section} does not name any more.");
    }
}
