using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Writes a model as the text that reads back as it. What is as by default is left out.</summary>
internal sealed partial class PolicyWriter
{
    private readonly StringBuilder _text = new();

    public static string Write(ReleasePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var writer = new PolicyWriter();
        writer.Release(policy.Release);
        writer.Canary(policy.Canary);
        writer.Delivery(policy.Delivery);
        writer.Analysis(policy.Analysis);
        writer.Evidence(policy.Evidence);
        writer.Approvals(policy.Approvals);
        return writer._text.ToString();
    }

    /// <summary>A share as policies write it: <c>5%</c>.</summary>
    public static string Percent(double value) => Number(value) + "%";

    private static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private void Release(ReleaseChecklist? release)
    {
        if (release is null)
        {
            return;
        }

        var begun = Begin("release");
        Line(1, "artifact", release.Artifact);
        Line(1, "previous_artifact", release.PreviousArtifact);
        Line(1, "database_migration", release.DatabaseMigration is { } migration ? PolicyNames.Of(PolicyNames.Migrations, migration) : null);
        Line(1, "feature_flag", release.FeatureFlag);
        Line(1, "rollout_strategy", release.Strategy is { } strategy ? PolicyNames.Of(PolicyNames.Strategies, strategy) : null);
        Line(1, "initial_exposure", release.InitialExposurePercent is { } initial ? Percent(initial) : null);
        Triggers("rollback_triggers", release.RollbackTriggers);
        Line(1, "rollback_command", release.RollbackCommand);
        End(begun);
    }

    private void Canary(CanaryPolicy? canary)
    {
        if (canary is null)
        {
            return;
        }

        var begun = Begin("canary");
        if (canary.Stages.Count > 0)
        {
            Line(1, "stages");
            for (var i = 0; i < canary.Stages.Count; i++)
            {
                Item(2, "traffic", Percent(canary.Stages[i].ExposurePercent));
                Line(3, "duration", i == canary.Stages.Count - 1 ? "continuous" : PolicyDuration.Write(canary.Stages[i].Hold));
            }
        }

        Line(1, "watch", canary.WatchTime is { } watch ? PolicyDuration.Write(watch) : null);
        Triggers("auto_rollback_if", canary.AutoRollbackIf);
        Items("promote_if", canary.PromoteIf.Select(c => PolicyNames.Of(PolicyNames.Conditions, c)));
        Checks(canary.Checks);
        End(begun);
    }

    private void Checks(IReadOnlyList<PolicyCheck> checks)
    {
        if (checks.Count == 0)
        {
            return;
        }

        var defaults = new PolicyCheck { Name = "" };
        Line(1, "checks");
        foreach (var check in checks)
        {
            Item(2, "name", check.Name);
            Line(3, "success", check.Success?.Text);
            Line(3, "failure", check.Failure?.Text);
            Line(3, "interval", Unless(check.Interval, defaults.Interval, PolicyDuration.Write));
            Line(3, "count", Unless(check.Count, 0, Text));
            Line(3, "failure_limit", Unless(check.Limits.Failure, defaults.Limits.Failure, Text));
            Line(3, "inconclusive_limit", Unless(check.Limits.Inconclusive, defaults.Limits.Inconclusive, Text));
            Line(3, "consecutive_error_limit", Unless(check.Limits.ConsecutiveError, defaults.Limits.ConsecutiveError, Text));
            Line(3, "consecutive_success_limit", Unless(check.Limits.ConsecutiveSuccess, defaults.Limits.ConsecutiveSuccess, Text));
            Line(3, "dry_run", check.DryRun ? "true" : null);
        }
    }

    private void Delivery(DeliverySettings delivery)
    {
        var defaults = new DeliverySettings();
        if (delivery == defaults)
        {
            return;
        }

        Begin("delivery");
        Line(1, "mode", Unless(delivery.Mode, defaults.Mode, m => PolicyNames.Of(PolicyNames.Modes, m)));
        Line(1, "on_trigger", Unless(delivery.OnTrigger, defaults.OnTrigger, r => PolicyNames.Of(PolicyNames.Reactions, r)));
    }

    private void Analysis(AnalysisPolicy? analysis)
    {
        if (analysis is null)
        {
            return;
        }

        var defaults = new AnalysisPolicy();
        Begin("analysis");
        Line(1, "pass", Unless(analysis.Pass, defaults.Pass, Number));
        Line(1, "marginal", Unless(analysis.Marginal, Math.Min(defaults.Marginal, analysis.Pass), Number));
        Line(1, "minimum_points", Unless(analysis.MinimumPoints, defaults.MinimumPoints, Text));
        Line(1, "metrics");
        foreach (var metric in analysis.Metrics)
        {
            Item(2, "signal", metric.Signal);
            Line(3, "critical", metric.Critical ? "true" : null);
            Line(3, "group", Unless(metric.Group, "default", g => g));
            Line(3, "weight", metric.Weight is { } weight ? Number(weight) : null);
            Line(3, "direction", metric.Direction is { } direction ? PolicyNames.Of(PolicyNames.Directions, direction) : null);
            Line(3, "tolerance", metric.Tolerance is { } tolerance ? Number(tolerance) : null);
            Line(3, "confidence", metric.Confidence is { } confidence ? Number(confidence) : null);
            Line(3, "nan_strategy", Unless(metric.NanStrategy, NanStrategy.Remove, n => PolicyNames.Of(PolicyNames.NanStrategies, n)));
            Line(3, "no_data", metric.NoData is { } noData ? PolicyNames.Of(PolicyNames.NoData, noData) : null);
            Line(3, "minimum_points", metric.MinimumPoints is { } points ? Text(points) : null);
            EffectSize(metric);
        }
    }

