using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Reads <c>canary:</c>.</summary>
internal static class CanarySection
{
    private const string Continuous = "continuous";

    /// <summary>Share of a stage that has a fault, so that no other fault speaks of a share that nobody wrote.</summary>
    private const double NotRead = double.NaN;

    public static CanaryPolicy Read(PolicySection section, PolicyReading reading)
    {
        var (stages, last) = Stages(section, reading.Faults);
        return new()
        {
            Stages = stages,
            WatchTime = Watch(section, last, reading.Faults),
            AutoRollbackIf = reading.ReadTriggers(section, "auto_rollback_if"),
            PromoteIf = Conditions(section, reading.Faults),
            Checks = CheckSection.ReadAll(section, reading),
        };
    }

    private static (List<Stage> Stages, TimeSpan? Last) Stages(PolicySection section, PolicyFaults faults)
    {
        var stages = new List<Stage>();
        var items = section.Items("stages", RegistrationRules.MaxStages);
        if (section.Node("stages") is ListNode { Items.Count: 0 } none)
        {
            faults.Error(none, "'stages' is empty; give at least one, the last with traffic: 100%.");
        }

        TimeSpan? last = null;
        double? before = null;
        for (var i = 0; i < items.Count; i++)
        {
            var isLast = i == items.Count - 1;
            if (PolicySection.Of(items[i], PolicyKeys.Stage, faults) is not { } stage)
            {
                if (items[i] is ScalarNode { IsEmpty: true })
                {
                    faults.Error(items[i], $"Stage {i + 1} is empty; a stage has 'traffic' and 'duration'.", "Add 'traffic: 5%' and 'duration: 10m'.");
                }

                before = null;
                stages.Add(new(NotRead, TimeSpan.Zero));
                continue;
            }

            var traffic = Traffic(stage, before, i + 1, isLast, faults);
            var held = Held(stage, i + 1, isLast, faults);
            before = traffic;
            last = isLast ? held : last;
            stages.Add(new(traffic ?? NotRead, isLast ? TimeSpan.Zero : held ?? TimeSpan.Zero));
        }

        return (stages, last);
    }

    /// <param name="stage">The stage.</param>
    /// <param name="before">Traffic of the one before; null when there is none or that is not known.</param>
    /// <param name="number">Which stage it is, from 1.</param>
    /// <param name="isLast">True for the last.</param>
    /// <param name="faults">Where faults go.</param>
    private static double? Traffic(PolicySection stage, double? before, int number, bool isLast, PolicyFaults faults)
    {
        if (stage.Node("traffic") is not { } at)
        {
            if (!stage.IsToldOf("traffic"))
            {
                faults.Error(stage.At, $"Stage {number} does not say its share of traffic.", "Add 'traffic: 5%'.");
            }

            return null;
        }

        if (stage.Percent("traffic") is not { } traffic)
        {
            return null;
        }

        if (traffic <= before)
        {
            faults.Error(
                at,
                before.Equals(traffic)
                    ? $"Stage {number} has {PolicyWriter.Percent(traffic)}, as stage {number - 1} has; each stage has more traffic than the one before it."
                    : $"Stage {number} goes down from {PolicyWriter.Percent(before.Value)} to {PolicyWriter.Percent(traffic)}; each stage has more traffic than the one before it.",
                before < 100 ? $"Give stage {number} more than {PolicyWriter.Percent(before.Value)}, or take it out." : $"Take stage {number} out, or give stage {number - 1} less than 100%.");
        }
        else if (isLast && traffic < 100)
        {
            faults.Error(
                at, $"The last stage is 100%, and stage {number}, the last here, ends at {PolicyWriter.Percent(traffic)}: a release that never gets to everybody is never done.",
                "Add a last stage with 'traffic: 100%'.");
        }

        return traffic;
    }

    private static TimeSpan? Held(PolicySection stage, int number, bool isLast, PolicyFaults faults)
    {
        if (stage.Node("duration") is ScalarNode { Text: Continuous } endless)
        {
            if (!isLast)
            {
                faults.Error(endless, $"Stage {number} is continuous, and is not the last: the release would never leave it. Only the last stage can be continuous.", "Give it a time, for example 10m.");
            }

            return null;
        }

        if (stage.Node("duration") is ScalarNode near && Spelling.Suggest(near.Text, [Continuous]) is { } meant)
        {
            faults.Error(near, $"{PolicyValues.Said("duration", near)} a time with its unit, or, for the last stage, '{Continuous}'.", meant);
            return null;
        }

        if (stage.Node("duration") is null && !isLast && !stage.IsToldOf("duration"))
        {
            faults.Error(stage.At, $"Stage {number} does not say how long it is held.", "Add 'duration: 10m', or 0s for not at all.");
        }

        return stage.Duration("duration", TimeSpan.Zero);
    }

    /// <summary>The time at 100 % is said by <c>watch</c>, or as the duration of the last stage.</summary>
    private static TimeSpan? Watch(PolicySection section, TimeSpan? last, PolicyFaults faults)
    {
        var watch = section.Duration("watch", TimeSpan.Zero);
        if (watch is { } said && last is { } other && said != other)
        {
            faults.Error(section.Node("watch")!, $"'watch' says {PolicyDuration.Write(said)} at 100% and the last stage says {PolicyDuration.Write(other)}; say it once.");
        }

        return watch ?? last;
    }

    private static List<PromoteCondition> Conditions(PolicySection section, PolicyFaults faults)
    {
        var conditions = new List<PromoteCondition>();
        foreach (var item in section.Scalars("promote_if", PolicyNames.Conditions.Length * 2))
        {
            if (PolicyValues.Named(item, "promote_if", PolicyNames.Conditions, faults) is not { Found: true } found)
            {
                continue;
            }

            if (conditions.Contains(found.Value))
            {
                faults.Warn(item, $"'{item.Text}' is there twice.");
            }
            else
            {
                conditions.Add(found.Value);
            }
        }

        return conditions;
    }
}
