using System.Text.Json;
using OpsConsole.Core.Policies.Conditions;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>The conditions of policies, on the answers of synthetic checks.</summary>
public sealed class WrittenConditions : IResponseConditions
{
    public string? Fault(string condition)
    {
        try
        {
            Condition.Parse(condition);
            return null;
        }
        catch (ConditionException e)
        {
            return e.Message;
        }
    }

    public string? Judge(string? success, string? failure, JsonElement answer)
    {
        var measured = MeasurementRule.Judge(answer, success, failure);
        return measured.Outcome == MeasurementOutcome.Successful ? null : measured.Reason;
    }
}
