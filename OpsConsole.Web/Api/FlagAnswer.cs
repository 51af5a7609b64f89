using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>One flag with every answer that it can have, written beforehand.</summary>
internal sealed class FlagAnswer
{
    private readonly byte[]?[] _texts = new byte[(int)Outcomes.Count][];

    public FlagAnswer(FlagState flag)
    {
        Flag = flag;
        Fixed = FlagEvaluation.SameForAll(flag) is { } same ? Index(same) : null;
        foreach (var evaluation in Fixed is null ? Outcomes.WithTargeting : [FlagEvaluation.SameForAll(flag)!.Value])
        {
            _texts[Index(evaluation)] = Write(flag, evaluation);
        }
    }

    public FlagState Flag { get; }

    /// <summary>The answer for everyone; null where it depends on who asks.</summary>
    public byte? Fixed { get; }

    /// <summary>Which answer someone gets.</summary>
    public byte For(EvaluationContext context) => Fixed ?? Index(FlagEvaluation.Of(Flag, context));

    /// <summary>The answer as JSON.</summary>
    public ReadOnlySpan<byte> Text(byte outcome) => _texts[outcome];

    /// <summary>The answer as JSON, for one that is to be kept.</summary>
    public ReadOnlyMemory<byte> Kept(byte outcome) => _texts[outcome];

    /// <summary>The error of an answer, or none.</summary>
    public static FlagError ErrorOf(byte outcome) => outcome < Outcomes.FirstError ? FlagError.None : (FlagError)(outcome - Outcomes.FirstError + 1);

    private static byte Index(FlagEvaluation evaluation) => (byte)(evaluation.Error == FlagError.None
        ? ((int)evaluation.Reason * 2) + (evaluation.Value ? 1 : 0)
        : Outcomes.FirstError + (int)evaluation.Error - 1);

    private static byte[] Write(FlagState flag, FlagEvaluation evaluation)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("key"u8, flag.Key);
            if (evaluation.Error == FlagError.None)
            {
                json.WriteBoolean("value"u8, evaluation.Value);
                json.WriteString("reason"u8, evaluation.Reason.Code());
                json.WriteString("variant"u8, evaluation.Variant);
            }
            else
            {
                json.WriteString("errorCode"u8, evaluation.Error.Code());
                json.WriteString("errorDetails"u8, evaluation.Error == FlagError.TargetingKeyMissing
                    ? "The flag is on for a share of people, and the context has no text 'targetingKey' to tell them apart."
                    : "The flag's targeting on record cannot be read; whoever runs the console has to set it anew.");
            }

            json.WriteStartObject("metadata"u8);
            json.WriteString("turnsOff"u8, flag.TurnsOff);
            json.WriteString("changedAt"u8, flag.ChangedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Answers by number: two for each reason, then one for each error.</summary>
    private static class Outcomes
    {
        public const int FirstError = 6;
        public const int Count = 10;

        public static readonly FlagEvaluation[] WithTargeting =
        [
            new(false, FlagReason.TargetingMatch), new(true, FlagReason.TargetingMatch), new(false, FlagReason.Split), new(true, FlagReason.Split),
            new(false, FlagReason.Split, FlagError.TargetingKeyMissing),
        ];
    }
}
