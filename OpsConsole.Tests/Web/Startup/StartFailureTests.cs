using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Startup;

/// <summary>The console as a process: what it says, and nothing more, when it cannot start.</summary>
public sealed class StartFailureTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_PostgreSQL_it_says_so()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;

        var told = await FailAsync(("Database__PostgresFolder", empty));

        Assert.Equal([$"There is no PostgreSQL in {empty}, which Database:PostgresFolder names."], told);
    }

    [Fact]
    public async Task A_connection_string_without_a_provider_is_one_sentence()
    {
        var told = await FailAsync(("ConnectionStrings__OpsConsole", "Host=db"));

        Assert.StartsWith("ConnectionStrings:OpsConsole names a database", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_option_is_told_at_once()
    {
        var told = await FailAsync(("OpsConsole__BootstrapToken", "short"), ("OpsConsole__Sources__one__Kind", "nonsense"), ("OpsConsole__Sources__two__Kind", "nonsense"));

        Assert.Contains(told, s => s.Contains("BootstrapToken", StringComparison.Ordinal));
        Assert.Contains(told, s => s.Contains("one", StringComparison.Ordinal));
        Assert.Contains(told, s => s.Contains("two", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_short_bootstrap_token_is_refused_outside_Development()
    {
        var told = await FailAsync(
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("Logging__Console__FormatterName", "plain"), ("OpsConsole__SignIn__ServicesOnly", "true"), ("OpsConsole__BootstrapToken", new string('a', 31)));

        Assert.StartsWith("OpsConsole__BootstrapToken is shorter than 32 characters", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_nothing_reads_is_named_with_what_was_meant()
    {
        var told = await FailAsync(("OpsConsole__DataFoldr", "/tmp"), ("OpsConsole__Stop__Grase", "00:00:05"), ("Flags__Brust", "5"), ("OpsConsole__Stop__Pause", "00:05:00"));

        Assert.Equal(
            [
                "Flags:Brust is not a setting. Did you mean 'Burst'?",
                "OpsConsole:DataFoldr is not a setting. Did you mean 'DataFolder'?",
                "OpsConsole:Stop:Grase is not a setting. Did you mean 'Grace'?",
                "OpsConsole:Stop:Pause is not from 0 to 1 minute.",
            ],
            told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_setting_of_a_wrong_kind_is_named()
    {
        var told = await FailAsync(("OpsConsole__Playground", "maybe"));

        Assert.Equal(["OpsConsole:Playground is 'maybe', and must be true or false."], told);
    }

    [Fact]
    public async Task Values_of_a_wrong_kind_and_faults_of_the_database_are_told_with_all_the_others()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        var told = await FailAsync(
            ("OpsConsole__Edge__Burst", "many"), ("OpsConsole__SignIn__SessionLifetime", "long"), ("OpsConsole__Stop__Grace", "soon"), ("OpsConsole__Keys__Unprotected", "perhaps"),
            ("OpsConsole__Federation__shop__Minutes", "few"), ("Database__Provider", "mysql"), ("Database__Migrate", "later"), ("OpsConsole__DataFoldr", "/tmp"), ("OpsConsole__Stop__Pause", "00:05:00"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"), ("OpsConsole__DataFolder", file));

        Assert.All(
            [
                "OpsConsole:Edge:Burst is 'many', and must be a whole number.", "OpsConsole:SignIn:SessionLifetime is 'long', and must be a time such as 00:00:30.",
                "OpsConsole:Stop:Grace is 'soon', and must be a time such as 00:00:30.", "OpsConsole:Keys:Unprotected is 'perhaps', and must be true or false.",
                "OpsConsole:Federation:shop:Minutes is 'few', and must be a whole number.", "Database:Provider is 'mysql', and must be Embedded, Postgres or SqlServer.",
                "Database:Migrate is 'later', and must be true or false.", "OpsConsole:DataFoldr is not a setting. Did you mean 'DataFolder'?", "OpsConsole:Stop:Pause is not from 0 to 1 minute.",
                "OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address such as http://127.0.0.1:4318.",
            ],
            sentence => Assert.Contains(sentence, told));
        Assert.Contains(told, s => s.StartsWith($"The data folder {file} cannot be used:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_log_is_JSON_each_fault_is_an_object_of_it()
    {
        var told = await FailAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("OpsConsole__DataFoldr", "a\"b\nc"), ("OpsConsole__Stop__Pause", "00:05:00"));

        Assert.Equal(3, told.Length);
        Assert.All(told, line =>
        {
            using var one = JsonDocument.Parse(line);
            Assert.Equal("Critical", one.RootElement.GetProperty("LogLevel").GetString());
            Assert.NotEmpty(one.RootElement.GetProperty("Message").GetString()!);
            Assert.True(one.RootElement.GetProperty("Timestamp").TryGetDateTimeOffset(out _));
        });
    }

    [Fact]
    public async Task Outside_Development_it_says_that_sign_in_is_missing()
    {
        var told = await FailAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("Logging__Console__FormatterName", "plain"));

        Assert.StartsWith("No sign-in is configured, and outside Development the console does not start without: set OpsConsole:SignIn:Authority", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_named()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        var told = await FailAsync(("OpsConsole__DataFolder", file));

        Assert.StartsWith($"The data folder {file} cannot be used:", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)holder.LocalEndpoint).Port}";

        var told = await FailAsync(("ASPNETCORE_URLS", address));

        Assert.Contains(address, Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named()
    {
        var told = await FailAsync(("ASPNETCORE_URLS", "nonsense"));

        Assert.Contains("'nonsense'", Assert.Single(told), StringComparison.Ordinal);
    }

    /// <summary>Starts the console, checks how it ends, and returns the lines of its standard error.</summary>
    private async Task<string[]> FailAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [await ConsoleImage.WebAsync()])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "OpsConsole.Web"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["OpsConsole__Playground"] = "false",
                ["OpsConsole__DataFolder"] = Path.Combine(_folder, "data"),
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var (said, told) = (await output, await error);

            Assert.Equal((1, told), (process.ExitCode, told));
            Assert.DoesNotMatch(@"(?m)^\s+at ", said + "\n" + told);
            return told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
