using System.Text.Json.Serialization;

namespace OpsConsole.Core.Switches;

/// <summary>How an attribute of the evaluation context is compared.</summary>
public enum TargetingOperator
{
    /// <summary>Is one of the values, as text, exactly.</summary>
    In,

    NotIn,

    StartsWith,

    EndsWith,

    Contains,

    /// <summary>Numbers only.</summary>
    GreaterThan,

    /// <summary>Numbers only.</summary>
    LessThan,

    /// <summary>By precedence of semantic versions (semver.org 2.0.0, section 11).</summary>
    SemverAtLeast,

    /// <summary>By precedence of semantic versions.</summary>
    SemverBelow,
}

/// <summary>One comparison with an attribute of the context.</summary>
/// <param name="Attribute">Name in the context, dots for objects in objects: "app.version". "targetingKey" is the key itself.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">What with; several mean any of them. At most 1,000 of at most 256 characters.</param>
public sealed record TargetingCondition(string Attribute, TargetingOperator Operator, IReadOnlyList<string> Values);

/// <summary>Who matches every condition gets the flag on, or a stable share of them.</summary>
/// <param name="Name">For people.</param>
/// <param name="Conditions">At least one, at most 20.</param>
/// <param name="Percent">Share of the matching ones that gets it, 0 to 100.</param>
public sealed record TargetingRule(string Name, IReadOnlyList<TargetingCondition> Conditions, double Percent);

/// <summary>Who gets what a switch guards in one environment while it is not killed. The first rule that matches decides; who matches none is in the share of the rest.</summary>
/// <param name="Rules">At most 50.</param>
/// <param name="Percent">Share of those who match no rule, 0 to 100. Raising it only ever adds people: who has the flag keeps it.</param>
public sealed record Targeting(IReadOnlyList<TargetingRule> Rules, double Percent)
{
    /// <summary>On for everyone: a switch without targeting.</summary>
    public static readonly Targeting Everyone = new([], 100);

    /// <summary>The release that drives <see cref="Percent"/>, or the last one that did; null where none ever did, or since a person set it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TargetingDrive? Drive { get; init; }

    /// <summary>Stands for one on record that cannot be read: its flag has no value until it is killed or targeted anew. Known by being this very object.</summary>
    public static readonly Targeting Unreadable = new([], 0);

    /// <summary>True when everyone is answered the same by both.</summary>
    public bool AnswersLike(Targeting other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FlagBuckets.In(Percent) == FlagBuckets.In(other.Percent) && ReferenceEquals(this, Unreadable) == ReferenceEquals(other, Unreadable)
            && (ReferenceEquals(Rules, other.Rules) || TargetingText.Write(new(Rules, 0)) == TargetingText.Write(new(other.Rules, 0)));
    }
}

/// <summary>How far a release has driven a percentage. Kept with it, so that what is read back is what is in force; no client sees it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Actions">The latest of its actions that arrived here, newest last, at most <see cref="MostActions"/>: one that is asked for again changes nothing.</param>
/// <param name="Held">True while it is halted: the percentage is not raised.</param>
public sealed record TargetingDrive(Guid Release, IReadOnlyList<Guid> Actions, bool Held)
{
    public const int MostActions = 8;
}
