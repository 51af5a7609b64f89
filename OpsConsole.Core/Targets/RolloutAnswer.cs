using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets;

/// <summary>The state of a rollout as programs and webhooks tell it: <c>{ "exposurePercent": 25, "halted": false, "lastActionId": "...", "besides": "..." }</c>, of which the last two may be left out.</summary>
internal static class RolloutAnswer
{
    /// <summary>Takes it for a state; null where it is something else.</summary>
    /// <exception cref="InvalidOperationException">It is no object, or something in it is of another kind.</exception>
    /// <exception cref="KeyNotFoundException">The share or whether it is halted is missing.</exception>
    public static TargetObservation? Read(JsonElement answer, TargetSettings settings, DateTimeOffset at)
    {
        var share = answer.GetProperty("exposurePercent").GetDouble();
        var halted = answer.GetProperty("halted").GetBoolean();
        var last = Text(answer, "lastActionId");
        return share is >= 0 and <= 100 && (last is null || Guid.TryParse(last, out _))
            ? new TargetObservation(share, halted, last is null ? null : Guid.Parse(last), at) { Besides = Text(answer, "besides") is { } besides ? TargetWords.Plain(besides, settings.Secrets) : null }
            : null;
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
