using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Triggers that can never fire, always fire, or get in each other's way.</summary>
internal static class TriggerConflicts
{
    public static void Find(PolicyReading reading)
    {
        var all = reading.Triggers;
        foreach (var placed in all)
        {
            Alone(placed, reading);
        }

        for (var i = 0; i < all.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Together(all[j], all[i], reading);
            }
        }
    }

    /// <summary>A check whose success lies within its failure can only fail, and one that nothing or everything satisfies measures nothing.</summary>
    public static void OfCheck(PlacedTrigger? success, PlacedTrigger? failure, PolicyReading reading)
    {
        foreach (var placed in new[] { success, failure }.OfType<PlacedTrigger>())
        {
            if (Outcome(placed.Trigger, reading.Scope) is { } outcome)
            {
                reading.Faults.Error(placed.At, $"'{placed.Trigger.Text}' is {(outcome ? "true" : "false")} for every value, so it measures nothing.");
            }
        }

        if (success is null || failure is null || !AreAlike(success.Trigger, failure.Trigger, reading.Scope))
        {
            return;
        }

        if (Implies(success.Trigger, failure.Trigger))
        {
            reading.Faults.Error(success.At, "Every success is a failure too, and failure wins: the check can only fail.");
        }
    }

    private static void Alone(PlacedTrigger placed, PolicyReading reading)
    {
        var trigger = placed.Trigger;
        if (Outcome(trigger, reading.Scope) is { } outcome)
        {
            Decided(placed, outcome, reading);
            return;
        }

        if (Worse(trigger, reading.Scope) is { } upwards && upwards != IsUpper(trigger))
        {
            reading.Faults.Warn(placed.At, $"'{trigger.Text}' fires while the release does well: for '{trigger.Signal}' {(upwards ? "more" : "less")} is worse.", $"Did you mean '{(upwards ? ">" : "<")}'?");
        }
        else if (trigger.Measure == TriggerMeasure.Delta && trigger.IsBreachedBy(0))
        {
            reading.Faults.Warn(placed.At, $"'{trigger.Text}' fires when there is no difference at all.", $"Did you mean '{Unlike(trigger)}'?");
        }
    }

    /// <summary>A trigger that no value or every value fires. Of a name that was misspelt the range is not known, and the name is the fault.</summary>
    private static void Decided(PlacedTrigger placed, bool outcome, PolicyReading reading)
    {
        var (trigger, written) = (placed.Trigger, placed.Trigger.Text.Split(' ', 2)[0]);
        if (trigger.Measure != TriggerMeasure.BurnRate && PolicySignals.Find(trigger.Signal, reading.Scope) is null && (reading.Scope is not null || SignalSpelling.Near(written, null) is not null))
        {
            if (reading.Scope is null)
            {
                reading.Faults.Error(placed.At, SignalSpelling.Unknown(written, null), $"Did you mean '{SignalSpelling.Near(written, null)}'?");
            }

            return;
        }

        var range = TriggerUnits.RangeOf(trigger, reading.Scope) is { } known ? $"{written} is {Between(known, trigger)}" : "";
        var isFall = trigger.Measure == TriggerMeasure.Value && trigger.Threshold < 0 && !IsUpper(trigger) && trigger.Unit == SignalUnit.Percent;
        reading.Faults.Error(
            placed.At, outcome ? $"'{trigger.Text}' fires on every value there can be: {range}." : $"'{trigger.Text}' can never fire: {range}.",
            isFall ? $"Did you mean '{trigger.Signal}{PolicySignals.DeltaEnding}', the difference to the previous version?" : null);
    }

    private static string Between((double Least, double Most) range, Trigger trigger)
    {
        var unit = trigger.Unit switch { SignalUnit.Percent => "%", SignalUnit.Milliseconds => "ms", SignalUnit.Factor => "x", _ => "" };
        return double.IsInfinity(range.Most) ? $"never below {range.Least:0}{unit}" : $"always from {range.Least:0}{unit} to {range.Most:0}{unit}";
    }

    /// <summary>The comparison that no difference does not satisfy.</summary>
    private static string Unlike(Trigger trigger)
    {
        var strict = IsUpper(trigger) ? ">" : "<";
        return trigger.Threshold == 0 ? $"{strict} 0%" : $"{strict} {PolicyWriter.Percent(-trigger.Threshold)}";
    }

    private static void Together(PlacedTrigger first, PlacedTrigger second, PolicyReading reading)
    {
        var (a, b) = (first.Trigger, second.Trigger);
        if (a.Text == b.Text)
        {
            Same(first, second, reading);
            return;
        }

        if (a.DryRun != b.DryRun || !AreAlike(a, b, reading.Scope))
        {
            return;
        }

        if (IsUpper(a) != IsUpper(b))
        {
            var (upper, lower) = IsUpper(a) ? (a, b) : (b, a);
            if (!a.DryRun && upper.Threshold <= lower.Threshold)
            {
                reading.Faults.Error(second.At, $"'{b.Text}' and '{a.Text}' (line {first.At.Line}) together fire on every value.");
            }

            return;
        }

        var sameList = first.List == second.List;
        if (Implies(b, a) && b.For >= a.For && (sameList || !(Implies(a, b) && a.For >= b.For)))
        {
            Looser(second, first, reading);
        }
        else if (Implies(a, b) && a.For >= b.For && (sameList || !Implies(b, a)))
        {
            Looser(first, second, reading);
        }
    }

    /// <summary>The text is the trigger's name, so that it stands for one trigger only.</summary>
    private static void Same(PlacedTrigger first, PlacedTrigger second, PolicyReading reading)
    {
        if (first.Trigger != second.Trigger)
        {
            reading.Faults.Error(second.At, $"'{second.Trigger.Text}' is there already (line {first.At.Line}), with another dry_run or recover_for; keep one.");
        }
        else if (first.List == second.List)
        {
            reading.Faults.Warn(second.At, $"'{second.Trigger.Text}' is there twice, first on line {first.At.Line}.");
        }
    }

    private static void Looser(PlacedTrigger loose, PlacedTrigger tight, PolicyReading reading) => reading.Faults.Warn(
        loose.At, $"'{loose.Trigger.Text}' never fires before '{tight.Trigger.Text}' (line {tight.At.Line}), which is stricter or the same.");

    /// <summary>True: true for every value; false: for none; null: it depends on the value.</summary>
    private static bool? Outcome(Trigger trigger, PolicyScope? scope)
    {
        if (TriggerUnits.RangeOf(trigger, scope) is not { } range)
        {
            return null;
        }

        var atLeast = trigger.IsBreachedBy(range.Least);
        var atMost = double.IsInfinity(range.Most) ? IsUpper(trigger) : trigger.IsBreachedBy(range.Most);
        return atLeast == atMost ? atLeast : null;
    }

    /// <summary>True when more is worse, false when less is, null when nothing is known about the signal.</summary>
    private static bool? Worse(Trigger trigger, PolicyScope? scope) => trigger.Measure == TriggerMeasure.BurnRate
        ? true
        : PolicySignals.Find(trigger.Signal, scope)?.Better switch
        {
            BetterWhen.Lower => true,
            BetterWhen.Higher => false,
            _ => null,
        };

    private static bool IsUpper(Trigger trigger) => trigger.Comparison is TriggerComparison.Above or TriggerComparison.AtLeast;

    private static bool AreAlike(Trigger a, Trigger b, PolicyScope? scope) =>
        a.Measure == b.Measure && (a.Measure == TriggerMeasure.BurnRate || Meant(a, scope) == Meant(b, scope));

    private static string Meant(Trigger trigger, PolicyScope? scope) => PolicySignals.Find(trigger.Signal, scope)?.Key.Value ?? trigger.Signal;

    /// <summary>True when every value that breaches the first breaches the second.</summary>
    private static bool Implies(Trigger first, Trigger second)
    {
        if (IsUpper(first) != IsUpper(second))
        {
            return false;
        }

        var further = IsUpper(first) ? first.Threshold.CompareTo(second.Threshold) : second.Threshold.CompareTo(first.Threshold);
        return further > 0 || (further == 0 && (second.IsBreachedBy(second.Threshold) || !first.IsBreachedBy(first.Threshold)));
    }
}
