using System.Text.Json;

namespace OpsConsole.Core.Policies.Conditions;

/// <summary>What a measurement came to.</summary>
public enum MeasurementOutcome
{
    Successful,

    Failed,

    /// <summary>Neither the success nor the failure condition holds.</summary>
    Inconclusive,

    /// <summary>There is no result, or a condition cannot be evaluated on it.</summary>
    Error,
}

/// <summary>A measurement, judged.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Reason">One sentence.</param>
public sealed record Measurement(MeasurementOutcome Outcome, string Reason);

/// <summary>How success and failure conditions decide about a measurement.</summary>
public static class MeasurementRule
{
    /// <summary>Judges a result: failure wins over success; with both conditions given and neither true it is inconclusive; with one given the other is its opposite; with none it is successful.</summary>
    /// <param name="result">The measured result; null, an empty text, list or object is an error, whatever the conditions say.</param>
    /// <param name="success">The success condition, or null.</param>
    /// <param name="failure">The failure condition, or null.</param>
    public static Measurement Judge(JsonElement result, Condition? success, Condition? failure)
    {
        if (IsEmpty(result))
        {
            return new(MeasurementOutcome.Error, "The metric result is nil or empty.");
        }

        bool? succeeded, failed;
        var asked = "success";
        try
        {
            succeeded = success?.Evaluate(result);
            asked = "failure";
            failed = failure?.Evaluate(result);
        }
        catch (ConditionException e)
        {
            return new(MeasurementOutcome.Error, $"The {asked} condition cannot be evaluated. {e.Message}");
        }

        return (succeeded, failed) switch
        {
            (_, true) => new(MeasurementOutcome.Failed, $"The failure condition holds: {failure}."),
            (null, null) => new(MeasurementOutcome.Successful, "There is a result, and no condition on it."),
            (true, _) => new(MeasurementOutcome.Successful, $"The success condition holds: {success}."),
            (null, false) => new(MeasurementOutcome.Successful, $"The failure condition does not hold: {failure}."),
            (false, null) => new(MeasurementOutcome.Failed, $"The success condition does not hold: {success}."),
            (false, false) => new(MeasurementOutcome.Inconclusive, $"Neither the success condition nor the failure condition holds: {success}, {failure}."),
        };
    }

    /// <summary>As <see cref="Judge(JsonElement, Condition?, Condition?)"/>, of conditions as text; empty text is no condition, and one that cannot be read is an error.</summary>
    public static Measurement Judge(JsonElement result, string? success, string? failure)
    {
        var asked = "success";
        try
        {
            var holds = Read(success);
            asked = "failure";
            return Judge(result, holds, Read(failure));
        }
        catch (ConditionException e)
        {
            return new(MeasurementOutcome.Error, $"The {asked} condition cannot be read. {e.Message}");
        }
    }

    private static Condition? Read(string? text) => string.IsNullOrEmpty(text) ? null : Condition.Parse(text);

    private static bool IsEmpty(JsonElement result) => result.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => result.ValueEquals(""),
        JsonValueKind.Array => result.GetArrayLength() == 0,
        JsonValueKind.Object => result.GetPropertyCount() == 0,
        _ => false,
    };
}
