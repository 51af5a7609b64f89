using System.Text.Json;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads a plan as <c>terraform show -json</c> writes it: what would be done to which address. Values are never looked at, since they may be secret.</summary>
internal static class TerraformPlan
{
    private static readonly string[] Order = ["delete", "replace", "forget", "create", "update", "read", "no-op"];

    /// <summary>What a plan says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not a plan.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> json, PipelineStage stage)
    {
        using var document = JsonText.Object(json);
        var root = document.RootElement;
        Check(root);
        var counts = Order.ToDictionary(a => a, _ => 0L);
        var items = new List<NotableItem>();
        foreach (var resource in root.Array("resource_changes")?.Objects("resource_changes") ?? [])
        {
            var action = ActionOf(resource);
            counts[action]++;
            if (action is "delete" or "replace" or "forget" && items.Count < EvidenceSummary.MaxItems)
            {
                items.Add(new(action, Words.Name(resource.Text("address") ?? "an unnamed resource"), Words.Detail(resource.Text("action_reason")?.Replace('_', ' '))));
            }
        }

        var failedChecks = root.Array("checks")?.Objects("checks").LongCount(c => c.Text("status") is "fail" or "error") ?? 0;
        var broken = root.Flag("errored") == true ? "Terraform says that the plan is errored" : root.Flag("complete") == false ? "Terraform says that the plan is not complete" : null;
        counts[EvidenceCount.Warnings] = failedChecks;
        return new EvidenceSummary
        {
            Kind = EvidenceKind.Terraform,
            Stage = stage,
            Outcome = broken is not null ? EvidenceOutcome.Error
                : counts["delete"] + counts["replace"] + counts["forget"] + failedChecks > 0 ? EvidenceOutcome.PassedWithWarnings
                : EvidenceOutcome.Passed,
            Text = Sentence(counts, failedChecks, broken),
            Counts = counts,
            Items = [.. items.OrderBy(i => Array.IndexOf(Order, i.What))],
            ProducedAt = root.AnyInstant("timestamp"),
        };
    }

    private static void Check(JsonElement root)
    {
        if (root.Text("format_version") is not { } version || root.Text("terraform_version") is null)
        {
            throw new UnreadableEvidenceException("The document is not what terraform show -json writes: it has no format_version or no terraform_version.");
        }

        if (version.Split('.')[0] is not ("0" or "1"))
        {
            throw new UnreadableEvidenceException($"The plan has the format '{Words.Name(version)}'; formats 0 and 1 are read.");
        }

        if (root.Array("resource_changes") is null && root.Object("planned_values") is null)
        {
            throw new UnreadableEvidenceException(root.Object("values") is null
                ? "The document has neither resource_changes nor planned_values, so it is not a plan."
                : "The document is a state, not a plan: give terraform show -json the plan's file.");
        }
    }

    private static string ActionOf(JsonElement resource)
    {
        if (resource.Object("change")?.Array("actions") is not { } actions)
        {
            throw new UnreadableEvidenceException($"The change of {Words.Name(resource.Text("address") ?? "a resource")} names no actions.");
        }

        var said = string.Join(',', actions.Texts("actions"));
        return said switch
        {
            "no-op" or "create" or "read" or "update" or "delete" or "forget" => said,
            "delete,create" or "create,delete" => "replace",
            "create,forget" => "forget",
            _ => throw new UnreadableEvidenceException($"'{Words.Name(said)}' of {Words.Name(resource.Text("address") ?? "a resource")} is not an action of a plan that is known."),
        };
    }

    private static string Sentence(Dictionary<string, long> counts, long failedChecks, string? broken)
    {
        var parts = Words.Counted(
            (counts["create"], "to create"), (counts["update"], "to update"), (counts["replace"], "to replace"), (counts["delete"], "to delete"),
            (counts["forget"], "to forget"), (failedChecks, failedChecks == 1 ? "check fails" : "checks fail"));
        var sentence = parts.Count == 0 ? "No changes" : $"{char.ToUpperInvariant(parts[0][0])}{Words.Join(parts)[1..]}";
        return broken is null ? sentence + "." : $"{sentence}; {broken}.";
    }
}
