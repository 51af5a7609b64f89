using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Components.Layout;

/// <summary>A page that can be gone to from everywhere.</summary>
/// <param name="Address">Its address, without a slash before it.</param>
/// <param name="Title">Its name where it stands beside others of its destination.</param>
/// <param name="Permission">What one needs to see it.</param>
public sealed record Place(string Address, string Title, Permission Permission);

/// <summary>A destination of the rail: one page, or a few that belong together and stand as tabs over each other.</summary>
/// <param name="Icon">Its drawing.</param>
/// <param name="Title">Its name on the rail.</param>
/// <param name="Places">Its pages; the rail leads to the first that the operator may see.</param>
public sealed record Destination(string Icon, string Title, params IReadOnlyList<Place> Places)
{
    /// <summary>Most destinations that the rail has: what can be taken in at a glance.</summary>
    public const int Most = 9;

    /// <summary>Every destination, in order.</summary>
    public static readonly IReadOnlyList<Destination> All =
    [
        new("board", "Board", new Place("", "Board", Permission.BoardRead)),
        new("releases", "Releases", new("releases", "Releases", Permission.HistoryRead), new("recovery", "Recovery times", Permission.HistoryRead)),
        new("pass", "Approvals", new Place("approvals", "Approvals", Permission.HistoryRead)),
        new("policies", "Policies", new("policies", "Policies", Permission.PoliciesRead), new("windows", "Deploy windows", Permission.BoardRead)),
        new("objectives", "Objectives", new Place("slos", "Objectives", Permission.SlosRead)),
        new("switches", "Switches", new Place("switches", "Switches", Permission.BoardRead)),
        new("connections", "Connections", new("sources", "Sources", Permission.BoardRead), new("targets", "Targets", Permission.BoardRead), new("catalog", "Catalogue", Permission.CatalogRead)),
        new("audit", "Audit", new Place("audit", "Audit", Permission.AuditRead)),
        new("access", "Access", new("permissions", "Who may do what", Permission.BoardRead), new("tokens", "Service tokens", Permission.TokensRead)),
    ];

    /// <summary>The pages of it that an operator may see.</summary>
    public IReadOnlyList<Place> For(Operator? by) => by is null ? [] : [.. Places.Where(p => by.May(p.Permission))];

    /// <summary>True where a path is of one of its pages, or of something that such a page lists.</summary>
    public bool Holds(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var first = path.Split('/')[0];
        return Places.Any(p => p.Address == first);
    }

    /// <summary>The path of the page that is shown, without a slash before it and without its query.</summary>
    internal static string Here(NavigationManager navigation) => navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0].Trim('/');
}
