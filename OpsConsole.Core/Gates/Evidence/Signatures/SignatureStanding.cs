namespace OpsConsole.Core.Gates.Evidence.Signatures;

/// <summary>How the signature of a document stands.</summary>
/// <param name="Key">Name of the key that it was verified with; null where it was not.</param>
/// <param name="Wrong">True when keys are configured, and the document is signed by none of them.</param>
/// <param name="Sentence">The same for people, without a full stop.</param>
internal sealed record SignatureStanding(string? Key, bool Wrong, string Sentence)
{
    public static SignatureStanding Unsigned { get; } = new(null, false, "signature not verified: the document is not signed");

    /// <summary>How a signed document stands.</summary>
    /// <param name="keys">What is trusted.</param>
    /// <param name="signer">The key that a signature of it is of, or null.</param>
    public static SignatureStanding Of(EvidenceKeys keys, EvidenceKey? signer) =>
        signer is not null ? new(signer.Name, false, $"signed with the key {signer.Name}")
        : keys.Any ? new(null, true, "its signature is of no key that is configured here")
        : new(null, false, "signature not verified: no key is configured");

    /// <summary>What a document comes to with its signature: a wrong one is a failure whatever the document says.</summary>
    public EvidenceOutcome Apply(EvidenceOutcome said) => Wrong ? EvidenceOutcome.Failed : said;
}
