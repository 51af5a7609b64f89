namespace OpsConsole.Core.Policies.Conditions;

/// <summary>One evaluation: its result, the element that a list function looks at, and the steps that are left.</summary>
internal sealed class ConditionRun(ConditionValue result, int steps)
{
    private int _steps = steps;

    public ConditionValue Result => result;

    /// <summary>What <c>#</c> stands for.</summary>
    public ConditionValue Item { get; set; }

    /// <summary>Takes a step.</summary>
    public void Step(int column)
    {
        if (--_steps < 0)
        {
            throw new ConditionException("evaluating the condition takes too many steps", column);
        }
    }
}
