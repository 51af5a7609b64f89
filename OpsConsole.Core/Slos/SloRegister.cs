using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Slos;

/// <summary>What became of a definition.</summary>
public abstract record SloAnswer
{
    private SloAnswer()
    {
    }

    /// <summary>It stands.</summary>
    /// <param name="Slo">As it stands now.</param>
    /// <param name="IsNew">False when it replaced another.</param>
    public sealed record Defined(Slo Slo, bool IsNew) : SloAnswer;

    /// <summary>It was taken away.</summary>
    public sealed record Removed : SloAnswer;

    public sealed record Invalid(IReadOnlyList<SloFault> Faults) : SloAnswer;

    public sealed record NotFound(string Sentence) : SloAnswer;

    public sealed record NotPermitted(string Sentence) : SloAnswer;
}

/// <summary>Defines objectives and takes them away, and keeps book and record together: one at a time, so that no event is written for an objective that is gone.</summary>
public sealed class SloRegister(SloBook book, ISloStore store, IAuditStore audit, TimeProvider time, ILogger<SloRegister> log) : IDisposable
{
    /// <summary>Most buckets written at a time.</summary>
    private const int Batch = 500;

    private const string Gone = "The objective was taken away.";

    /// <summary>How long buckets are kept beyond what is read of them.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromDays(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ConcurrentQueue<SloAlert> _fresh = [];
    private readonly List<SloAlert> _unsaved = [];

    /// <summary>Defines an objective, or says everything that is wrong with it.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; nothing changed.</exception>
    public async Task<SloAnswer> PutAsync(string name, SloDefinition definition, Operator by, CancellationToken cancellationToken)
    {
        if (Refusal(by) is { } refusal)
        {
            return refusal;
        }

        if (SloRules.Faults(name, definition) is { Count: > 0 } faults)
        {
            return new SloAnswer.Invalid(faults);
        }

        var slo = SloRules.Build(name, definition, by.Name, time.GetUtcNow());
        var isNew = await AloneAsync(() => PutAsync(slo, cancellationToken), cancellationToken).ConfigureAwait(false);
        await TryAuditAsync(slo, by, isNew ? "slo.define" : "slo.change", $"{SloText.Objective(slo)} over {BurnRateWindows.PeriodText(slo.Period)}, of {slo.Signal} ({slo.Service}, {slo.Environment}).").ConfigureAwait(false);
        return new SloAnswer.Defined(slo, isNew);
    }

