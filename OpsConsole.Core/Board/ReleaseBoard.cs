using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>What became of a sample.</summary>
public enum RecordOutcome
{
    Recorded,

    /// <summary>No tracked release has that service, target, environment, version and signal.</summary>
    NoRelease,

    /// <summary>Older than what is kept.</summary>
    TooOld,

    /// <summary>From further in the future than clocks may differ.</summary>
    FromTheFuture,

    /// <summary>Not finite, or a negative count.</summary>
    NotANumber,
}

/// <summary>The live state of every release: samples go in, immutable snapshots come out.</summary>
public sealed class ReleaseBoard(TimeProvider time) : ISampleSink
{
    private BoardSnapshot _current = new(0, time.GetUtcNow(), []);

    public BoardFeed Feed { get; } = new();

    /// <summary>The board as last built.</summary>
    public BoardSnapshot Current => Volatile.Read(ref _current);

    /// <summary>One release as last built, or null when it is not on the board.</summary>
    public ReleaseSnapshot? Find(Guid releaseId) => Current.Releases.FirstOrDefault(r => r.Id == releaseId);

    /// <summary>Puts a release on the board, or takes over its changed phase, stage and exposure.</summary>
    public void Track(Release release) => throw new NotSupportedException();

    /// <summary>Takes a release off the board.</summary>
    public void Untrack(Guid releaseId) => throw new NotSupportedException();

    /// <summary>Shows the latest action of a release.</summary>
    public void Show(Guid releaseId, ActionSummary action) => throw new NotSupportedException();

    /// <summary>Shows the state of a switch on every release bound to it.</summary>
    public void Show(SwitchSummary value) => throw new NotSupportedException();

    /// <summary>Takes a sample in. Allocates nothing, raises nothing.</summary>
    public RecordOutcome Record(in SignalSample sample) => throw new NotSupportedException();

    /// <summary>Builds a snapshot of every release that is due and announces when anything changed. Called by the pump.</summary>
    /// <returns>How many releases were built.</returns>
    public int BuildDue() => throw new NotSupportedException();
}
