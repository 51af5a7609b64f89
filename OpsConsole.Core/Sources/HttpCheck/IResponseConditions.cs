using System.Text.Json;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>Judges the JSON of an answer by conditions that people write.</summary>
public interface IResponseConditions
{
    /// <summary>What is wrong with the text of a condition, one sentence; null when nothing is.</summary>
    string? Fault(string condition);

    /// <summary>Null when the answer is good, else one sentence on why not. A failure condition wins over a success condition; what cannot be evaluated is not good.</summary>
    /// <param name="success">Must hold; null: nothing must.</param>
    /// <param name="failure">Must not hold; null: nothing may not.</param>
    /// <param name="answer">The body.</param>
    string? Judge(string? success, string? failure, JsonElement answer);
}
