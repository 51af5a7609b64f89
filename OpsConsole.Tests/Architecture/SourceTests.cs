using System.Text.RegularExpressions;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Architecture;

/// <summary>Ceilings and habits that keep the sources readable.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] Projects = ["OpsConsole.Core", "OpsConsole.Web", "OpsConsole.Tests"];

    private static readonly string[] TopLevel =
    [
        "OpsConsole.sln", "OpsConsole.Web", "OpsConsole.Core", "OpsConsole.Tests", "wwwroot-assets", "docs", "README.md",
        "LICENSE", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
    ];

    [Fact]
    public void The_top_level_is_the_fixed_list()
    {
        var entries = Directory.EnumerateFileSystemEntries(Repository.Root).Select(e => Path.GetFileName(e)!).Where(e => e[0] != '.' && e != "TestResults");

        Assert.Empty(entries.Except(TopLevel));
    }

    [Theory]
    [InlineData(".cs", 300)]
    [InlineData(".razor", 150)]
    public void Files_stay_small(string ending, int most)
    {
        var offenders = Projects.SelectMany(p => Repository.Files(p, ending))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (File: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(f => f.Lines > most);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Program_is_a_table_of_contents() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "OpsConsole.Web", "Program.cs")).Count(), 1, 60);

    [Fact]
    public void Components_take_at_most_six_injections()
    {
        var offenders = Repository.Files("OpsConsole.Web", ".razor")
            .Where(file => Regex.Count(File.ReadAllText(file), @"^@inject\b|\[Inject\]", RegexOptions.Multiline) > 6);

        Assert.Empty(offenders);
    }

    [Fact]
    public void No_folder_or_type_is_named_for_nothing()
    {
        var offenders = Projects.SelectMany(p => Repository.Files(p, ".cs", ".razor"))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => Nondescript().IsMatch(file));

        Assert.Empty(offenders);
    }

    [Fact]
    public void Time_comes_from_the_time_provider_and_nothing_sleeps()
    {
        var offenders = Projects.SelectMany(p => Repository.Files(p, ".cs", ".razor"))
            .Where(file => !file.EndsWith("SourceTests.cs", StringComparison.Ordinal) && WallClock().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Repository.Root, file));

        Assert.Empty(offenders);
    }

    [GeneratedRegex(@"(Helpers?|Managers?|Utils?|Utilities|/Common|/Services)(/|\.cs|\.razor)")]
    private static partial Regex Nondescript();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now)\b|\bThread\.Sleep\b|\basync void\b")]
    private static partial Regex WallClock();
}
