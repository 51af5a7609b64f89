using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Whatever is sent to whichever endpoint: an answer in words within bounded time, never a failure of the console's own.</summary>
public sealed partial class HostileRequestTests(PostgresFixture postgres)
{
    private const int Requests = 6_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nothing_that_is_sent_to_any_endpoint_makes_the_console_fail()
    {
        await using var console = await EdgeConsole.StartAsync(
            postgres, settings: [("OpsConsole:Edge:RequestsPerSecond", "100000"), ("OpsConsole:Edge:Burst", "1000000"), ("OpsConsole:Edge:StopsPerSecond", "100000"), ("OpsConsole:Edge:StopsBurst", "1000000"), ("OpsConsole:Edge:LongAtOnce", "100")]);
        using var http = console.Http();
        var known = await KnownAsync(http);
        var description = JsonNode.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken))!;
        var endpoints = console.Endpoints;
        Assert.InRange(endpoints.Count, 80, 1000);
        Assert.All(endpoints.Where(e => e.IsApi), e => Assert.NotNull(description["paths"]));
        var hostile = new HostileRequests(description, endpoints, known);

        // Each endpoint its share, and the rest wherever chance leads.
        var requests = endpoints.SelectMany(e => hostile.To(e).Sample(25)).Concat(hostile.Any.Sample(Math.Max(500, Requests - (25 * endpoints.Count)))).ToList();
        var faults = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (request, cancellationToken) =>
        {
            if (await FaultAsync(console, http, request, cancellationToken) is { } fault)
            {
                faults.TryAdd(request.Endpoint.ToString(), $"{fault}\n    {request}");
            }
        });

        var failures = console.Log.Lines.Where(l => l.StartsWith("Error Microsoft.AspNetCore.Diagnostics", StringComparison.Ordinal)).Select(l => l.Length > 1500 ? l[..1500] : l).Distinct().Take(8);
        Assert.True(faults.IsEmpty, string.Join("\n", faults.Values.Select(f => f.Length > 900 ? f[..300] + " … " + f[^600..] : f).Concat(failures)));
        Assert.True(requests.Count >= Requests - 500);
    }

    private static async Task<string?> FaultAsync(EdgeConsole console, HttpClient http, HostileRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var message = request.ToMessage(console.Address);
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)answer.StatusCode;
            if (status >= 500)
            {
                return $"answered {status}: {await answer.Content.ReadAsStringAsync(limit.Token)}";
            }

            if (status < 400)
            {
                return null;
            }

            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            return Inside().IsMatch(text) ? $"tells of its inside: {text}" : request.Endpoint.IsApi ? Malformed(answer, text) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"did not answer within {Limit.TotalSeconds} s";
        }
        catch (HttpRequestException e) when (e.InnerException is IOException || e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.Unknown)
        {
            // The listener closes what it cannot read, and so does this client.
            return null;
        }
    }

    /// <summary>What every refusal of the API has; what the listener refuses by itself has no body.</summary>
    private static string? Malformed(HttpResponseMessage answer, string text)
    {
        if (text.Length == 0 && answer.Headers.Connection.Contains("close"))
        {
            return null;
        }

        if (answer.Content.Headers.ContentType?.MediaType == "text/plain")
        {
            return TracedText().IsMatch(text) ? null : $"has words without a trace id: {text}";
        }

        if (answer.Content.Headers.ContentType?.MediaType == "application/x-protobuf")
        {
            // A google.rpc.Status, as the protocol of metrics has it: the message is its second field.
            return text.StartsWith('\u0012') ? null : $"is no status: {text}";
        }

        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json" && answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return $"answered {(int)answer.StatusCode} as {answer.Content.Headers.ContentType}: {text}";
        }

        using var problem = JsonDocument.Parse(text);
        return answer.Content.Headers.ContentType.MediaType == "application/json" || (problem.RootElement.TryGetProperty("title", out _) && problem.RootElement.TryGetProperty("status", out _) && problem.RootElement.TryGetProperty("traceId", out _))
            ? null
            : $"is a problem without title, status or trace id: {text}";
    }

    /// <summary>Names that lead to something, so that requests get past the first look.</summary>
    private static async Task<IReadOnlyList<string>> KnownAsync(HttpClient http)
    {
        using var release = await http.PostAsync(new Uri("/api/v1/releases", UriKind.Relative), new StringContent(Release, Encoding.UTF8, "application/json"));
        var registered = await release.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(release.IsSuccessStatusCode, registered.ToString());
        using var made = await http.PostAsJsonAsync(new Uri("/api/v1/switches", UriKind.Relative), new { key = "fuzzed", owner = "payments", turnsOff = "the new checkout" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return [registered.GetProperty("id").GetString()!, "fuzzed", "production", "shop", "gateway", "1", "10", Guid.Empty.ToString(), "2026-01-01T00:00:00Z"];
    }

    private const string Release = """
        {
          "service": "shop", "target": "gateway", "environment": "production", "version": "2.16.0", "previousVersion": "2.15.0",
          "artifact": { "digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "commit": "def5678" },
          "owner": "commerce", "migration": "expand",
          "stages": [ { "exposurePercent": 10, "holdSeconds": 60 }, { "exposurePercent": 100, "holdSeconds": 0 } ],
          "signals": [ { "key": "http_5xx_rate" }, { "key": "cart_size", "family": "business", "unit": "count", "better": "higher", "deltaLimit": 10 } ]
        }
        """;

    [GeneratedRegex(@"Exception|\n   at |System\.|Microsoft\.|Npgsql|OpsConsole\.(Core|Web)\.")]
    private static partial Regex Inside();

    [GeneratedRegex(@"Trace id \S+")]
    private static partial Regex TracedText();
}
