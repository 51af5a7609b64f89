using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Components.Board;

/// <summary>Which rows of the board are wanted. Lives in the address, so that a view can be sent to someone and survives a reload. Null means any.</summary>
public sealed record BoardFilter
{
    public string? Environment { get; init; }

    public Mark? Mark { get; init; }

    public string? Owner { get; init; }

    public string? Search { get; init; }

    /// <summary>The display for a wall: large and without controls.</summary>
    public bool Wall { get; init; }

    /// <summary>True when any row may be left out.</summary>
    public bool IsNarrow => Environment is not null || Mark is not null || Owner is not null || Search is not null;

    /// <summary>Reads the filter from an address; what it does not understand is left out.</summary>
    public static BoardFilter From(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..]);
        string? Read(string key) => query.TryGetValue(key, out var values) && values[0] is { Length: > 0 } value ? value.Trim() : null;
        var slug = Read("verdict");
        return new BoardFilter
        {
            Environment = Read("env"),
            Mark = Marks.All.Where(m => m.Slug() == slug).Select(m => (Mark?)m).FirstOrDefault(),
            Owner = Read("owner"),
            Search = Read("q"),
            Wall = Read("wall") == "1",
        };
    }

    /// <summary>The board's address with this filter.</summary>
    public string ToAddress()
    {
        var query = new Dictionary<string, string?>();
        if (Environment is not null)
        {
            query["env"] = Environment;
        }

        if (Mark is { } mark)
        {
            query["verdict"] = mark.Slug();
        }

        if (Owner is not null)
        {
            query["owner"] = Owner;
        }

        if (Search is not null)
        {
            query["q"] = Search;
        }

        if (Wall)
        {
            query["wall"] = "1";
        }

        return QueryHelpers.AddQueryString("/", query);
    }

    /// <summary>True when the row is wanted.</summary>
    public bool Matches(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return MatchesEnvironment(release)
            && (Mark is null || Marks.Of(release) == Mark)
            && (Owner is null || string.Equals(release.Owner, Owner, StringComparison.OrdinalIgnoreCase))
            && (Search is null || Has(release.Service) || Has(release.Version) || Has(release.Target) || Has(release.Owner));

        bool Has(string text) => text.Contains(Search, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True when the row is of the wanted environment: what the counts in the bar go by.</summary>
    public bool MatchesEnvironment(ReleaseSnapshot release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return Environment is null || string.Equals(release.Environment, Environment, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True when the address is the board's own page.</summary>
    public static bool IsBoard(NavigationManager navigation)
    {
        ArgumentNullException.ThrowIfNull(navigation);
        return navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0].Length == 0;
    }
}
