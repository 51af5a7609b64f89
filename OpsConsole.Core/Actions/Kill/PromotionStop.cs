using Microsoft.Extensions.Logging;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>Whoever kills a switch has seen something bad: a promotion of a release bound to it does not go on, the release is halted where it is.</summary>
public sealed class PromotionStop(IActionStore actions, IReleaseStore releases, ReleaseRequests onReleases, ILogger<PromotionStop> log)
{
    /// <summary>Halts the releases that are being promoted and bound to the switch: everywhere, or those of one environment.</summary>
    internal async Task RunAsync(string key, string? environment, string reason, Operator by)
    {
        try
        {
            var inFlight = await actions.ListInFlightAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (var promotion in inFlight.Where(a => a.Verb == ActionVerb.Promote && a.ReleaseId is not null && (environment is null || a.Environment == environment)))
            {
                var release = await releases.FindAsync(promotion.ReleaseId!.Value, CancellationToken.None).ConfigureAwait(false);
                if (release?.SwitchKey == key)
                {
                    await HaltAsync(release.Id, reason, by).ConfigureAwait(false);
                }
            }
        }
        catch (RecordUnavailableException e)
        {
            // The switch is killed; that answer must not be lost because the halt could not be written.
            log.LogWarning(e, "The switch {Switch} is killed, but promotions of releases bound to it could not be stopped.", key);
        }
    }

    private async Task HaltAsync(Guid releaseId, string reason, Operator by)
    {
        var halt = new HaltCommand(releaseId, reason, null, null);
        for (var attempt = 0; attempt < ActionGate.MaxAttempts; attempt++)
        {
            if (await onReleases.TryAsync(halt, by, CancellationToken.None).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
    }
}
