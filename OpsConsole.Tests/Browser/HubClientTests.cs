using System.Diagnostics;
using System.Text.Json;

namespace OpsConsole.Tests.Browser;

/// <summary>The hub as clients meet it that are not Blazor: the real package from npm, in Node.</summary>
public sealed class HubClientTests(PlaygroundConsole playground) : IClassFixture<PlaygroundConsole>
{
    [Fact]
    public async Task The_npm_client_gets_the_board_on_joining_and_then_what_changes()
    {
        var (code, lines, errors) = await RunAsync(ConsoleProcess.Token);

        Assert.True(code == 0, errors);
        var messages = lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["board", "releases", "releases"], messages.Select(m => m.GetProperty("name").GetString()!));
        Assert.Contains("shop", messages[0].GetProperty("services").EnumerateArray().Select(s => s.GetString()!));
        Assert.All(messages.Skip(1), m => Assert.NotEqual(0, m.GetProperty("services").GetArrayLength()));
        Assert.True(messages[^1].GetProperty("version").GetInt64() > messages[0].GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Without_a_known_token_it_gets_nothing()
    {
        var (code, lines, errors) = await RunAsync("wrong");

        Assert.Equal(1, code);
        Assert.Empty(lines);
        Assert.Contains("401", errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string[] Lines, string Errors)> RunAsync(string token)
    {
        using var node = Process.Start(new ProcessStartInfo("node")
        {
            WorkingDirectory = await NodePackages.FolderAsync(),
            ArgumentList = { "hub-client.cjs", playground.Console.Address, token },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }
}
