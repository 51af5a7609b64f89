namespace OpsConsole.Core.Catalog;

/// <summary>Where everything stands in a file, so that what is found wrong later can be told at its line.</summary>
public sealed class CatalogPlaces
{
    private readonly IReadOnlyDictionary<string, (int Line, int Column)> _places;

    /// <param name="places">Line and column by path, without regard to case.</param>
    public CatalogPlaces(IReadOnlyDictionary<string, (int Line, int Column)> places) => _places = places;

    /// <summary>Where a path stands, or the nearest thing above it; the beginning of the file where nothing of it is there.</summary>
    public (int Line, int Column) Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        for (var at = path; at.Length > 0; at = at[..Math.Max(at.LastIndexOf(':'), 0)])
        {
            if (_places.TryGetValue(at, out var place))
            {
                return place;
            }
        }

        return (1, 1);
    }

    /// <summary>A sentence that begins with the path that it is about, as a fault at its place.</summary>
    public CatalogFault Fault(string file, string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var about = _places.Keys
            .Where(path => sentence.StartsWith(path, StringComparison.OrdinalIgnoreCase) && sentence.Length > path.Length && sentence[path.Length] is ':' or ' ')
            .MaxBy(static path => path.Length);
        var (line, column) = about is null ? (1, 1) : _places[about];
        return new(file, line, column, sentence);
    }
}
