using System.Text.Json;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Reads findings as SARIF 2.1.0.</summary>
/// <remarks>A run that says it did not succeed is an error, and one without results says nothing: neither is ever a clean scan.</remarks>
internal sealed class SarifLog
{
    private readonly Dictionary<FindingSeverity, long> _bySeverity = [];
    private readonly List<SarifFinding> _findings = [];
    private readonly List<string> _tools = [];
    private readonly List<string> _broken = [];
    private readonly List<string> _silent = [];
    private long _suppressed;
    private long _new;
    private long _notices;
    private DateTimeOffset? _producedAt;

    /// <summary>What a log says.</summary>
    /// <exception cref="UnreadableEvidenceException">It is not SARIF 2.1.0.</exception>
    public static EvidenceSummary Read(ReadOnlyMemory<byte> json, PipelineStage stage)
    {
        using var document = JsonText.Object(json);
        var root = document.RootElement;
        if (root.Text("version") is not { } version || root.Array("runs") is not { } runs)
        {
            throw new UnreadableEvidenceException("The document is not SARIF: it has no version or no runs.");
        }

        if (version != "2.1.0")
        {
            throw new UnreadableEvidenceException($"The SARIF has the version '{Words.Name(version)}'; 2.1.0 is read.");
        }

        var log = new SarifLog();
        foreach (var run in runs.Objects("runs"))
        {
            log.Run(run);
        }

        return log.Summary(stage);
    }

    private void Run(JsonElement run)
    {
        if (run.Object("tool") is not { } tool || tool.Object("driver")?.Text("name") is not { } name)
        {
            throw new UnreadableEvidenceException("A run of the SARIF does not name its tool.");
        }

        name = Words.Name(name);
        _tools.Add(name);
        Invocations(run, name);
        if (run.Array("results") is not { } results || run.Object("externalPropertyFileReferences")?.Array("results") is { } elsewhere && elsewhere.GetArrayLength() > 0)
        {
            _silent.Add(name);
            return;
        }

        var rules = new SarifRules(tool);
        foreach (var result in results.Objects("results"))
        {
            if (SarifFinding.Of(result, rules, out var suppressed) is { } finding)
            {
                Take(finding);
                _new += result.Text("baselineState") == "new" ? 1 : 0;
            }

            _suppressed += suppressed ? 1 : 0;
        }
    }

    private void Invocations(JsonElement run, string name)
    {
        if (run.Array("invocations") is not { } invocations)
        {
            return;
        }

        foreach (var invocation in invocations.Objects("invocations"))
        {
            if (invocation.Flag("executionSuccessful") == false)
            {
                _broken.Add(name);
            }

            foreach (var list in new[] { "toolExecutionNotifications", "toolConfigurationNotifications" })
            {
                _notices += invocation.Array(list)?.Objects(list).LongCount(n => n.Text("level") == "error") ?? 0;
            }

            if (invocation.AnyInstant("endTimeUtc") is { } ended && (_producedAt is null || ended > _producedAt))
            {
                _producedAt = ended;
            }
        }
    }

    /// <summary>Counts all, keeps the worst.</summary>
    private void Take(SarifFinding finding)
    {
        _bySeverity[finding.Severity] = Count(finding.Severity) + 1;
        if (_findings.Count < EvidenceSummary.MaxItems)
        {
            _findings.Add(finding);
        }
        else if (_findings.FindLastIndex(f => f.Severity < finding.Severity) is >= 0 and var milder)
        {
            _findings.RemoveAt(milder);
            _findings.Add(finding);
        }
    }

    private EvidenceSummary Summary(PipelineStage stage)
    {
        var (critical, high) = (Count(FindingSeverity.Critical), Count(FindingSeverity.High));
        var milder = Count(FindingSeverity.Medium) + Count(FindingSeverity.Low) + Count(FindingSeverity.Note);
        // Findings come first: a scan that broke has still found what it found.
        var outcome = critical > 0 ? EvidenceOutcome.Failed
            : _broken.Count > 0 ? EvidenceOutcome.Error
            : high > 0 ? EvidenceOutcome.Failed
            : _tools.Count == 0 || _silent.Count > 0 ? EvidenceOutcome.Inconclusive
            : milder + _notices > 0 ? EvidenceOutcome.PassedWithWarnings
            : EvidenceOutcome.Passed;
        return new EvidenceSummary
        {
            Kind = EvidenceKind.Sarif,
            Stage = stage,
            Outcome = outcome,
            Text = Sentence(critical, high),
            Counts = new Dictionary<string, long>
            {
                [EvidenceCount.Critical] = critical,
                [EvidenceCount.High] = high,
                [EvidenceCount.Medium] = Count(FindingSeverity.Medium),
                [EvidenceCount.Low] = Count(FindingSeverity.Low) + Count(FindingSeverity.Note),
                [EvidenceCount.Suppressed] = _suppressed,
                [EvidenceCount.New] = _new,
                [EvidenceCount.Warnings] = _notices,
            },
            Items =
            [
                .. _findings.OrderByDescending(f => f.Severity)
                    .Select(f => new NotableItem(f.Severity.ToString().ToLowerInvariant(), f.Rule, f.Where is null ? f.Message : $"{f.Where}{(f.Message is null ? "" : $": {f.Message}")}")),
            ],
            ProducedAt = _producedAt,
        };
    }

    private string Sentence(long critical, long high)
    {
        if (_tools.Count == 0)
        {
            return "The log has no runs, so nothing was scanned.";
        }

        var found = Words.Counted(
            (critical, "critical"), (high, "high"), (Count(FindingSeverity.Medium), "medium"), (Count(FindingSeverity.Low) + Count(FindingSeverity.Note), "low"));
        var tools = Words.Join([.. _tools.Distinct().Take(5)]);
        var sentence = found.Count == 0 ? $"{tools}: no findings" : $"{tools}: {Words.Join(found)}";
        sentence += _suppressed > 0 ? $", {Words.Of(_suppressed, "suppressed", "suppressed")}" : "";
        sentence += _notices > 0 ? $", {Words.Of(_notices, "error notification")} of the tool" : "";
        return _broken.Count > 0 ? $"{sentence}; {Words.Join([.. _broken.Distinct().Take(5)])} did not run successfully, so what it did not find says nothing."
            : _silent.Count > 0 ? $"{sentence}; {Words.Join([.. _silent.Distinct().Take(5)])} gives no results here."
            : sentence + ".";
    }

    private long Count(FindingSeverity severity) => _bySeverity.GetValueOrDefault(severity);
}
