using OpsConsole.Core.Access;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Api.Push;

/// <summary>Records the sound samples of a batch and notes why the others were not taken.</summary>
internal sealed class SampleIntake(ISampleSink sink, RecentSampleIds recent, PushedSignals pushedSignals, SignalMetrics metrics, TimeProvider time)
{
    /// <param name="items">The batch.</param>
    /// <param name="by">Who pushes; ids are told apart by caller, and each sample is taken only where the caller may push in its environment.</param>
    public PushReceipt Take(IReadOnlyList<BatchItem> items, Operator by)
    {
        var caller = by.Name;
        Dictionary<string, string?> whyNot = new(StringComparer.Ordinal);
        int accepted = 0, duplicates = 0, unmatched = 0;
        var rejected = new List<RejectedSample>();
        var now = time.GetUtcNow();
        for (var i = 0; i < items.Count; i++)
        {
            var (line, pushed, error) = items[i];
            SignalSample sample = default;
            error ??= SampleCheck.Check(pushed!, now, out sample) ?? WhyNot(by, sample.Address.Environment, whyNot);
            if (error is not null)
            {
                rejected.Add(new(i, line, Shown(pushed?.Id), error));
                continue;
            }

            if (pushed!.Id is { } id && !recent.TryClaim(caller, id))
            {
                duplicates++;
                continue;
            }

            var outcome = Record(pushed.Id, sample, caller);
            if (outcome is RecordOutcome.Recorded or RecordOutcome.NoRelease)
            {
                pushedSignals.Note(sample.Address);
            }

            if (outcome == RecordOutcome.Recorded)
            {
                accepted++;
                continue;
            }

            if (outcome == RecordOutcome.NoRelease)
            {
                unmatched++;
            }
            else
            {
                rejected.Add(new(i, line, pushed.Id, Sentence(outcome)));
            }
        }

        metrics.Refused("duplicate", duplicates);
        metrics.Refused("invalid", rejected.Count);
        return new(accepted, duplicates, rejected, unmatched);
    }

    private static string? WhyNot(Operator by, string environment, Dictionary<string, string?> known)
    {
        if (!known.TryGetValue(environment, out var why))
        {
            known[environment] = why = by.In(environment).WhyNot(Permission.SignalsWrite, "push signals");
        }

        return why;
    }

    /// <summary>Only the id of a sample that was taken is remembered: others would push out the ids of those that were.</summary>
    private RecordOutcome Record(string? id, in SignalSample sample, string caller)
    {
        RecordOutcome? outcome = null;
        try
        {
            outcome = sink.Record(sample);
            metrics.Sample(SignalMetrics.FromPush, outcome.Value);
            return outcome.Value;
        }
        finally
        {
            if (id is not null && outcome == RecordOutcome.Recorded)
            {
                recent.Keep(caller, id);
            }
            else if (id is not null)
            {
                recent.Drop(caller, id);
            }
        }
    }

    private static string Sentence(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.TooOld => "'at' is older than what the board keeps.",
        RecordOutcome.FromTheFuture => "'at' is ahead of the console's clock: one of the two clocks is wrong.",
        _ => "The value is not a number that the board can hold.",
    };

    /// <summary>An id that is refused for its length is not sent back whole.</summary>
    private static string? Shown(string? id) => id is { Length: > 128 } ? id[..128] + "..." : id;
}
