using OpsConsole.Core.Board;

namespace OpsConsole.Core.Signals;

/// <summary>Takes samples in. What sources and the push endpoint write to.</summary>
public interface ISampleSink
{
    RecordOutcome Record(in SignalSample sample);
}
