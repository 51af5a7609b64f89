using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Components.Server.Circuits;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Operations;

/// <summary>What the console knows of its own state, read when someone asks: circuits, actions in hand, sources, the record and the audit.</summary>
internal sealed class ConsoleMetrics : IDisposable
{
    private readonly Meter _meter = new(MetricsRegistry.MeterName);

    public ConsoleMetrics(OpenCircuits circuits, ActionExecutor executor, ActionQueue queue, ISourceSchedule sources, StorageReady storage, RecordDatabase record, AuditVerifier audit, TimeProvider time)
    {
        _meter.CreateObservableGauge("opsconsole.circuits", () => circuits.Connected, "{circuit}", "Open pages that are connected.");
        _meter.CreateObservableGauge("opsconsole.actions.running", () => executor.Running, "{action}", "Actions that this console is carrying out.");
        _meter.CreateObservableGauge("opsconsole.actions.waiting", () => queue.Waiting, "{action}", "Actions that were let through and wait to be carried out by this console.");
        _meter.CreateObservableGauge("opsconsole.source.age", () => Ages(sources, time), "s", "Time since a source was last read with success.");
        _meter.CreateObservableGauge("opsconsole.source.errors", () => sources.List().Select(s => new Measurement<int>(s.ConsecutiveErrors, Source(s))), "{read}", "Failed reads of a source in a row.");
        _meter.CreateObservableGauge("opsconsole.database.ready", () => storage.IsReady ? 1 : 0, "1", "1 once the database was reached and its schema is the one this version needs.");
        _meter.CreateObservableGauge("opsconsole.database.running", () => record.Running, "{operation}", "Reads and writes of the record that are under way, waiting for a connection included.");
        _meter.CreateObservableGauge("opsconsole.audit.lines", () => Last(audit, r => r.Lines), "{line}", "Lines of the audit that the last verification followed.");
        _meter.CreateObservableGauge("opsconsole.audit.faults", () => Last(audit, r => r.Faults.Count), "{fault}", "Faults that the last verification of the audit found; 0 when it is intact.");
        _meter.CreateObservableGauge("opsconsole.audit.verified.age", () => Last(audit, r => (time.GetUtcNow() - r.At).TotalSeconds), "s", "Time since the audit was last verified by this console.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> Ages(ISourceSchedule sources, TimeProvider time) =>
        sources.List().Where(s => s.LastReadAt is not null).Select(s => new Measurement<double>((time.GetUtcNow() - s.LastReadAt!.Value).TotalSeconds, Source(s)));

    private static KeyValuePair<string, object?> Source(SourceStatus source) => new("source", source.Binding.Key);

    /// <summary>Nothing before the first verification: a number then would be made up.</summary>
    private static IEnumerable<Measurement<double>> Last(AuditVerifier audit, Func<AuditReport, double> value) =>
        audit.Last is { } report ? [new Measurement<double>(value(report))] : [];
}

/// <summary>Counts the circuits that are connected to a browser.</summary>
internal sealed class OpenCircuits
{
    private int _connected;

    public int Connected => Volatile.Read(ref _connected);

    internal void Add(int change) => Interlocked.Add(ref _connected, change);
}

/// <summary>Tells of one circuit when it connects and when its browser is gone.</summary>
internal sealed class CircuitCount(OpenCircuits open) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        open.Add(1);
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        open.Add(-1);
        return Task.CompletedTask;
    }
}
