using System.Diagnostics.Tracing;

namespace OpsConsole.Web.Operations;

/// <summary>Says in the log, once a minute at most, that spans and metrics do not reach their collector; the library itself says nothing.</summary>
internal sealed class ExportTrouble(ILogger log, TimeProvider time) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _saidAt;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var (before, now) = (Volatile.Read(ref _saidAt), time.GetUtcNow().UtcTicks);
        if (now - before < Pause.Ticks || Interlocked.CompareExchange(ref _saidAt, now, before) != before)
        {
            return;
        }

        // The last of what an event carries is the exception; an address, which may hold a secret, comes before it.
        var reason = eventData.Payload?.LastOrDefault()?.ToString()?.Split('\n')[0].TrimEnd();
        log.LogWarning("Telemetry: spans or metrics do not reach the collector, and are dropped ({Event}: {Reason})", eventData.EventName, reason);
    }
}
