using System.Net;
using System.Text.RegularExpressions;

namespace OpsConsole.Tests.Shared;

/// <summary>A piece of a page that was rendered as finished markup.</summary>
public sealed partial record RenderedMarkup(string Markup)
{
    /// <summary>Its words without its tags.</summary>
    public string Text => WebUtility.HtmlDecode(Tags().Replace(Markup, " "));

    [GeneratedRegex("<[^>]*>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tags();
}

/// <summary>An element as it is shown, with what it contains.</summary>
public sealed record RenderedElement(string Name, IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, ulong> Handlers, IReadOnlyList<object> Children)
{
    /// <summary>The words in it, with single spaces.</summary>
    public string Text => string.Join(' ', Words(this).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Finished markup in it.</summary>
    public string Markup => string.Concat(All().Append(this).SelectMany(e => e.Children.OfType<RenderedMarkup>()).Select(m => m.Markup));

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Every element in it, from top to bottom.</summary>
    public IEnumerable<RenderedElement> All() => Children.OfType<RenderedElement>().SelectMany(child => child.All().Prepend(child));

    /// <summary>Every element in it that fits: <c>#id</c>, <c>.class</c>, <c>[attribute]</c>, <c>[attribute=value]</c> or a tag's name.</summary>
    public IReadOnlyList<RenderedElement> FindAll(string selector) => [.. All().Where(e => e.Fits(selector))];

    /// <summary>The first of them, or null.</summary>
    public RenderedElement? Find(string selector) => All().FirstOrDefault(e => e.Fits(selector));

    private bool Fits(string selector) => selector[0] switch
    {
        '#' => this["id"] == selector[1..],
        '.' => this["class"]?.Split(' ').Contains(selector[1..]) == true,
        '[' when selector.IndexOf('=', StringComparison.Ordinal) is var at and > 0 => this[selector[1..at]] == selector[(at + 1)..^1],
        '[' => Attributes.ContainsKey(selector[1..^1]),
        _ => Name == selector,
    };

    private static string Words(object node) => node switch
    {
        string text => text,
        RenderedMarkup markup => markup.Text,
        RenderedElement element => string.Concat(element.Children.Select(Words)) + " ",
        _ => "",
    };
}