    /// <summary>Takes an objective away, with what was counted for it.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; nothing changed.</exception>
    public async Task<SloAnswer> DeleteAsync(string name, Operator by, CancellationToken cancellationToken)
    {
        if (Refusal(by) is { } refusal)
        {
            return refusal;
        }

        RequireLoaded();
        if (book.Slos.FirstOrDefault(s => s.Name == name) is not { } slo)
        {
            return new SloAnswer.NotFound("There is no objective of that name.");
        }

        await AloneAsync(
            async () =>
            {
                await store.DeleteAsync(name, CancellationToken.None).ConfigureAwait(false);
                _unsaved.AddRange(book.Remove(name, Gone));
                book.Refresh();
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        await TryAuditAsync(slo, by, "slo.remove", "Its counted events are deleted; its alerts stay on record.").ConfigureAwait(false);
        return new SloAnswer.Removed();
    }

    /// <summary>Takes over everything that is on record. Until it has, nothing is written and no objective changes. Called again after a failure, it goes on where it ended.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; not everything was taken over.</exception>
    public Task LoadAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            var slos = await store.ListAsync(cancellationToken).ConfigureAwait(false);
            var firing = (await store.FiringAsync(cancellationToken).ConfigureAwait(false)).ToLookup(a => a.Slo);
            var there = book.Slos.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var slo in slos.Where(s => !there.Contains(s.Name)))
            {
                book.Set(slo, await store.WindowsAsync(slo.Name, cancellationToken).ConfigureAwait(false), firing[slo.Name]);
            }

            var known = slos.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
            _unsaved.AddRange(firing.Where(a => !known.Contains(a.Key)).SelectMany(a => a).Select(a => a.Resolved(time.GetUtcNow(), Gone)));
            book.Refresh();
            book.MarkLoaded();
            return true;
        },
        cancellationToken);

    /// <summary>Writes what was counted since the last time. What cannot be written now is written the next time.</summary>
    /// <exception cref="RecordUnavailableException">The record is away.</exception>
    public Task WriteAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            if (!book.IsLoaded)
            {
                return false;
            }

            await WriteAlertsAsync(cancellationToken).ConfigureAwait(false);
            await WriteCountsAsync(cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Writes alerts that fired or resolved since the last time.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; they are written the next time.</exception>
    public Task SaveAlertsAsync(IEnumerable<SloAlert> alerts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        foreach (var alert in alerts)
        {
            _fresh.Enqueue(alert);
        }

        return AloneAsync(
            async () =>
            {
                await WriteAlertsAsync(cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Deletes buckets that nothing is read of any more.</summary>
    /// <exception cref="RecordUnavailableException">The record is away.</exception>
    public Task TrimAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            var now = time.GetUtcNow();
            foreach (var slo in book.Slos)
            {
                await store.TrimAsync(slo.Name, 3600, now - slo.Period - Spare, cancellationToken).ConfigureAwait(false);
                await store.TrimAsync(slo.Name, 300, now - TimeSpan.FromDays(3) - Spare, cancellationToken).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    public void Dispose() => _one.Dispose();

    private async Task<bool> PutAsync(Slo slo, CancellationToken cancellationToken)
    {
        RequireLoaded();
        var before = book.Slos.FirstOrDefault(s => s.Name == slo.Name);
        var keepsCounts = before is not null && before.CountsAs(slo);
        if (keepsCounts)
        {
            // What was counted goes over by way of the record, so that memory and record cannot differ.
            await WriteCountsAsync(cancellationToken).ConfigureAwait(false);
        }

        var isNew = await store.SaveAsync(slo, keepsCounts, cancellationToken).ConfigureAwait(false);
        var kept = await store.WindowsAsync(slo.Name, cancellationToken).ConfigureAwait(false);
        if (keepsCounts && (before!.Period, before.ObjectivePercent) == (slo.Period, slo.ObjectivePercent))
        {
            book.Set(slo, kept, book.Find(slo.Name)?.Alerts ?? []);
        }
        else
        {
            _unsaved.AddRange(book.Remove(slo.Name, "The objective was changed."));
            book.Set(slo, kept, []);
        }

        book.Refresh();
        return isNew;
    }

    private async Task WriteCountsAsync(CancellationToken cancellationToken)
    {
        var changed = book.TakeChanged();
        var written = 0;
        try
        {
            foreach (var batch in changed.Chunk(Batch))
            {
                await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                written += batch.Length;
            }
        }
        finally
        {
            book.MarkChanged(changed.Skip(written));
        }
    }

    private void RequireLoaded()
    {
        if (!book.IsLoaded)
        {
            throw new RecordUnavailableException("The objectives are still being read; try again in a moment.");
        }
    }

    private async Task WriteAlertsAsync(CancellationToken cancellationToken)
    {
        while (_fresh.TryDequeue(out var alert))
        {
            _unsaved.Add(alert);
        }

        if (_unsaved.Count > 0)
        {
            await store.SaveAsync([.. _unsaved.GroupBy(a => a.Id).Select(g => g.Last())], cancellationToken).ConfigureAwait(false);
            _unsaved.Clear();
        }
    }

    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private static SloAnswer.NotPermitted? Refusal(Operator by) => by.WhyNot(Permission.SlosWrite, "define objectives") is { } why ? new(why) : null;

    /// <summary>What is decided stands, whether its line can be written or not.</summary>
    private async Task TryAuditAsync(Slo slo, Operator by, string happened, string detail)
    {
        try
        {
            await audit.AppendAsync(
                new AuditEntry
                {
                    At = time.GetUtcNow(), Actor = by.Name, Role = by.Role.ToString(), Event = happened, Subject = $"slo:{slo.Name}", SubjectTitle = $"objective {slo.Name}", Outcome = "done", Detail = detail,
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (RecordUnavailableException e)
        {
            log.LogWarning(e, "The change of objective {Slo} ({Event}) could not be put on the record.", slo.Name, happened);
        }
    }
}
