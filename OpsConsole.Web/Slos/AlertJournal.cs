using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Slos;

/// <summary>Writes the beginning and the end of an alert into the timeline of every release of the service that is on its way or live.</summary>
public sealed class AlertJournal(ReleaseBoard board, IReleaseStore releases)
{
    /// <summary>Writes an alert that fired or resolved.</summary>
    public async Task WriteAsync(SloAlert alert, Slo slo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(slo);
        var what = alert.Severity == AlertSeverity.Page ? "Page" : "Ticket";
        var text = alert.IsFiring
            ? $"{what} of objective {slo.Name}: {alert.Detail.What}"
            : $"{what} of objective {slo.Name} over {alert.Detail.Window} has ended. {alert.Detail.Ending}";
        foreach (var release in board.Current.Releases)
        {
            if (!release.IsSettled && release.Service == slo.Service && release.Environment == slo.Environment && (slo.Target ?? release.Target) == release.Target)
            {
                await releases.AppendEventAsync(
                    new ReleaseEvent { ReleaseId = release.Id, Kind = ReleaseEventKind.Alert, At = alert.ResolvedAt ?? alert.FiredAt, Text = text, ExposurePercent = release.ExposurePercent },
                    cancellationToken);
            }
        }
    }
}
