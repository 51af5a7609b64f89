using System.Reflection;
using System.Text.RegularExpressions;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Architecture;

/// <summary>The threat model names tests that exist.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void Every_threat_has_a_control_and_tests_that_exist()
    {
        var tests = typeof(SecurityDocumentTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute)).Select(m => $"{type.Name}.{m.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "security.md")).SkipWhile(line => !line.StartsWith("## Threats", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat |", StringComparison.Ordinal)).ToList();

        Assert.InRange(rows.Count, 20, 500);
        Assert.All(rows, row =>
        {
            var cells = row.Trim('|', ' ').Split(" | ");
            Assert.True(cells.Length == 3 && cells[1].Length > 0, row);
            var named = TestName().Matches(cells[2]).Select(m => m.Groups[1].Value).ToList();
            Assert.True(named.Count > 0, $"No test is named for: {cells[0]}");
            Assert.True(named.TrueForAll(tests.Contains), $"There is no test {string.Join(", ", named.Where(n => !tests.Contains(n)))}");
        });
    }

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z_0-9]+)`")]
    private static partial Regex TestName();
}
