using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Gates.Evidence.Signatures;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Evidence;

/// <summary>Takes evidence in: reads it, holds it against the release's artifact, puts it on the record. What is refused leaves a line in the audit and nothing else.</summary>
public sealed class SubmitEvidence(
    IReleaseStore releases, IEvidenceStore evidence, IAuditStore audit, EvidenceReader reader, EvidenceKeys keys, EvidenceNews news, TimeProvider time,
    ILogger<SubmitEvidence> log, IPolicyReader? policies = null) : IDisposable
{
    /// <summary>Documents that are read at once: a large one takes many times its length in memory.</summary>
    private const int AtOnce = 2;

    private const string What = "post evidence";

    private static readonly TimeSpan ClockDifference = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SemaphoreSlim _reading = new(AtOnce);

    /// <summary>Takes a document in, or says why not.</summary>
    public async Task<EvidenceAnswer> SubmitAsync(EvidenceSubmission submission, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        ArgumentNullException.ThrowIfNull(by);
        var now = time.GetUtcNow();
        if (by.WhyNot(Permission.EvidenceWrite, What) is { } why)
        {
            return new EvidenceAnswer.NotPermitted(why);
        }

        try
        {
            return await releases.FindAsync(submission.ReleaseId, cancellationToken).ConfigureAwait(false) is { } release
                ? await TakeAsync(submission, release, by, now, cancellationToken).ConfigureAwait(false)
                : new EvidenceAnswer.NotFound("There is no such release.");
        }
        catch (RecordUnavailableException)
        {
            return new EvidenceAnswer.Unavailable("The record cannot be written now, so nothing was kept; send the same document again in a minute.");
        }
    }

    /// <summary>Puts a document that was not even read on the record of refusals.</summary>
    public async Task RefusedAsync(Guid releaseId, Operator by, string sentence)
    {
        ArgumentNullException.ThrowIfNull(by);
        await TryAuditAsync(Line(releaseId, $"release {releaseId:N}", by, "refused", sentence, time.GetUtcNow())).ConfigureAwait(false);
    }

    public void Dispose() => _reading.Dispose();

    private async Task<EvidenceAnswer> TakeAsync(EvidenceSubmission submission, Release release, Operator by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        by = by.In(release.Environment);
        if (by.WhyNot(Permission.EvidenceWrite, What) is { } why)
        {
            return new EvidenceAnswer.NotPermitted(why);
        }

        EvidenceSummary summary;
        try
        {
            summary = await ReadAsync(submission, release, cancellationToken).ConfigureAwait(false);
        }
        catch (UnreadableEvidenceException e)
        {
            await TryAuditAsync(Line(release, by, "refused", $"{submission.Kind.Code()} of {submission.Source}: {e.Message}", now)).ConfigureAwait(false);
            return new EvidenceAnswer.Unreadable(e.Message, e.Line, e.Column);
        }

        if (summary.SubjectDigest is { } subject && !string.Equals(subject, release.Artifact.Digest, StringComparison.OrdinalIgnoreCase))
        {
            var sentence = $"The document is about the artifact {subject}, and this release is {release.Artifact.Digest}.";
            await TryAuditAsync(Line(release, by, "refused", $"{submission.Kind.Code()} of {submission.Source}: {sentence}", now)).ConfigureAwait(false);
            return new EvidenceAnswer.WrongArtifact(sentence);
        }

        return await KeepAsync(Item(submission, summary, release, by, now), release, by, cancellationToken).ConfigureAwait(false);
    }

    private async Task<EvidenceSummary> ReadAsync(EvidenceSubmission submission, Release release, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return reader.Read(submission.Kind, submission.Document, new EvidenceTerms
            {
                Stage = submission.Stage,
                ArtifactDigest = release.Artifact.Digest,
                LineBudget = submission.LineBudget,
                BranchBudget = submission.BranchBudget,
                CriticalPaths = submission.CriticalPaths,
                SqlServer = submission.SqlServer,
                Keys = keys,
            });
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<EvidenceAnswer> KeepAsync(EvidenceItem item, Release release, Operator by, CancellationToken cancellationToken)
    {
        var detail = $"{item.Kind} of {item.Source} for {item.Stage}: {item.Summary}";
        var kept = await evidence.AddAsync(
            item,
            Line(release, by, "done", detail, item.ReceivedAt),
            new ReleaseEvent { ReleaseId = release.Id, Kind = ReleaseEventKind.Evidence, At = item.ReceivedAt, Text = $"Evidence, {Title(item)} by {item.Source}: {item.Summary}", Actor = by.Name },
            cancellationToken).ConfigureAwait(false);
        if (kept.Id == item.Id)
        {
            news.Note(release.Id);
            return new EvidenceAnswer.Accepted(kept);
        }

        await TryAuditAsync(Line(release, by, "done", $"{detail} The same document was there already.", item.ReceivedAt)).ConfigureAwait(false);
        var all = EvidenceHistory.Of(await evidence.ForReleaseAsync(release.Id, cancellationToken).ConfigureAwait(false));
        return new EvidenceAnswer.Repeated(kept, all.Any(i => i.Item.Id == kept.Id && i.Superseded));
    }

    private EvidenceItem Item(EvidenceSubmission submission, EvidenceSummary summary, Release release, Operator by, DateTimeOffset now)
    {
        var detail = EvidenceDetail.Of(summary);
        return new EvidenceItem
        {
            Id = Guid.CreateVersion7(now),
            ReleaseId = release.Id,
            Kind = summary.Kind.Code(),
            Stage = summary.Stage.Code(),
            Source = submission.Source,
            Outcome = summary.Outcome,
            Blocking = EvidenceStages.Blocks(summary.Stage, summary.Outcome, StageDetail.Of(detail, QuarantineOf(release), now)),
            Summary = summary.Text,
            DetailJson = detail.Write(),
            ContentDigest = Convert.ToHexStringLower(SHA256.HashData(submission.Document.Span)),
            ArtifactDigest = summary.SubjectDigest is null ? null : release.Artifact.Digest,
            // A time that cannot be is worse than none: age would be read from it.
            ProducedAt = summary.ProducedAt is { } at && at > Earliest && at < now + ClockDifference ? at.ToUniversalTime() : null,
            ReceivedAt = now,
            ReceivedBy = by.Name,
        };
    }

    private IReadOnlyList<QuarantineEntry> QuarantineOf(Release release) =>
        release.Policy is { } snapshot && policies is not null ? Quarantine.Named(policies.Read(snapshot).Evidence.Quarantine, release.Owner) : [];

    private static string Title(EvidenceItem item) => EvidenceCodes.FindStage(item.Stage)!.Value.Title().ToLowerInvariant();

    private static AuditEntry Line(Release release, Operator by, string outcome, string detail, DateTimeOffset at) =>
        Line(release.Id, $"{release.Service} {release.Version} on {release.Target}, {release.Environment}", by, outcome, detail, at);

    private static AuditEntry Line(Guid release, string title, Operator by, string outcome, string detail, DateTimeOffset at) => new()
    {
        At = at, Actor = by.Name, Role = by.Role.ToString(), Event = "evidence", Subject = $"release:{release:N}", SubjectTitle = title, Outcome = outcome, Detail = detail,
    };

    private async Task TryAuditAsync(AuditEntry entry)
    {
        try
        {
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RecordUnavailableException e)
        {
            log.LogError(e, "What came of evidence for {Release} could not be put on the record: {Detail}", entry.Subject, entry.Detail);
        }
    }
}
