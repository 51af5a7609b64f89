using System.Diagnostics;
using System.Net;
using System.Text.Json;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Tests.Browser;

/// <summary>The console as programs meet it: the hub with the real package from npm in Node, and the doors of the API.</summary>
[Collection(BrowserTests.Name)]
public sealed class MachineClientTests(PlaygroundConsole playground) : IClassFixture<PlaygroundConsole>
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

    [Fact]
    public async Task Every_address_in_the_api_document_wants_a_token_and_every_page_a_person()
    {
        using var anonymous = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = playground.Console.Http.BaseAddress };
        using var document = JsonDocument.Parse(await anonymous.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var addresses = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Method: method.Name.ToUpperInvariant(), Path: path.Name)))
            .Where(a => a.Method is "GET" or "POST" or "PUT" or "DELETE" or "PATCH")
            .ToList();
        Assert.Contains(addresses, a => a is { Method: "POST", Path: "/api/v1/releases/{id}/actions/rollback" });
        Assert.Contains(addresses, a => a.Path.StartsWith("/ofrep/", StringComparison.Ordinal));

        foreach (var (method, path) in addresses)
        {
            var address = path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{key}", "any", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
            using var answer = await anonymous.SendAsync(request);
            // The form of policy text is no secret, and editors read it without signing in.
            var expected = path switch
            {
                "/api/v1/policies/schema" => HttpStatusCode.OK,

                // What a pipeline has of its own issuer is sent there; no issuer is trusted here.
                "/api/v1/tokens/federated" => HttpStatusCode.NotFound,

                // Hooks know who calls by a signature or a token of their own; none is configured here.
                _ when path.StartsWith("/api/v1/hooks/", StringComparison.Ordinal) => HttpStatusCode.NotFound,
                _ => HttpStatusCode.Unauthorized,
            };
            Assert.True(answer.StatusCode == expected, $"{method} {path} answered {(int)answer.StatusCode} without a token.");
        }

        foreach (var page in (string[])["/", "/releases", "/approvals", "/policies", "/policies/new", "/slos", "/windows", "/replay", "/switches", "/audit", $"/releases/{Guid.NewGuid()}"])
        {
            using var answer = await anonymous.GetAsync(new Uri(page, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Its_own_metrics_are_exposition_that_its_own_strict_parser_reads()
    {
        var text = await playground.Console.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        var read = new ExpositionParser().Parse(text);

        Assert.Equal(MetricType.Counter, read.TypeOf("opsconsole_source_reads_total"));
        Assert.True(read.Named("opsconsole_source_reads_total")[0].Value > 0);
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
