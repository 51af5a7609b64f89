namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>canary.checks:</c>.</summary>
internal static class CheckSection
{
    private const int MostChecks = 50;
    private const int MostTimes = 100_000;
    private const int LongestName = 64;
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    public static List<PolicyCheck> ReadAll(PolicySection canary, PolicyReading reading)
    {
        var checks = new List<PolicyCheck>();
        foreach (var item in canary.Items("checks", MostChecks))
        {
            if (PolicySection.Of(item, PolicyKeys.Check, reading.Faults) is not { } section)
            {
                if (item is ScalarNode { IsEmpty: true })
                {
                    reading.Faults.Error(item, "A check has at least 'name', and 'success' or 'failure'.");
                }

                continue;
            }

            var check = Read(section, reading);
            if (checks.Exists(c => c.Name == check.Name))
            {
                reading.Faults.Error(section.KeyAt("name"), $"There is another check with the name '{check.Name}'; names are unique.");
            }

            checks.Add(check);
        }

        return checks;
    }

    private static PolicyCheck Read(PolicySection section, PolicyReading reading)
    {
        var faults = reading.Faults;
        var defaults = new CheckLimits();
        if (section.Node("name") is null)
        {
            faults.Error(section.At, "The check has no name.", "Add 'name: …'.");
        }

        if (section.Node("success") is null && section.Node("failure") is null)
        {
            faults.Error(section.At, "The check says neither what is a success nor what is a failure.", "Add for example 'success: http_5xx_rate < 1%'.");
        }

        var (success, failure) = (reading.ReadCondition(section, "success"), reading.ReadCondition(section, "failure"));
        TriggerConflicts.OfCheck(success, failure, reading);
        var count = section.Whole("count", 0, MostTimes) ?? 0;
        var check = new PolicyCheck
        {
            Name = section.Text("name", LongestName) ?? "",
            Success = success?.Trigger,
            Failure = failure?.Trigger,
            Interval = section.Duration("interval", ShortestInterval, LongestInterval) ?? TimeSpan.FromSeconds(30),
            Count = count,
            Limits = new(
                section.Whole("failure_limit", -1, MostTimes) ?? defaults.Failure,
                section.Whole("inconclusive_limit", -1, MostTimes) ?? defaults.Inconclusive,
                section.Whole("consecutive_error_limit", -1, MostTimes) ?? defaults.ConsecutiveError,
                section.Whole("consecutive_success_limit", 0, MostTimes) ?? defaults.ConsecutiveSuccess),
            DryRun = section.Flag("dry_run") ?? false,
        };
        if (count > 0 && check.Limits.Failure >= count)
        {
            faults.Warn(section.KeyAt("failure_limit"), $"The check ends after {count} measurements, so it can never pass a limit of {check.Limits.Failure} failures.");
        }

        if (count > 0 && check.Limits.ConsecutiveSuccess == 0)
        {
            WarnOfNoSuccess(section, check.Limits.Failure < 0 ? "failure_limit" : "", "failures", count, faults);
            WarnOfNoSuccess(section, check.Limits.Inconclusive < 0 || check.Limits.Inconclusive >= count ? "inconclusive_limit" : "", "inconclusive measurements", count, faults);
        }

        return check;
    }

    private static void WarnOfNoSuccess(PolicySection section, string key, string what, int count, PolicyFaults faults)
    {
        if (key.Length > 0)
        {
            faults.Warn(
                section.KeyAt(key), $"All {count} measurements of the check can be {what} without passing '{key}'; without one success it then ends inconclusive.",
                $"Give it less than {count}.");
        }
    }
}
