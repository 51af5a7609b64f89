using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates.Rules;

namespace OpsConsole.Core.Gates.Waivers;

/// <summary>A waiver as it stands at one time. Gates and lists both go by this, so that no list shows one as holding that lets nothing pass.</summary>
/// <param name="Waiver">The waiver.</param>
/// <param name="Holds">True while it lets its gate pass.</param>
/// <param name="NewerEvidence">When evidence arrived that was not there when it was given, and so was waived by nobody; null without any.</param>
public sealed record WaiverStanding(Waiver Waiver, bool Holds, DateTimeOffset? NewerEvidence)
{
    /// <summary>How it stands, as the end of a sentence: "until 2026-03-01 16:00 UTC", "taken back by mia".</summary>
    public string Words => this switch
    {
        { Waiver.RevokedBy: { } by } => $"taken back by {by}",
        { NewerEvidence: { } at } when at < Waiver.ExpiresAt => $"does not hold any more: newer evidence arrived at {Wording.Moment(at)}",
        { Holds: true } => $"until {Wording.Moment(Waiver.ExpiresAt)}",
        _ => $"ended at {Wording.Moment(Waiver.ExpiresAt)}",
    };

    /// <summary>How a waiver stands on the evidence of its release: it is on what was there when it was given.</summary>
    public static WaiverStanding Of(Waiver waiver, IEnumerable<EvidenceItem> evidence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiver);
        var newer = CurrentEvidence.NewestOf(waiver.Gate, evidence) is { } newest && newest > waiver.At ? newest : (DateTimeOffset?)null;
        return new WaiverStanding(waiver, newer is null && waiver.HoldsAt(now) && WaivableGates.Includes(waiver.Gate), newer);
    }
}

/// <summary>Reads the waivers of a release as they stand now.</summary>
/// <remarks>Without evidence connected none can have ended by it.</remarks>
public sealed class WaiverReading(IWaiverStore waivers, TimeProvider time, IEvidenceStore? evidence = null)
{
    /// <summary>All of a release, newest first; those that do not hold any more included.</summary>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<IReadOnlyList<WaiverStanding>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        var given = await waivers.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);
        var items = given.Count == 0 || evidence is null ? [] : await evidence.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return [.. given.Select(w => WaiverStanding.Of(w, items, now))];
    }
}
