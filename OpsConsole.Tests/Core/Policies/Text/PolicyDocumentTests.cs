using System.Text.RegularExpressions;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>What the documentation shows is taken, and names every key.</summary>
public sealed partial class PolicyDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "policies.md"));

    [Fact]
    public void Its_examples_have_no_fault()
    {
        var examples = Blocks().Matches(Document).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(4, examples.Count);
        Assert.All(examples, e => Assert.Empty(PolicyText.Check(e, null).Errors));
        Assert.Equal(PolicyExamples.Checklist.TrimEnd(), examples[0].TrimEnd());
        Assert.Equal(PolicyExamples.Canary.TrimEnd(), examples[1].TrimEnd());
    }

    [Fact]
    public void It_names_every_key() => Assert.All(PolicyKeys.Of.Values.SelectMany(k => k), key => Assert.Contains($"`{key}`", Document, StringComparison.Ordinal));

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
