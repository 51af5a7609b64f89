using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Targets;

/// <summary>What a target can do whose nature only whoever set it up knows: settings say it, and what they say is what the console offers.</summary>
internal static class DeclaredCapabilities
{
    internal const string Title = "Title", Verbs = "Verbs", Strategies = "Strategies", Unit = "ExposureUnit",
        AfterHalt = "StaysAfterHalt", AfterRollback = "StaysAfterRollback", AtFull = "HaltsAtFull", Instead = "Instead";

    private static readonly ActionVerb[] Known = [ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback];

    /// <summary>A switch's percentage is the console's own, so no other target has it.</summary>
    private static readonly RolloutStrategy[] KnownStrategies = [.. Enum.GetValues<RolloutStrategy>().Where(s => s != RolloutStrategy.FeatureFlag)];

    /// <summary>The settings that say it.</summary>
    /// <param name="title">What the target is called where nothing is said, in the middle of a sentence after "the".</param>
    public static IReadOnlyList<ConnectionSetting> Settings(string title) =>
    [
        new(Title, "What people call it, after \"the\": \"deployer\".", Default: title, IsRequired: false),
        new(Verbs, "What it can do, with commas: promote, halt, resume, rollback.", Default: "promote, halt, resume, rollback"),
        new(Strategies, "How it can replace a version, with commas: recreate, rolling, blue-green, canary, store-phased.", Default: "recreate, rolling, blue-green, canary"),
        new(Unit, "Who is exposed: \"requests\", \"users\".", Default: "requests"),
        new(AfterHalt, "What stays exposed after a halt, as a sentence.", Default: "The share that the new version has stays as far as the target holds it; the console reads back whether it does."),
        new(AfterRollback, "What stays exposed after a roll back, as a sentence.", Default: "Whatever the target cannot take back, and what the new version wrote."),
        new(AtFull, "Whether what everyone has can still be halted: true or false.", Default: "true"),
        new(Instead, "What to do instead of what it cannot do, as a sentence.", Default: "Do it at the target itself, then look whether the console sees it."),
    ];

    /// <summary>What is wrong with them, one sentence each.</summary>
    public static IEnumerable<string> Faults(TargetSettings settings)
    {
        foreach (var unknown in Parts(settings[Verbs]).Where(v => Verb(v) is null))
        {
            yield return $"{Verbs} names '{unknown}', which is none of {string.Join(", ", Known.Select(v => v.Code()))}.";
        }

        foreach (var unknown in Parts(settings[Strategies]).Where(s => Strategy(s) is null))
        {
            yield return $"{Strategies} names '{unknown}', which is none of recreate, rolling, blue-green, canary, store-phased.";
        }

        if (!bool.TryParse(settings[AtFull], out _))
        {
            yield return $"{AtFull} is neither true nor false.";
        }
    }

    /// <summary>What settings without faults say.</summary>
    public static TargetCapabilities Of(TargetSettings settings)
    {
        var verbs = Parts(settings[Verbs]).Select(v => Verb(v)!.Value).ToHashSet();
        return new TargetCapabilities
        {
            Title = settings[Title],
            Verbs = verbs,
            Strategies = Parts(settings[Strategies]).Select(s => Strategy(s)!.Value).ToHashSet(),
            ExposureUnit = settings[Unit],
            StaysAfterHalt = settings[AfterHalt],
            StaysAfterRollback = settings[AfterRollback],
            HaltsAtFull = bool.Parse(settings[AtFull]),
            Instead = Known.Where(v => !verbs.Contains(v)).ToDictionary(v => v, _ => settings[Instead]),
        };
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ActionVerb? Verb(string name) => Array.Find(Known, v => v.Code() == name) is var verb && verb.Code() == name ? verb : null;

    private static RolloutStrategy? Strategy(string name)
    {
        var word = name.Replace("-", "", StringComparison.Ordinal);
        var found = Array.FindIndex(KnownStrategies, s => s.ToString().Equals(word, StringComparison.OrdinalIgnoreCase));
        return found < 0 ? null : KnownStrategies[found];
    }
}
