using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Policy text and its model (docs/policies.md).</summary>
public static class PolicyText
{
    /// <summary>Reads a text and says everything that is wrong with it. Never throws for what a text says.</summary>
    /// <param name="text">YAML; at most 256 kB, 20 levels, 5,000 values.</param>
    /// <param name="scope">The service it is held against, so that a signal that nothing provides is an error; null: any.</param>
    public static PolicyCheckResult Check(string text, PolicyScope? scope)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new PolicyFaults();
        var root = PolicyTree.Read(text, faults);
        if (root is null or ScalarNode { IsEmpty: true } or MapNode { Entries.Count: 0 })
        {
            if (faults.ErrorCount == 0)
            {
                faults.Error(1, 1, $"The text has no policy in it; begin with {string.Join(", ", PolicyKeys.Of[PolicyKeys.Root].SkipLast(1))} or {PolicyKeys.Of[PolicyKeys.Root][^1]}.");
            }

            return faults.Result(null);
        }

        return faults.Result(PolicySection.Of(root, PolicyKeys.Root, faults) is { } section ? Read(section, new PolicyReading(faults, scope)) : null);
    }

    /// <summary>The canonical text of a model: sections in order, what is as by default left out. Reading it gives the same model.</summary>
    public static string Write(ReleasePolicy policy) => PolicyWriter.Write(policy);

    /// <summary>SHA-256 of a text in UTF-8, lower-case hex.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ReleasePolicy Read(PolicySection root, PolicyReading reading)
    {
        var faults = reading.Faults;
        var (checklist, stages) = (root.Section("release", PolicyKeys.Release), root.Section("canary", PolicyKeys.Canary));
        var release = checklist is null ? null : ChecklistSection.Read(checklist, reading);
        var canary = stages is null ? null : CanarySection.Read(stages, reading);
        var policy = new ReleasePolicy
        {
            Release = release,
            Canary = canary,
            Delivery = root.Section("delivery", PolicyKeys.Delivery) is { } delivery ? GateSections.Delivery(delivery) : new(),
            Analysis = root.Section("analysis", PolicyKeys.Analysis) is { } analysis ? AnalysisSection.Read(analysis, reading) : null,
            Evidence = root.Section("evidence", PolicyKeys.Evidence) is { } evidence ? GateSections.Evidence(evidence, faults) : new(),
            Approvals = root.Section("approvals", PolicyKeys.Approvals) is { } approvals ? GateSections.Approvals(approvals, canary?.Stages ?? [], faults) : new(),
        };
        TriggerConflicts.Find(reading);
        PolicyConsistency.Check(policy, checklist, stages, reading, root.Node("analysis") is null ? null : root.KeyAt("analysis"));
        return policy;
    }
}
