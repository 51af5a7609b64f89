using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Releases;

/// <summary>What came of posting or asking for change sets.</summary>
public abstract record ChangesAnswer
{
    /// <summary>It is on record, now or since earlier.</summary>
    public sealed record Kept(ReleaseChanges Changes, ChangeSet Set, bool IsNew) : ChangesAnswer;

    /// <summary>What was asked for.</summary>
    public sealed record Found(ChangesBetween Between) : ChangesAnswer;

    /// <summary>Nothing was kept; every fault is listed.</summary>
    public sealed record Invalid(IReadOnlyList<RegistrationFault> Faults) : ChangesAnswer;

    /// <summary>The release has another change set, which stays.</summary>
    public sealed record Conflict(string Sentence) : ChangesAnswer;

    /// <summary>There is no such release, or it has no change set.</summary>
    public sealed record Missing(string Sentence) : ChangesAnswer;

    /// <summary>The two releases cannot be compared.</summary>
    public sealed record Incomparable(string Sentence) : ChangesAnswer;

    /// <summary>The role may not post change sets.</summary>
    public sealed record NotPermitted(string Sentence) : ChangesAnswer;
}

/// <summary>Keeps change sets, and tells what changed between releases.</summary>
public sealed class RecordChanges(IReleaseStore releases, IChangeStore changes, TimeProvider time)
{
    /// <summary>Most releases of a service, target and environment that are looked through for the way between two.</summary>
    public const int MaxReleases = 1_000;

    private const string What = "post change sets";

    private static readonly ChangesAnswer NoRelease = new ChangesAnswer.Missing("There is no such release.");

    /// <summary>Keeps the change set of a release. The same one again changes nothing.</summary>
    /// <exception cref="RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<ChangesAnswer> PutAsync(Guid id, ChangeSet set, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(by);
        if (by.WhyNot(Permission.ReleasesRegister, What) is { } why)
        {
            return new ChangesAnswer.NotPermitted(why);
        }

        if (await releases.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return NoRelease;
        }

        by = by.In(release.Environment);
        if (by.WhyNot(Permission.ReleasesRegister, What) is { } whyThere)
        {
            return new ChangesAnswer.NotPermitted(whyThere);
        }

        if (ChangeSetRules.Faults(set) is { Count: > 0 } faults)
        {
            return new ChangesAnswer.Invalid(faults);
        }

        var now = time.GetUtcNow();
        var text = ChangeSetText.Write(set);
        var mine = new ReleaseChanges { ReleaseId = id, Json = text, Digest = ChangeSetText.Digest(text), At = now, By = by.Name };
        var kept = await changes.AddAsync(mine, Audit(release, set, by, now), Entry(release, set, by, now), cancellationToken).ConfigureAwait(false);
        return kept.Digest == mine.Digest
            ? new ChangesAnswer.Kept(kept, set, ReferenceEquals(kept, mine))
            : new ChangesAnswer.Conflict($"{release.Service} {release.Version} has another change set since {kept.At:yyyy-MM-dd HH:mm:ss} UTC, posted by {kept.By}; it is not changed. Register a new version for other changes.");
    }

    /// <summary>What a release changes, or everything that changed since another one of the same service.</summary>
    /// <exception cref="RecordUnavailableException">The record cannot be reached.</exception>
    public async Task<ChangesAnswer> FindAsync(Guid id, Guid? since, CancellationToken cancellationToken)
    {
        if (await releases.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } to)
        {
            return NoRelease;
        }

        if (since is not { } other)
        {
            var own = await SetsAsync([to], cancellationToken).ConfigureAwait(false);
            return own[0].Changes is null
                ? new ChangesAnswer.Missing($"{to.Service} {to.Version} has no change set.")
                : new ChangesAnswer.Found(ChangesBetween.Of(to.PreviousVersion, own, []));
        }

        if (await releases.FindAsync(other, cancellationToken).ConfigureAwait(false) is not { } from)
        {
            return new ChangesAnswer.Missing("There is no such release to compare with.");
        }

        if (Refusal(from, to) is { } refusal)
        {
            return new ChangesAnswer.Incomparable(refusal);
        }

        var way = ReleaseWay.Between(from, to, await PlaceAsync(to, cancellationToken).ConfigureAwait(false));
        return new ChangesAnswer.Found(ChangesBetween.Of(from.Version, await SetsAsync(way.Steps, cancellationToken).ConfigureAwait(false), way.Missing));
    }

    private static string? Refusal(Release from, Release to) =>
        from.Id == to.Id || from.Version == to.Version ? "Both are the same version; name an earlier one in since."
        : from.Service != to.Service ? $"They are of different services, {from.Service} and {to.Service}."
        : from.RegisteredAt > to.RegisteredAt ? $"{from.Version} was registered after {to.Version}; ask the other way round."
        : null;

    private async Task<IReadOnlyList<Release>> PlaceAsync(Release to, CancellationToken cancellationToken)
    {
        var found = new List<Release>();
        Page<Release> page;
        do
        {
            page = await releases.PageAsync(
                new ReleaseQuery
                {
                    Service = to.Service, Target = to.Target, Environment = to.Environment, To = to.RegisteredAt, Skip = found.Count, Take = ReleaseQuery.MaxTake,
                },
                cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Items);
        }
        while (page.Items.Count == ReleaseQuery.MaxTake && found.Count < MaxReleases);
        return found;
    }

    private async Task<IReadOnlyList<(Release Release, ChangeSet? Changes)>> SetsAsync(IReadOnlyList<Release> of, CancellationToken cancellationToken)
    {
        var kept = (await changes.FindAsync([.. of.Select(r => r.Id)], cancellationToken).ConfigureAwait(false)).ToDictionary(c => c.ReleaseId);
        return [.. of.Select(r => (r, kept.TryGetValue(r.Id, out var found) ? ChangeSetText.Read(found.Json) : null))];
    }

    private static AuditEntry Audit(Release release, ChangeSet set, Operator by, DateTimeOffset now) => new()
    {
        At = now, Actor = by.Name, Role = by.Role.ToString(), Event = "release.changes", Subject = $"release:{release.Id:N}",
        SubjectTitle = $"{release.Service} {release.Version} on {release.Target}, {release.Environment}", Outcome = "done", Detail = Said(set),
    };

    private static ReleaseEvent Entry(Release release, ChangeSet set, Operator by, DateTimeOffset now) => new()
    {
        ReleaseId = release.Id, Kind = ReleaseEventKind.Evidence, At = now, Text = Said(set), Actor = by.Name,
    };

    private static string Said(ChangeSet set) => set.Code is { } code ? $"Change set posted: {ChangeSize.Of(code).Sentence}." : "Change set posted, without a word about code.";
}
