using OpsConsole.Tests.Shared;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>The audit verified from the command line.</summary>
public sealed class AuditCommandTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_is_verified_without_a_console()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await database.Audit.AppendAsync(Sample.Audit(), Token);
        await database.Audit.AppendAsync(Sample.Audit(), Token);

        Assert.Equal((0, "intact"), await RunAsync(database));
        Assert.Contains("no notes beside the chain", await TextAsync(database), StringComparison.Ordinal);

        await database.ExecuteAsync("ALTER TABLE audit DISABLE TRIGGER USER; UPDATE audit SET actor = 'eve'");
        Assert.Equal((1, "NOT INTACT"), await RunAsync(database));
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("audit", "verify", "--help")]
    [InlineData("audit", "verify", "nowhere.ndjson")]
    public async Task What_cannot_be_done_is_said_and_ends_with_two(params string[] args)
    {
        using var errors = new StringWriter();
        Assert.Equal(2, await AuditCommand.RunAsync(args, TextWriter.Null, errors));
        Assert.NotEmpty(errors.ToString());
    }

    private static async Task<(int Code, string Last)> RunAsync(TestDatabase database)
    {
        using var output = new StringWriter();
        var code = await AuditCommand.RunAsync(Arguments(database), output, TextWriter.Null);
        return (code, output.ToString().TrimEnd().Split(Environment.NewLine)[^1]);
    }

    private static async Task<string> TextAsync(TestDatabase database)
    {
        using var output = new StringWriter();
        await AuditCommand.RunAsync(Arguments(database), output, TextWriter.Null);
        return output.ToString();
    }

    private static string[] Arguments(TestDatabase database) =>
        ["audit", "verify", "--Database:Provider=Postgres", $"--ConnectionStrings:OpsConsole={database.ConnectionString}", $"--OpsConsole:DataFolder={Path.GetTempPath()}"];
}
