using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>How one rollout stands on a target, as its control interface writes it.</summary>
internal sealed record RolloutState(string? Version, string? PreviousVersion, double ExposurePercent, bool Halted, Guid? LastActionId);

/// <summary>Speaks to a control interface that keeps one rollout for each service: <c>GET</c> reads it, <c>PUT</c> asks for a state to reach.</summary>
/// <remarks><c>title</c> is the target's name at the head of a sentence ("The gateway"); <c>collection</c> is the path of the rollouts below the address (<c>splits</c>).</remarks>
internal sealed class RolloutClient(HttpClient http, TargetEndpoint endpoint, TimeProvider time, string title, string collection)
{
    /// <summary>Longest answer read, in bytes.</summary>
    private const int MaxAnswer = 64 * 1024;

    private const int MaxSentence = 300;

    public async Task PutAsync(TargetChange change, CancellationToken cancellationToken)
    {
        var (status, text) = await SendAsync(HttpMethod.Put, change.Service, Json(new
        {
            actionId = change.ActionId,
            version = change.Version,
            previousVersion = change.PreviousVersion,
            exposurePercent = change.ExposurePercent,
            halted = change.Halted,
        }), cancellationToken).ConfigureAwait(false);
        if ((int)status is >= 200 and < 300)
        {
            return;
        }

        throw status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new TargetRefusedException($"{title} does not accept the console's token; check the token configured for it."),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity =>
                new TargetRefusedException($"{title} refused: {Sentence(text) ?? $"HTTP {(int)status}"}"),
            _ => new TargetUnreachableException($"{title} answered HTTP {(int)status}; whether it did anything is not known."),
        };
    }

    public async Task<TargetObservation> GetAsync(string service, string version, CancellationToken cancellationToken)
    {
        var (status, text) = await SendAsync(HttpMethod.Get, service, null, cancellationToken).ConfigureAwait(false);
        if (status != HttpStatusCode.OK)
        {
            throw new TargetUnreachableException(status switch
            {
                HttpStatusCode.NotFound => $"{title} does not know the service {service}.",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{title} does not accept the console's token; check the token configured for it.",
                _ => $"{title} answered HTTP {(int)status} when it was read.",
            })
            {
                // A page that is not found at a wrong address says no such sentence.
                Answered = status == HttpStatusCode.NotFound && Sentence(text) is not null,
            };
        }

        var state = Parse(text);
        var exposure = state.Version == version ? state.ExposurePercent
            : state.PreviousVersion == version ? 100 - state.ExposurePercent
            : 0;
        return new TargetObservation(exposure, state.Halted, state.LastActionId, time.GetUtcNow());
    }

    /// <summary>A body whose length is known beforehand: not every control interface takes one in pieces.</summary>
    private static StringContent Json(object value) =>
        new(JsonSerializer.Serialize(value, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string service, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(endpoint.Address, $"{collection}/{Uri.EscapeDataString(service)}")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token);
        using var late = new CancellationTokenSource(endpoint.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(MaxAnswer, either.Token).ConfigureAwait(false);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetUnreachableException($"{title} did not answer within {endpoint.Timeout.TotalSeconds:0.#} s.", e);
        }
        catch (HttpRequestException e)
        {
            throw new TargetUnreachableException($"{title} could not be reached at {endpoint.Address.Authority}: {e.Message}", e);
        }
    }

    private RolloutState Parse(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize<RolloutState>(text, JsonSerializerOptions.Web) is { ExposurePercent: >= 0 and <= 100, Version: not null } state)
            {
                return state;
            }
        }
        catch (JsonException)
        {
            // The same sentence as for JSON that says something else.
        }

        throw new TargetUnreachableException($"{title} answered something that is not the state of a rollout.");
    }

    /// <summary>The sentence of a problem document, or null.</summary>
    private static string? Sentence(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("detail", out var detail)
                && detail.ValueKind == JsonValueKind.String
                && detail.GetString() is { Length: > 0 } sentence
                    ? sentence.Length <= MaxSentence ? sentence : sentence[..MaxSentence]
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
