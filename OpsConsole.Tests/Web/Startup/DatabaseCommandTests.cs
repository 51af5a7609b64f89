using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>The scripts from the command line.</summary>
public sealed class DatabaseCommandTests
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
}
