using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>Keeps a service's flags by asking the console for all of them twice a second, with the tag of the last answer so that nothing is sent when nothing changed.</summary>
/// <remarks>The last answer counts for <see cref="KeepFor"/> when the console does not answer; after that, and before the first answer, the default in the code does.</remarks>
internal sealed class FlagReader(HttpClient http, Uri console, string token, string service, TimeProvider time)
{
    /// <summary>Time between two questions: a kill is known everywhere within it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer counts without a newer one.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private volatile Answer _answer = new([], null, DateTimeOffset.MinValue);

    /// <summary>The flag's value, or the default in the code where the console said nothing.</summary>
    public bool IsOn(string flag, bool codeDefault)
    {
        var answer = _answer;
        return time.GetUtcNow() - answer.At <= KeepFor && answer.Values.TryGetValue(flag, out var value) ? value : codeDefault;
    }

    /// <summary>Asks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await ReadAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Asks once. False when the console did not answer well.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(console, "ofrep/v1/evaluate/flags"))
            {
                Content = JsonContent.Create(new { context = new { targetingKey = service } }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (_answer.Tag is { } tag)
            {
                request.Headers.IfNoneMatch.Add(tag);
            }

            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                _answer = _answer with { At = time.GetUtcNow() };
                return true;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                return false;
            }

            var read = await response.Content.ReadFromJsonAsync<JsonElement>(either.Token);
            _answer = new Answer(Values(read), response.Headers.ETag, time.GetUtcNow());
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static Dictionary<string, bool> Values(JsonElement answer) => answer.GetProperty("flags").EnumerateArray()
        .Where(flag => flag.TryGetProperty("value", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        .ToDictionary(flag => flag.GetProperty("key").GetString()!, flag => flag.GetProperty("value").GetBoolean(), StringComparer.Ordinal);

    private sealed record Answer(Dictionary<string, bool> Values, EntityTagHeaderValue? Tag, DateTimeOffset At);
}
