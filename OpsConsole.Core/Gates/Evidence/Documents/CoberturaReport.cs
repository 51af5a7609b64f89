using System.Globalization;
using System.Xml;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads the totals of a Cobertura coverage report and holds them against a budget.</summary>
internal static class CoberturaReport
{
    /// <summary>What a report says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not a Cobertura report.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> document, EvidenceTerms terms, PipelineStage stage)
    {
        Totals? totals = null;
        // Most tools name Cobertura's document type in the first line, so that is passed over.
        XmlText.Read(document, plainDocumentType: true, reader => totals ??= Root(reader));
        return Summary(totals!, terms, stage);
    }

    private static Totals Root(XmlReader reader)
    {
        if (reader.LocalName != "coverage")
        {
            throw reader.Fault($"The document begins with '{Words.Name(reader.LocalName)}'; a Cobertura report begins with coverage.");
        }

        var lines = Rate(reader, "line-rate") ?? throw reader.Fault("The report has no line-rate.");
        return new(lines, Rate(reader, "branch-rate"), Number(reader, "lines-valid"), Number(reader, "branches-valid"), MadeAt(reader.Attribute("timestamp")));
    }

    private static EvidenceSummary Summary(Totals totals, EvidenceTerms terms, PipelineStage stage)
    {
        var branches = totals.BranchesValid == 0 ? null : totals.Branches;
        var (lineMiss, branchMiss) = (totals.Lines < terms.LineBudget, branches < terms.BranchBudget);
        var outcome = lineMiss || branchMiss ? EvidenceOutcome.Failed
            : totals.LinesValid == 0 || (terms.LineBudget is null && terms.BranchBudget is null) || (terms.BranchBudget is not null && branches is null) ? EvidenceOutcome.Inconclusive
            : EvidenceOutcome.Passed;
        var items = new List<NotableItem>();
        if (lineMiss)
        {
            items.Add(new("under budget", "lines", Against(totals.Lines, terms.LineBudget!.Value)));
        }

        if (branchMiss)
        {
            items.Add(new("under budget", "branches", Against(branches!.Value, terms.BranchBudget!.Value)));
        }

        var counts = new Dictionary<string, long> { ["lineBasisPoints"] = (long)Math.Round(totals.Lines * 100) };
        if (branches is { } rate)
        {
            counts["branchBasisPoints"] = (long)Math.Round(rate * 100);
        }

        return new EvidenceSummary
        {
            Kind = EvidenceKind.Coverage, Stage = stage, Outcome = outcome, Text = Sentence(totals, branches, terms), Counts = counts, Items = items, ProducedAt = totals.MadeAt,
        };
    }

    private static string Sentence(Totals totals, double? branches, EvidenceTerms terms)
    {
        if (totals.LinesValid == 0)
        {
            return "The report covers no lines, so nothing was measured.";
        }

        var lines = $"Lines {Percent(totals.Lines)}{(terms.LineBudget is { } line ? $" of the {Percent(line)} asked for" : "")}";
        var rest = branches is { } rate ? $", branches {Percent(rate)}{(terms.BranchBudget is { } branch ? $" of the {Percent(branch)} asked for" : "")}"
            : terms.BranchBudget is not null ? ", and no branches were measured" : "";
        return terms.LineBudget is null && terms.BranchBudget is null ? $"{lines}{rest}; no budget was given to hold it to." : $"{lines}{rest}.";
    }

    private static string Against(double value, double budget) => $"{Percent(value)}, {Percent(budget)} asked for";

    private static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>In percent.</summary>
    private static double? Rate(XmlReader reader, string name)
    {
        if (reader.Attribute(name) is not { Length: > 0 } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1
            ? rate * 100
            : throw reader.Fault($"{name} is '{Words.Name(text)}', which is no number from 0 to 1.");
    }

    private static long? Number(XmlReader reader, string name) =>
        long.TryParse(reader.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Some tools write seconds since 1970, others milliseconds.</summary>
    private static DateTimeOffset? MadeAt(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number switch
    {
        > 100_000_000 and < 100_000_000_000 => DateTimeOffset.FromUnixTimeSeconds(number),
        >= 100_000_000_000 and < 100_000_000_000_000 => DateTimeOffset.FromUnixTimeMilliseconds(number),
        _ => null,
    } : null;

    private sealed record Totals(double Lines, double? Branches, long? LinesValid, long? BranchesValid, DateTimeOffset? MadeAt);
}
