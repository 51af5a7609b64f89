using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>A console starts with every section that the documentation tells people to write.</summary>
public sealed partial class DocumentedSettingsTests
{
    public static TheoryData<string> Documented => [.. Pages().SelectMany(page => Named().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documented))]
    public void It_is_a_section_that_is_known(string section)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"OpsConsole:{section}:Anything", "x")]).Build();

        var said = new SettingsCheck(configuration, new WrongTypes([])).Validate(null, new ConsoleOptions()).FailureMessage ?? "";

        Assert.DoesNotContain($"OpsConsole:{section} is not a setting", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_that_may_be_run_can_be_named()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OpsConsole:Commands:Allow:0", "/opt/acme/bin/rollout")]).Build();

        var checkedIt = new SettingsCheck(configuration, new WrongTypes([])).Validate(null, new ConsoleOptions());

        Assert.DoesNotContain("Commands", checkedIt.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_slip_of_the_pen_below_it_is_told()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OpsConsole:Commands:Alow:0", "/opt/acme/bin/rollout")]).Build();

        var checkedIt = new SettingsCheck(configuration, new WrongTypes([])).Validate(null, new ConsoleOptions());

        Assert.Contains("OpsConsole:Commands:Alow is not a setting", checkedIt.FailureMessage ?? "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "OpsConsole.Core"), "README.md", SearchOption.AllDirectories));

    [GeneratedRegex("OpsConsole(?::|__)([A-Z][A-Za-z]+)")]
    private static partial Regex Named();
}
