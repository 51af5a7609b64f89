namespace OpsConsole.Core.Catalog;

/// <summary>What the catalogue that holds says of a service, by the record: the same at every console from the moment that it is applied, whatever the folder of one says.</summary>
public sealed class ServiceDirectory(ICatalogStore store)
{
    private volatile Held _known = new(0, new Dictionary<string, CatalogReading>());

    /// <summary>What the file of a service came to; null where it has none.</summary>
    /// <exception cref="Audit.RecordUnavailableException">The record cannot be read now.</exception>
    public async Task<CatalogReading?> FindAsync(string service, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        var known = _known;
        if (await store.NumberAsync(cancellationToken).ConfigureAwait(false) != known.Number && await store.LatestAsync(cancellationToken).ConfigureAwait(false) is { } latest)
        {
            _known = known = new(latest.Number, latest.Files.ToDictionary(f => f.Name, CatalogText.Read, StringComparer.Ordinal));
        }

        return known.Readings.GetValueOrDefault(CatalogFile.NameOf(service));
    }

    private sealed record Held(int Number, IReadOnlyDictionary<string, CatalogReading> Readings);
}
