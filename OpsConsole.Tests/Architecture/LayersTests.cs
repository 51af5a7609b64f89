using System.Text.RegularExpressions;
using OpsConsole.Core.Board;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Architecture;

public sealed partial class LayersTests
{
    private static readonly string[] Edges = ["Storage", "Sources", "Targets", "Remote"];

    [Fact]
    public void Core_is_the_product_without_a_screen()
    {
        var references = typeof(ReleaseBoard).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.Contains("Microsoft.EntityFrameworkCore", references);
        Assert.DoesNotContain(references, name =>
            name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Quartz", StringComparison.Ordinal)
            || name.StartsWith("Radzen", StringComparison.Ordinal));
    }

    [Fact]
    public void Subjects_never_name_an_edge()
    {
        var offenders = Repository.Files("OpsConsole.Core", ".cs")
            .Where(file => !Edges.Contains(Top(file)))
            .Where(file => EdgeName().IsMatch(File.ReadAllText(file)))
            .Select(Relative);

        Assert.Empty(offenders);
    }

    [Fact]
    public void Only_edges_know_the_database_and_the_network()
    {
        var offenders = Repository.Files("OpsConsole.Core", ".cs")
            .Where(file => !Edges.Contains(Top(file)))
            .Where(file => EdgeTools().IsMatch(File.ReadAllText(file)))
            .Select(Relative);

        Assert.Empty(offenders);
    }

    private static string Top(string file) => Path.GetRelativePath(Path.Combine(Repository.Root, "OpsConsole.Core"), file).Split('/')[0];

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"OpsConsole\.Core\.(Storage|Sources|Targets|Remote)\b")]
    private static partial Regex EdgeName();

    [GeneratedRegex(@"\b(Microsoft\.EntityFrameworkCore|HttpClient|Npgsql)\b")]
    private static partial Regex EdgeTools();
}
