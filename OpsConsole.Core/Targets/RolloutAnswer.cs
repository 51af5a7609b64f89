using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets;

/// <summary>The state of a rollout as programs and webhooks tell it: <c>{ "exposurePercent": 25, "halted": false, "lastActionId": "...", "besides": "..." }</c>, of which the last two may be left out.</summary>
internal static class RolloutAnswer
{
    /// <summary>Takes it for a state. Somebody wrote the other side by hand, so what is wrong with it is told.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="settings">Of the target: no secret of it is shown.</param>
    /// <param name="said">Begin of a sentence about an answer that is none: "The deployer answered something else than was asked for".</param>
    /// <param name="at">When.</param>
    /// <exception cref="TargetUnreachableException">It is something else.</exception>
    public static TargetObservation Read(JsonElement answer, TargetSettings settings, string said, DateTimeOffset at)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("it is no object of JSON");
        }

        var share = Value(answer, "exposurePercent") is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var percent) && percent is >= 0 and <= 100
            ? percent
            : throw Wrong("exposurePercent is no number from 0 to 100");
        var halted = Value(answer, "halted") is { ValueKind: JsonValueKind.True or JsonValueKind.False } word ? word.GetBoolean() : throw Wrong("halted is neither true nor false");
        Guid? last = Value(answer, "lastActionId") is not { } id ? null
            : id.ValueKind == JsonValueKind.String && Guid.TryParse(id.GetString(), out var action) ? action
            : throw Wrong("lastActionId is not the id of an action; it is left out where there is none");
        var besides = Value(answer, "besides") is not { } note ? null : note.ValueKind == JsonValueKind.String ? note.GetString() : throw Wrong("besides is no text");
        return new TargetObservation(share, halted, last, at) { Besides = besides is null ? null : RemoteWords.Plain(besides, settings.Secrets) };

        TargetUnreachableException Wrong(string what) => new($"{said}: {what}.");
    }

    private static JsonElement? Value(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
