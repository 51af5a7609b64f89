using OpsConsole.Core.Board;

namespace OpsConsole.Core.Signals;

/// <summary>Where samples go, from sources and from the push endpoint alike. The board is one.</summary>
public interface ISampleSink
{
    /// <summary>Takes a sample in. Allocates nothing, raises nothing, never waits.</summary>
    RecordOutcome Record(in SignalSample sample);
}
