using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Gates;

/// <summary>Which gates pass only because a person waived them, and how that is said wherever gates are summed up.</summary>
public static class WaivedGates
{
    /// <summary>Those of the gates that pass only because of a waiver.</summary>
    public static IReadOnlyList<GateResult> Of(IEnumerable<GateResult> gates) => [.. gates.Where(g => g.WaivedBy is not null)];

    /// <summary>"evidence: unit waived by mira until 2026-03-01 16:00 UTC"; null where none was waived.</summary>
    public static string? Words(IEnumerable<GateResult> gates) =>
        Of(gates) is { Count: > 0 } waived ? string.Join("; ", waived.Select(g => $"{g.Name} waived {By([g])}")) : null;

    /// <summary>The same as a sentence that follows another; empty where none was waived.</summary>
    public static string Sentence(IEnumerable<GateResult> gates) => Words(gates) is { } words ? $" Not every gate passed by itself: {words}." : "";

    /// <summary>"12 pass, 1 waived by mira until 2026-03-01 16:00 UTC, 2 do not pass yet".</summary>
    public static string Summary(IReadOnlyList<GateResult> gates)
    {
        ArgumentNullException.ThrowIfNull(gates);
        var waived = Of(gates);
        var open = gates.Count(g => g.Verdict != Verdict.Pass);
        string?[] parts =
        [
            $"{gates.Count - open - waived.Count} pass",
            waived.Count == 0 ? null : Counted(waived),
            open == 0 ? null : $"{open} {(open == 1 ? "does" : "do")} not pass yet",
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>"1 waived by mira until 2026-03-01 16:00 UTC", "2 gates waived by mira and jonas, the first until …".</summary>
    /// <param name="waived">At least one.</param>
    /// <param name="unit">What stands behind the number.</param>
    public static string Counted(IReadOnlyList<GateResult> waived, string unit = "")
    {
        ArgumentNullException.ThrowIfNull(waived);
        return $"{waived.Count}{(unit.Length == 0 ? "" : waived.Count == 1 ? $" {unit}" : $" {unit}s")} waived {By(waived)}";
    }

    private static string By(IReadOnlyList<GateResult> waived)
    {
        var names = string.Join(" and ", waived.Select(g => g.WaivedBy).Distinct());
        return waived.Min(g => g.WaivedUntil) is not { } first ? $"by {names}"
            : waived.All(g => g.WaivedUntil == first) ? $"by {names} until {Wording.Moment(first)}"
            : $"by {names}, the first until {Wording.Moment(first)}";
    }
}
