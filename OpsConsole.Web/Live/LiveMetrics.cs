using System.Diagnostics.Metrics;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Live;

/// <summary>What the live part counts, on the console's meter.</summary>
public sealed class LiveMetrics : IDisposable
{
    private readonly Meter _meter = new(BoardMetrics.MeterName);
    private readonly Counter<long> _points;
    private readonly Counter<long> _lostPoints;
    private readonly Counter<long> _lostEvents;

    public LiveMetrics(ReleaseBoard board, BoardRelay relay)
    {
        _meter.CreateObservableGauge("opsconsole.board.readers", () => board.Feed.Count, "{reader}", "Open boards and hub clients that follow the board.");
        _meter.CreateObservableGauge("opsconsole.hub.clients", () => relay.Clients, "{client}", "Clients of the board's hub.");
        _points = _meter.CreateCounter<long>("opsconsole.history.points", "{point}", "Points of signal history that were written.");
        _lostPoints = _meter.CreateCounter<long>("opsconsole.history.points_lost", "{point}", "Points of signal history that could not be written.");
        _lostEvents = _meter.CreateCounter<long>("opsconsole.journal.events_lost", "{event}", "Changes of verdict that could not be written to a timeline.");
    }

    public void Dispose() => _meter.Dispose();

    internal void PointsWritten(int count) => _points.Add(count);

    internal void PointsLost(int count) => _lostPoints.Add(count);

    internal void EventLost() => _lostEvents.Add(1);
}
