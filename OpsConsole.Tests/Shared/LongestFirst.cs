using OpsConsole.Tests.Browser;
using OpsConsole.Tests.Shared;
using Xunit.Sdk;
using Xunit.v3;

// One more than a small machine has cores: what runs a whole console waits for most of its time.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace OpsConsole.Tests.Shared;

/// <summary>Begins with what takes minutes, so that nothing long is left to run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Without the kill loop: beside whole browsers its consoles make a small machine too slow for both.</summary>
    private static readonly string[] Long = [BrowserTests.Name, BrowserTests.Stories, BrowserTests.Waiting];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Array.FindIndex(Long, name => c.TestCollectionDisplayName.EndsWith(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length)];
}
