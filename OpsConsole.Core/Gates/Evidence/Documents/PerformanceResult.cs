using System.Globalization;
using System.Text.Json;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads measured values against budgets: a small form of the console's own, taken strictly.</summary>
internal static class PerformanceResult
{
    private const int MaxMetrics = 1000;

    /// <summary>What a result says.</summary>
    /// <exception cref="UnreadableEvidenceException">It does not have the form.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> json, PipelineStage stage)
    {
        using var document = JsonText.Object(json);
        var root = document.RootElement;
        root.OnlyMembers("a performance result", "tool", "digest", "producedAt", "metrics");
        if (root.Array("metrics") is not { } list)
        {
            throw new UnreadableEvidenceException("The result has no metrics.");
        }

        if (list.GetArrayLength() > MaxMetrics)
        {
            throw new UnreadableEvidenceException($"The result has more than {MaxMetrics} metrics.");
        }

        var metrics = list.Objects("metrics").Select(Metric.Of).ToList();
        if (metrics.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new UnreadableEvidenceException($"The metric '{twice.Key}' is there twice.");
        }

        var tool = root.Text("tool") is { } name ? Words.Name(name) : null;
        return Summary(metrics, tool, stage) with { SubjectDigest = root.Text("digest") is { } digest ? Words.Name(digest) : null, ProducedAt = root.Instant("producedAt") };
    }

    private static EvidenceSummary Summary(List<Metric> metrics, string? tool, PipelineStage stage)
    {
        var (hard, soft, unknown) = (metrics.LongCount(m => m is { IsOver: true, Hard: true }), metrics.LongCount(m => m is { IsOver: true, Hard: false }), metrics.LongCount(m => m.Value is null));
        var parts = Words.Counted(
            (metrics.Count - hard - soft - unknown, "within budget"), (hard, hard == 1 ? "over a hard budget" : "over hard budgets"),
            (soft, soft == 1 ? "over a soft budget" : "over soft budgets"), (unknown, "not measured"));
        return new EvidenceSummary
        {
            Kind = EvidenceKind.Performance,
            Stage = stage,
            Outcome = hard > 0 ? EvidenceOutcome.Failed
                : unknown > 0 || metrics.Count == 0 ? EvidenceOutcome.Inconclusive
                : soft > 0 ? EvidenceOutcome.PassedWithWarnings
                : EvidenceOutcome.Passed,
            Text = $"{(tool is null ? "" : tool + ": ")}{(metrics.Count == 0 ? "no metrics, so nothing was measured" : Words.Join(parts))}.",
            Counts = new Dictionary<string, long> { ["metrics"] = metrics.Count, [EvidenceCount.HardBudgetsOver] = hard, [EvidenceCount.SoftBudgetsOver] = soft, ["notMeasured"] = unknown },
            Items = [.. metrics.Where(m => m.IsOver || m.Value is null).OrderByDescending(m => m is { IsOver: true, Hard: true }).Select(m => m.Notable()).Take(EvidenceSummary.MaxItems)],
        };
    }

    private sealed record Metric(string Name, double? Value, string Unit, double Budget, bool AtMost, bool Hard)
    {
        public bool IsOver => Value is { } value && (AtMost ? value > Budget : value < Budget);

        public static Metric Of(JsonElement json)
        {
            json.OnlyMembers("a metric", "name", "value", "unit", "budget", "comparison", "hard");
            var name = Words.Name(json.Text("name"));
            if (name.Length == 0)
            {
                throw new UnreadableEvidenceException("A metric has no name.");
            }

            if (!json.TryGetProperty("value", out _))
            {
                throw new UnreadableEvidenceException($"The metric '{name}' has no value; null says that it was not measured.");
            }

            return new(
                name,
                json.Number("value"),
                Words.Name(json.Text("unit")),
                json.Number("budget") ?? throw new UnreadableEvidenceException($"The metric '{name}' has no budget."),
                json.Text("comparison") switch
                {
                    null or "atMost" => true,
                    "atLeast" => false,
                    var other => throw new UnreadableEvidenceException($"The comparison of '{name}' is '{Words.Name(other)}'; it is atMost or atLeast."),
                },
                json.Flag("hard") ?? true);
        }

        public NotableItem Notable() => new(
            Value is null ? "not measured" : Hard ? "over budget" : "over soft budget",
            Name,
            $"{(Value is { } value ? $"{Number(value)}{Unit.PadLeft(Unit.Length + 1)}, " : "")}{(AtMost ? "at most" : "at least")} {Number(Budget)} {Unit}".TrimEnd() + " allowed");

        private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
    }
}
