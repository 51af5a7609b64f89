namespace OpsConsole.Core.Policies.Text;

/// <summary>A trigger with its place.</summary>
/// <param name="Trigger">The trigger.</param>
/// <param name="At">Its text.</param>
/// <param name="List">The list that it stands in.</param>
internal sealed record PlacedTrigger(Trigger Trigger, ScalarNode At, string List);

/// <summary>One reading of a text: its faults, the service it is held against, and every trigger with its place.</summary>
internal sealed class PolicyReading(PolicyFaults faults, PolicyScope? scope)
{
    /// <summary>Most triggers of one list.</summary>
    public const int MostTriggers = 50;

    public PolicyFaults Faults => faults;

    public PolicyScope? Scope => scope;

    /// <summary>Triggers that stop a release, as they came.</summary>
    public List<PlacedTrigger> Triggers { get; } = [];

    /// <summary>A list of triggers: texts, or mappings with <c>if</c>.</summary>
    public IReadOnlyList<Trigger> ReadTriggers(PolicySection section, string key)
    {
        var triggers = new List<Trigger>();
        foreach (var item in section.Items(key, MostTriggers))
        {
            if (ReadTrigger(item, key) is { } placed)
            {
                triggers.Add(placed.Trigger);
                Triggers.Add(placed);
            }
        }

        return triggers;
    }

    /// <summary>The condition of a check, written like a trigger but without a time.</summary>
    public PlacedTrigger? ReadCondition(PolicySection section, string key)
    {
        if (section.Scalar(key) is not { } text || TriggerText.Read(text, scope, faults) is not { } condition)
        {
            return null;
        }

        if (condition.For > TimeSpan.Zero)
        {
            faults.Error(text, $"'{key}' has no 'for': it is asked at every interval; use the limits of the check instead.");
            return null;
        }

        Named(condition, text);
        return new(condition, text, key);
    }

    /// <summary>A name that nothing provides: an error where a service is named, else a warning.</summary>
    public void Named(string signal, PolicyNode at) => Named(signal, signal, at);

    private void Named(string signal, string written, PolicyNode at)
    {
        var suggestion = SignalSpelling.Near(written, scope) is { } near ? $"Did you mean '{near}'?" : null;
        if (scope is null)
        {
            if (PolicySignals.Find(signal, null) is null)
            {
                faults.Warn(at, $"{SignalSpelling.Unknown(written, null).TrimEnd('.')}: a source or the release has to bring it.", suggestion);
            }
        }
        else if (SignalNames.Resolve(signal, scope.Signals) is null)
        {
            faults.Error(at, SignalSpelling.Unknown(written, scope), suggestion ?? Provided(scope));
        }
    }

    private PlacedTrigger? ReadTrigger(PolicyNode item, string list)
    {
        var section = item is MapNode ? PolicySection.Of(item, PolicyKeys.Trigger, faults) : null;
        var text = section is null ? item as ScalarNode : section.Scalar("if");
        if (text is null or { IsEmpty: true })
        {
            faults.Error(item, section is null ? "A trigger is a text, or has 'if' and what belongs to it." : "'if' is missing: the trigger's text.");
            return null;
        }

        var trigger = TriggerText.Read(text, scope, faults);
        var (dry, recover) = (section?.Flag("dry_run"), section?.Duration("recover_for", TimeSpan.Zero));
        if (trigger is null)
        {
            return null;
        }

        Named(trigger, text);
        return new(trigger with { DryRun = dry ?? false, RecoverFor = recover ?? TimeSpan.Zero }, text, list);
    }

    private void Named(Trigger trigger, ScalarNode at)
    {
        if (trigger.Measure != TriggerMeasure.BurnRate)
        {
            Named(trigger.Signal, trigger.Text.Split(' ', 2)[0], at);
        }
        else if (scope is { HasObjective: false })
        {
            faults.Error(at, $"There is no objective for {scope.Title}, so no error budget can burn.", "Give the service an objective, or take the trigger out.");
        }
    }

    private static string? Provided(PolicyScope scope) => scope.Signals.Count == 0
        ? null
        : $"Provided are {string.Join(", ", scope.Signals.Select(s => s.Key.Value).Order(StringComparer.Ordinal).Take(12))}.";
}
