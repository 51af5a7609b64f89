using OpsConsole.Core.Releases;
using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Slos;

/// <summary>What one release spent of an objective's budget.</summary>
/// <param name="Release">The release.</param>
/// <param name="Until">When it stopped being exposed; null while it is.</param>
/// <param name="Spend">What its version spent in that time; null when none of its events are known.</param>
public sealed record ReleaseSpend(Release Release, DateTimeOffset? Until, VersionSpend? Spend);

/// <summary>Works out what the newest releases of a service spent of a budget: the bad events of a release's version while it was on its way or live.</summary>
public sealed class ReleaseSpends(SloBook book, IReleaseStore releases, TimeProvider time)
{
    private const int Most = 20;

    /// <summary>The newest releases of the objective's service that were exposed in its period, newest first.</summary>
    public async Task<IReadOnlyList<ReleaseSpend>> OfAsync(Slo slo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slo);
        var now = time.GetUtcNow();
        var page = await releases.PageAsync(new ReleaseQuery { Service = slo.Service, Environment = slo.Environment, Target = slo.Target, Take = Most }, cancellationToken);
        return [.. page.Items.Select(r => Of(slo, r, now)).Where(s => s.Until is null || s.Until > now - slo.Period)];
    }

    private ReleaseSpend Of(Slo slo, Release release, DateTimeOffset now)
    {
        DateTimeOffset? until = release.Phase is ReleasePhase.RolledBack or ReleasePhase.Superseded ? release.PhaseChangedAt : null;
        return new(release, until, book.SpentBy(slo.Name, release.Version, release.RegisteredAt, until ?? now));
    }
}
