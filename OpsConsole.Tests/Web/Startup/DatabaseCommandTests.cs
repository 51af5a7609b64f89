using System.Text.RegularExpressions;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>The scripts from the command line.</summary>
public sealed partial class DatabaseCommandTests
{
    [Theory]
    [InlineData("script", "PostgreSQL", "$EF$")]
    [InlineData("script", "sqlserver", "datetimeoffset(6)")]
    [InlineData("roles", "Postgres", "pg_roles")]
    [InlineData("roles", "SqlServer", "db_ddladmin")]
    public async Task A_script_is_written(string what, string provider, string word)
    {
        using var output = new StringWriter();

        Assert.Equal(0, await DatabaseCommand.RunAsync(["database", what, "--provider", provider], output, TextWriter.Null));
        Assert.Contains(word, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database")]
    [InlineData("database", "script")]
    [InlineData("database", "script", "--provider", "Oracle")]
    [InlineData("database", "drop", "--provider", "SqlServer")]
    public async Task What_is_not_understood_is_answered_with_how_it_is_used(params string[] args)
    {
        using var errors = new StringWriter();

        Assert.Equal(2, await DatabaseCommand.RunAsync(args, TextWriter.Null, errors));
        Assert.Contains("--provider", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operations/database.md", 5)]
    [InlineData("audit.md", 3)]
    [InlineData("operations/running.md", 1)]
    public async Task What_the_documents_have_to_be_pasted_is_understood(string document, int count)
    {
        var commands = Command().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", document), TestContext.Current.CancellationToken))
            .Select(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.Equal(count, commands.Count);
        foreach (var args in commands)
        {
            Assert.True(args is ["audit", "verify"] or ["audit", "verify", _] or ["health", _] || await DatabaseCommand.RunAsync(args, TextWriter.Null, TextWriter.Null) == 0, string.Join(' ', args));
        }
    }

    [GeneratedRegex(@"dotnet \S*OpsConsole\.Web\.dll ((?:database|audit|health) [^>\n`#]+)")]
    private static partial Regex Command();
}
