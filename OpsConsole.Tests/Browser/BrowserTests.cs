namespace OpsConsole.Tests.Browser;

/// <summary>Tests that run whole consoles take turns: each brings servers, a database and a browser of its own, and a machine has only so many cores.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests
{
    public const string Name = "browser";

    /// <summary>A second line, of whole stories: two lines of browsers fill two cores, and no test of one waits for the other.</summary>
    public const string Stories = "browser stories";

    /// <summary>A third line, of tests that mostly wait: what is typed over a slow line, and people in haste.</summary>
    public const string Waiting = "browser that waits";
}
