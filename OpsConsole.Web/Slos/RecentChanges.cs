using System.Collections.Immutable;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Slos;

/// <summary>What changed about a service lately, read from the timelines of its releases: rollouts, actions and switches.</summary>
public sealed class RecentChanges(IReleaseStore releases)
{
    /// <summary>Most changes told.</summary>
    public const int Most = 10;

    private const int Releases = 5;
    private const int Events = 40;

    /// <summary>The newest changes of a service in an environment, newest first.</summary>
    public async Task<ImmutableArray<SloChange>> OfAsync(string service, string environment, CancellationToken cancellationToken)
    {
        var page = await releases.PageAsync(new ReleaseQuery { Service = service, Environment = environment, Take = Releases }, cancellationToken);
        var all = new List<SloChange>();
        foreach (var release in page.Items)
        {
            foreach (var happened in await releases.EventsAsync(release.Id, Events, cancellationToken))
            {
                if (IsChange(happened.Kind))
                {
                    all.Add(new(happened.At, $"{release.Service} {release.Version} on {release.Target}: {happened.Text}", happened.Actor, release.Id));
                }
            }
        }

        return [.. all.OrderByDescending(c => c.At).Take(Most)];
    }

    /// <summary>What can have broken something: not what was asked for and refused, nor what the console itself noticed.</summary>
    private static bool IsChange(ReleaseEventKind kind) => kind is ReleaseEventKind.Registered or ReleaseEventKind.StageChanged or ReleaseEventKind.Halted or ReleaseEventKind.Resumed
        or ReleaseEventKind.RolledBack or ReleaseEventKind.Completed or ReleaseEventKind.Superseded or ReleaseEventKind.SwitchKilled or ReleaseEventKind.SwitchRestored
        or ReleaseEventKind.ActionUnconfirmed or ReleaseEventKind.Drift;
}
