using OpsConsole.Core.Board;
using OpsConsole.Core.Slos;

namespace OpsConsole.Core.Signals;

/// <summary>Gives every sample to all who live by samples: the board, and the objectives. The one sink that sources and the push endpoint record into.</summary>
public sealed class SampleFanOut(ReleaseBoard board, SloBook slos) : ISampleSink
{
    /// <inheritdoc/>
    /// <returns>The board's outcome; a sample that no release but an objective counted is recorded as well.</returns>
    public RecordOutcome Record(in SignalSample sample)
    {
        var outcome = board.Record(sample);
        return slos.Record(sample) && outcome == RecordOutcome.NoRelease ? RecordOutcome.Recorded : outcome;
    }
}
