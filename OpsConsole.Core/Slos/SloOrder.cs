namespace OpsConsole.Core.Slos;

/// <summary>The order in which objectives are shown.</summary>
internal static class SloOrder
{
    /// <summary>By verdict, then by what is left of the budget, then by name.</summary>
    public static int WorstFirst(SloStanding a, SloStanding b)
    {
        var order = b.Verdict.CompareTo(a.Verdict);
        order = order != 0 ? order : (a.Budget.RemainingPercent ?? 101m).CompareTo(b.Budget.RemainingPercent ?? 101m);
        return order != 0 ? order : string.CompareOrdinal(a.Slo.Name, b.Slo.Name);
    }
}
