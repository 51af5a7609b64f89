namespace OpsConsole.Core.Gates.Evidence.Signatures;

/// <summary>The keys that the console trusts.</summary>
public sealed class EvidenceKeys(IReadOnlyList<EvidenceKey> keys)
{
    /// <summary>No keys: nothing can be verified, and what is signed is said to be unverified.</summary>
    public static EvidenceKeys None { get; } = new([]);

    public IReadOnlyList<EvidenceKey> All { get; } = keys;

    public bool Any => All.Count > 0;

    /// <summary>The key that a signature over these bytes is of, or null.</summary>
    public EvidenceKey? Find(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature) => All.FirstOrDefault(k => k.Verifies(data.Span, signature.Span));

    /// <summary>The key that a signature over data with this SHA-256 is of, or null.</summary>
    public EvidenceKey? FindByHash(ReadOnlyMemory<byte> sha256, ReadOnlyMemory<byte> signature) => All.FirstOrDefault(k => k.VerifiesHash(sha256.Span, signature.Span));
}
