using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A console with the playground's flag, and the token of a flag client.</summary>
public sealed class FlagConsole : IAsyncLifetime
{
    internal const string Flag = "personal-recommendations";

    internal ConsoleProcess Console { get; } = new(playground: true);

    internal string Token { get; private set; } = "";

    internal Guid Id { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await Console.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () => (await Console.Http.GetStringAsync(new Uri("/api/v1/switches", UriKind.Relative))).Contains(Flag, StringComparison.Ordinal),
            TimeSpan.FromSeconds(60));
        (Token, Id) = await NewClientAsync("shop web");
    }

    internal async Task<(string Token, Guid Id)> NewClientAsync(string name)
    {
        using var made = await Console.Http.PostAsJsonAsync(new Uri("/api/v1/flag-clients", UriKind.Relative), new { name, environment = "production" });
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("token").GetString()!, answer.GetProperty("id").GetGuid());
    }

    /// <summary>Kills or restores the flag, and waits until it is on record.</summary>
    internal async Task ChangeAsync(string verb)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await Console.Http.PostAsJsonAsync(new Uri($"/api/v1/switches/{Flag}/{verb}", UriKind.Relative), new { reason = $"a test has to {verb} it" });
                return answer.StatusCode == HttpStatusCode.Accepted;
            },
            TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}

/// <summary>The console as OpenFeature's own clients from npm meet it, in Node, and what else a flag client's token opens: nothing.</summary>
[Collection(BrowserTests.Name)]
public sealed class FlagClientTests(FlagConsole flags) : IClassFixture<FlagConsole>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_server_sdk_is_told_of_a_kill_and_of_the_way_back()
    {
        using var node = await StartAsync("flags-server.cjs", flags.Token);

        await ExpectAsync(value: true, "on");
        await flags.ChangeAsync("kill");
        await ExpectAsync(value: false, "off");
        await flags.ChangeAsync("restore");
        await ExpectAsync(value: true, "on");
        Assert.Equal("", await EndAsync(node));

        async Task ExpectAsync(bool value, string variant)
        {
            var answers = await AnswersAsync(node);
            Assert.All(answers, a =>
            {
                Assert.Equal((value, "STATIC", variant), (a.GetProperty("value").GetBoolean(), a.GetProperty("reason").GetString(), a.GetProperty("variant").GetString()));
                Assert.False(a.TryGetProperty("errorCode", out _));
                Assert.Equal("personal recommendations in the shop", a.GetProperty("turnsOff").GetString());
            });
        }
    }

    [Fact]
    public async Task The_web_sdk_asks_for_all_flags_hears_of_changes_and_is_sent_nothing_while_there_are_none()
    {
        using var node = await StartAsync("flags-web.cjs", flags.Token);

        await ExpectAsync("ready", value: true, "on");
        await flags.ChangeAsync("kill");
        await ExpectAsync("changed", value: false, "off");
        await flags.ChangeAsync("restore");
        await ExpectAsync("changed", value: true, "on");
        var end = JsonDocument.Parse(await EndAsync(node)).RootElement;

        Assert.Equal(3, end.GetProperty("statuses").GetProperty("200").GetInt32());
        Assert.True(end.GetProperty("statuses").GetProperty("304").GetInt32() > 0);
        Assert.Equal(2, end.GetProperty("statuses").EnumerateObject().Count());

        async Task ExpectAsync(string name, bool value, string variant)
        {
            var line = await LineAsync(node);
            Assert.Equal(
                (name, value, "STATIC", variant),
                (line.GetProperty("event").GetString(), line.GetProperty("value").GetBoolean(), line.GetProperty("reason").GetString(), line.GetProperty("variant").GetString()));
            if (name == "changed")
            {
                Assert.Equal([FlagConsole.Flag], line.GetProperty("flagsChanged").EnumerateArray().Select(f => f.GetString()));
            }
        }
    }

    [Fact]
    public async Task A_revoked_token_stops_at_once_and_the_sdk_says_so()
    {
        var (token, id) = await flags.NewClientAsync("short-lived");
        using var node = await StartAsync("flags-server.cjs", token);
        await LineAsync(node);

        using var revoked = await flags.Console.Http.DeleteAsync(new Uri($"/api/v1/flag-clients/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        var answers = await AnswersAsync(node);
        Assert.All(answers, a => Assert.Equal(("ERROR", "GENERAL"), (a.GetProperty("reason").GetString(), a.GetProperty("errorCode").GetString())));
        await EndAsync(node);
    }

    [Fact]
    public async Task A_flag_client_can_evaluate_flags_and_nothing_else()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = flags.Console.Http.BaseAddress };
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        http.DefaultRequestHeaders.Authorization = new("Bearer", flags.Token);
        var addresses = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Method: method.Name.ToUpperInvariant(), Path: path.Name)))
            .Where(a => a.Method is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" && a.Path != "/api/v1/policies/schema")
            .Concat(((string[])["/", "/releases", "/approvals", "/policies", "/policies/new", "/slos", "/windows", "/replay", "/switches", "/audit", "/nowhere"]).Select(page => ("GET", page)))
            .Concat([("POST", "/hubs/board/negotiate"), ("POST", "/_blazor/negotiate"), ("POST", "/sign-out")])
            .ToList();
        Assert.True(addresses.Count > 40);

        foreach (var (method, path) in addresses)
        {
            var address = path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{key}", FlagConsole.Flag, StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative)) { Content = method == "POST" ? JsonContent.Create(new { context = new { targetingKey = "u" } }) : null };
            using var answer = await http.SendAsync(request);
            // A stream wants a ticket, whatever token comes with it; where no issuer is trusted nobody gets a token for another one, and no hook is there.
            var expected = path == "/ofrep/v1/events" ? HttpStatusCode.Unauthorized : path == "/api/v1/tokens/federated" || path.StartsWith("/api/v1/hooks/", StringComparison.Ordinal) ? HttpStatusCode.NotFound : path.StartsWith("/ofrep/", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            Assert.True(answer.StatusCode == expected, $"{method} {path} answered {(int)answer.StatusCode} to a flag client.");
        }
    }

    private async Task<Process> StartAsync(string script, string token) => Process.Start(new ProcessStartInfo("node")
    {
        WorkingDirectory = await NodePackages.FolderAsync(),
        ArgumentList = { script, flags.Console.Address, token, FlagConsole.Flag },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>What both contexts are answered. Where the change came between the two, the next line has both.</summary>
    private static async Task<List<JsonElement>> AnswersAsync(Process node)
    {
        var answers = (await LineAsync(node)).EnumerateArray().ToList();
        Assert.Equal(2, answers.Count);
        return answers[0].GetRawText() == answers[1].GetRawText() ? answers : [.. (await LineAsync(node)).EnumerateArray()];
    }

    private static async Task<JsonElement> LineAsync(Process node)
    {
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        return JsonDocument.Parse(line ?? throw new InvalidOperationException("The script ended.")).RootElement;
    }

    /// <summary>Ends the script and returns what it still had to say.</summary>
    private static async Task<string> EndAsync(Process node)
    {
        node.StandardInput.Close();
        var rest = await node.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await node.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal(0, node.ExitCode);
        return rest.Trim();
    }
}
