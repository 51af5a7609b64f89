using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace OpsConsole.Web.Components.Charts;

/// <summary>A word in a drawing. Written by hand, because a page's own syntax takes an element of the name <c>text</c> for something else.</summary>
public sealed class LineLabel : ComponentBase
{
    /// <summary>Place in the drawing, a number or a share with its sign.</summary>
    [Parameter, EditorRequired]
    public string X { get; set; } = "";

    [Parameter, EditorRequired]
    public string Y { get; set; } = "";

    /// <summary>Moves it aside, in pixels.</summary>
    [Parameter]
    public string Dx { get; set; } = "0";

    /// <summary>Moves it down, in pixels.</summary>
    [Parameter]
    public string Dy { get; set; } = "0";

    /// <summary>True where it ends at its place rather than beginning there.</summary>
    [Parameter]
    public bool EndsHere { get; set; }

    /// <summary>Whose it is: A, B or "real".</summary>
    [Parameter, EditorRequired]
    public string Letter { get; set; } = "";

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", $"line-label by-{Letter.ToLowerInvariant()}");
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "dx", Dx);
        builder.AddAttribute(5, "dy", Dy);
        builder.AddAttribute(6, "text-anchor", EndsHere ? "end" : "start");
        builder.AddContent(7, Text);
        builder.CloseElement();
    }
}
