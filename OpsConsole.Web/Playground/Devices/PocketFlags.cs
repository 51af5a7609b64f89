using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OpsConsole.Web.Playground.Devices;

/// <summary>How the app reads its flags: each phone asks the console by OFREP for the one flag that it needs whenever the app is opened, and remembers the answer.</summary>
/// <remarks>A phone that gets no answer goes by the last one that it had; one that never had any leaves the feature out.</remarks>
internal sealed class PocketFlags(HttpClient http, Uri console, string token, TimeProvider time)
{
    private const string ClientHeader = "X-Client-Id";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _remembered = new(StringComparer.Ordinal);

    public async Task<bool> IsOnAsync(string flag, Device device, CancellationToken cancellationToken)
    {
        if (await AskAsync(flag, device, cancellationToken) is { } answered)
        {
            _remembered[device.Id] = answered;
        }

        return _remembered.GetValueOrDefault(device.Id);
    }

    /// <summary>What the console answers; null when it does not answer well.</summary>
    private async Task<bool?> AskAsync(string flag, Device device, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(console, "ofrep/v1/evaluate/flags/" + flag))
            {
                Content = JsonContent.Create(new { context = new { targetingKey = device.Id, platform = device.Platform.ToString(), locale = device.Locale, app = new { version = device.Version } } }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add(ClientHeader, device.Id);
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(either.Token);
            return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("value", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? value.GetBoolean()
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
