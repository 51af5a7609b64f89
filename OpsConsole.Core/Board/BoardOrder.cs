namespace OpsConsole.Core.Board;

/// <summary>The order of the board's rows.</summary>
public static class BoardOrder
{
    /// <summary>Worst verdict first; of one verdict what is live before what is settled, then the most exposed, then by name.</summary>
    public static int WorstFirst(ReleaseSnapshot a, ReleaseSnapshot b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var order = b.Verdict.CompareTo(a.Verdict);
        order = order != 0 ? order : a.IsSettled.CompareTo(b.IsSettled);
        order = order != 0 ? order : b.ExposurePercent.CompareTo(a.ExposurePercent);
        order = order != 0 ? order : string.CompareOrdinal(a.Service, b.Service);
        order = order != 0 ? order : string.CompareOrdinal(a.Target, b.Target);
        order = order != 0 ? order : string.CompareOrdinal(a.Environment, b.Environment);
        return order != 0 ? order : a.Id.CompareTo(b.Id);
    }
}
