using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates.Rules;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Waivers;

/// <summary>A waiver as it stands at one time. Gates and lists both go by this, so that no list shows one as holding that lets nothing pass.</summary>
/// <param name="Waiver">The waiver.</param>
/// <param name="Holds">True while it lets its gate pass.</param>
/// <param name="NewerEvidence">When evidence arrived that was not there when it was given, and so was waived by nobody; null without any.</param>
/// <param name="Overtaken">What else happened that nobody had seen when it was given, as the end of a sentence; null for nothing.</param>
public sealed record WaiverStanding(Waiver Waiver, bool Holds, DateTimeOffset? NewerEvidence, string? Overtaken)
{
    /// <summary>How it stands, as the end of a sentence: "until 2026-03-01 16:00 UTC", "taken back by mia".</summary>
    public string Words => this switch
    {
        { Waiver.RevokedBy: { } by } => $"taken back by {by}",
        { Overtaken: { } what } => $"does not hold any more: {what}",
        { Holds: true } => $"until {Wording.Moment(Waiver.ExpiresAt)}",
        _ => $"ended at {Wording.Moment(Waiver.ExpiresAt)}",
    };

    /// <summary>How a waiver stands: it is on what was there when it was given.</summary>
    /// <param name="waiver">The waiver.</param>
    /// <param name="evidence">The evidence of its release.</param>
    /// <param name="release">Its release: what is measured in a stage is waived for that stage.</param>
    /// <param name="gate">How its gate stands without it; null where that is not at hand.</param>
    /// <param name="now">The time of now.</param>
    public static WaiverStanding Of(Waiver waiver, IEnumerable<EvidenceItem> evidence, Release release, Verdict? gate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiver);
        ArgumentNullException.ThrowIfNull(release);
        var newer = CurrentEvidence.NewestOf(waiver.Gate, evidence) is { } newest && newest > waiver.At ? newest : (DateTimeOffset?)null;
        var overtaken = !(now < waiver.ExpiresAt) ? null
            : newer is { } at ? $"newer evidence arrived at {Wording.Moment(at)}"
            : WaivableGates.IsOfStage(waiver.Gate) && release.StageEnteredAt > waiver.At ? $"it was given in an earlier stage, which ended at {Wording.Moment(release.StageEnteredAt)}"
            : gate == Verdict.Fail && waiver.GivenOn is { } stood and not Verdict.Fail ? $"the gate fails now, and was {stood.ToString().ToLowerInvariant()} when it was given"
            : null;
        return new WaiverStanding(waiver, overtaken is null && waiver.HoldsAt(now) && WaivableGates.Includes(waiver.Gate), newer, overtaken);
    }
}

/// <summary>Reads the waivers of a release as they stand now.</summary>
/// <remarks>Without evidence connected none can have ended by it.</remarks>
public sealed class WaiverReading(IWaiverStore waivers, IReleaseStore releases, IPolicyGates gates, ReleaseBoard board, TimeProvider time, IEvidenceStore? evidence = null)
{
    /// <summary>All of a release, newest first; those that do not hold any more included.</summary>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<IReadOnlyList<WaiverStanding>> ForReleaseAsync(Guid releaseId, CancellationToken cancellationToken)
    {
        var given = await waivers.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);
        if (given.Count == 0 || await releases.FindAsync(releaseId, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return [];
        }

        var items = evidence is null ? [] : await evidence.ForReleaseAsync(releaseId, cancellationToken).ConfigureAwait(false);
        var judged = (await gates.JudgeAsync(release, board.Find(releaseId), cancellationToken).ConfigureAwait(false)).Gates;
        var now = time.GetUtcNow();
        return [.. given.Select(w => WaiverStanding.Of(w, items, release, judged.FirstOrDefault(g => g.Name == w.Gate)?.Verdict, now))];
    }
}
