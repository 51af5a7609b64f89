using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Releases;

/// <summary>How much a release changes, from the change set that its pipeline posted.</summary>
public sealed class ChangeSizes(IChangeStore changes) : IChangeSizes
{
    public async Task<int?> LinesAsync(Release release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        return await changes.FindAsync([release.Id], cancellationToken).ConfigureAwait(false) is [var posted]
            && ChangeSetText.Read(posted.Json).Code is { } code and not { LinesAdded: null, LinesRemoved: null }
            ? (int)Math.Min(ChangeSize.Of(code).Lines, int.MaxValue)
            : null;
    }
}
