using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>delivery:</c>, <c>evidence:</c> and <c>approvals:</c>.</summary>
internal static class GateSections
{
    private const int MostLines = 10_000_000;
    private const int MostQuarantined = 500;
    private const int LongestTest = 256;
    private const int MostApprovals = 10;
    private static readonly TimeSpan ShortestExpiry = TimeSpan.FromMinutes(1);

    public static DeliverySettings Delivery(PolicySection section)
    {
        var defaults = new DeliverySettings();
        return new()
        {
            Mode = section.Named("mode", PolicyNames.Modes) ?? defaults.Mode,
            OnTrigger = section.Named("on_trigger", PolicyNames.Reactions) ?? defaults.OnTrigger,
        };
    }

    public static EvidencePolicy Evidence(PolicySection section, PolicyFaults faults) => new()
    {
        Required = Names(section, "required", PolicyNames.EvidenceCodes, faults),
        MaxAge = section.Duration("max_age", TimeSpan.FromMinutes(1)),
        LargeChangeLines = section.Whole("large_change_lines", 1, MostLines),
        Quarantine =
        [
            .. section.Scalars("quarantine", MostQuarantined).Select(test => PolicyValues.Text(test, "quarantine", LongestTest, faults)).OfType<string>().Distinct(StringComparer.Ordinal),
        ],
    };

    public static ApprovalPolicy Approvals(PolicySection section, IReadOnlyList<Stage> stages, PolicyFaults faults)
    {
        var approvals = new ApprovalPolicy
        {
            Required = section.Whole("required", 0, MostApprovals) ?? 0,
            Roles = [.. Names(section, "roles", PolicyNames.Approvers, faults).Select(role => PolicyNames.Of(PolicyNames.Approvers, role))],
            Expires = section.Duration("expires", ShortestExpiry) ?? new ApprovalPolicy().Expires,
            Stages = Stages(section, stages, faults),
        };
        if (approvals.Required == 0 && (approvals.Roles.Count > 0 || approvals.Stages.Count > 0))
        {
            faults.Warn(section.KeyAt(section.Node("required") is null ? "roles" : "required"), "No approval is required, so the roles and stages here ask for nothing.", "Add 'required: 1'.");
        }

        return approvals;
    }

    private static List<double> Stages(PolicySection section, IReadOnlyList<Stage> stages, PolicyFaults faults)
    {
        var wanted = new List<double>();
        foreach (var item in section.Scalars("stages", RegistrationRules.MaxStages))
        {
            if (PolicyValues.Percent(item, "stages", faults) is not { } percent)
            {
                continue;
            }

            // A stage that could not be read may be the one that is meant.
            if (stages.Count > 0 && stages.All(s => !s.ExposurePercent.Equals(percent) && !double.IsNaN(s.ExposurePercent)))
            {
                faults.Error(item, $"There is no stage of {item.Text} under 'canary', so nobody would be asked.", $"Stages are {string.Join(", ", stages.Select(s => PolicyWriter.Percent(s.ExposurePercent)))}.");
            }
            else if (wanted.Contains(percent))
            {
                faults.Warn(item, $"{item.Text} is there twice.");
            }
            else
            {
                wanted.Add(percent);
            }
        }

        return wanted;
    }

    private static List<T> Names<T>(PolicySection section, string key, (string Name, T Value)[] names, PolicyFaults faults)
    {
        var found = new List<T>();
        foreach (var item in section.Scalars(key, names.Length * 2))
        {
            if (PolicyValues.Named(item, key, names, faults) is not { Found: true } named)
            {
                continue;
            }

            if (found.Contains(named.Value))
            {
                faults.Warn(item, $"'{item.Text}' is there twice.");
            }
            else
            {
                found.Add(named.Value);
            }
        }

        return found;
    }
}