    private void EffectSize(AnalysisMetric metric)
    {
        if (metric is { Measure: EffectMeasure.MeanRatio, AllowedIncrease: null, AllowedDecrease: null, CriticalIncrease: null, CriticalDecrease: null })
        {
            return;
        }

        Line(3, "effect_size");
        Line(4, "measure", PolicyNames.Of(PolicyNames.Measures, metric.Measure));
        Line(4, "allowed_increase", metric.AllowedIncrease is { } more ? Number(more) : null);
        Line(4, "allowed_decrease", metric.AllowedDecrease is { } less ? Number(less) : null);
        Line(4, "critical_increase", metric.CriticalIncrease is { } farMore ? Number(farMore) : null);
        Line(4, "critical_decrease", metric.CriticalDecrease is { } farLess ? Number(farLess) : null);
    }

    private void Evidence(EvidencePolicy evidence)
    {
        if (evidence is { Required.Count: 0, MaxAge: null, LargeChangeLines: null, Quarantine.Count: 0 })
        {
            return;
        }

        Begin("evidence");
        Items("required", evidence.Required);
        Line(1, "max_age", evidence.MaxAge is { } age ? PolicyDuration.Write(age) : null);
        Line(1, "large_change_lines", evidence.LargeChangeLines is { } lines ? Text(lines) : null);
        Items("quarantine", evidence.Quarantine);
    }

    private void Approvals(ApprovalPolicy approvals)
    {
        var defaults = new ApprovalPolicy();
        if (approvals is { Required: 0, Roles.Count: 0, Stages.Count: 0 } && approvals.Expires == defaults.Expires)
        {
            return;
        }

        Begin("approvals");
        Line(1, "required", Unless(approvals.Required, 0, Text));
        Items("roles", approvals.Roles);
        Line(1, "expires", Unless(approvals.Expires, defaults.Expires, PolicyDuration.Write));
        Items("stages", approvals.Stages.Select(Percent));
    }

    private void Triggers(string key, IReadOnlyList<Trigger> triggers)
    {
        if (triggers.Count == 0)
        {
            return;
        }

        Line(1, key);
        foreach (var trigger in triggers)
        {
            if (trigger is { DryRun: false, RecoverFor.Ticks: 0 })
            {
                _text.Append("    - ").Append(Scalar(trigger.Text)).Append('\n');
                continue;
            }

            Item(2, "if", trigger.Text);
            Line(3, "recover_for", Unless(trigger.RecoverFor, TimeSpan.Zero, PolicyDuration.Write));
            Line(3, "dry_run", trigger.DryRun ? "true" : null);
        }
    }

    private static string? Unless<T>(T value, T usual, Func<T, string> write) => Equals(value, usual) ? null : write(value);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private int Begin(string section)
    {
        _text.Append(section).Append(":\n");
        return _text.Length;
    }

    /// <summary>A section that is there and says nothing is written as an empty one.</summary>
    private void End(int begun)
    {
        if (_text.Length == begun)
        {
            _text.Insert(begun - 1, " {}");
        }
    }

    private void Line(int level, string key) => _text.Append(' ', level * 2).Append(key).Append(":\n");

    private void Line(int level, string key, string? value)
    {
        if (value is not null)
        {
            _text.Append(' ', level * 2).Append(key).Append(": ").Append(Scalar(value)).Append('\n');
        }
    }

    private void Item(int level, string key, string value) => _text.Append(' ', level * 2).Append("- ").Append(key).Append(": ").Append(Scalar(value)).Append('\n');

    private void Items(string key, IEnumerable<string> values)
    {
        var all = values.ToList();
        if (all.Count > 0)
        {
            Line(1, key);
            all.ForEach(value => _text.Append("    - ").Append(Scalar(value)).Append('\n'));
        }
    }

    /// <summary>As it is where YAML takes it for the same text, else in double quotes.</summary>
    private static string Scalar(string value) =>
        Plain().IsMatch(value) && value is not ("null" or "Null" or "NULL") ? value : JsonSerializer.Serialize(value);

    [GeneratedRegex(@"\A-?[A-Za-z0-9_](?:[A-Za-z0-9_.%/+@<>=-]|[ :](?=[A-Za-z0-9_.%/+@<>=-]))*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
