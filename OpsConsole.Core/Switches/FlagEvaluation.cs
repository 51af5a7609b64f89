namespace OpsConsole.Core.Switches;

/// <summary>Why a flag has the value that it has, in the terms of OpenFeature.</summary>
public enum FlagReason
{
    /// <summary>The same for everyone.</summary>
    Static,

    /// <summary>By what is known about who asks.</summary>
    TargetingMatch,

    /// <summary>By the share of people that who asks is in.</summary>
    Split,
}

/// <summary>Why a flag has no value, in the terms of OpenFeature.</summary>
public enum FlagError
{
    None,

    /// <summary>A percentage has to decide, and nothing tells who asks apart from others.</summary>
    TargetingKeyMissing,

    /// <summary>The request, or the flag's own targeting, cannot be read.</summary>
    ParseError,

    /// <summary>The context is not usable.</summary>
    InvalidContext,

    General,
}

/// <summary>What a client that asks for a flag is told.</summary>
/// <param name="Value">Whether it gets what the switch guards; false with an error.</param>
/// <param name="Reason">Why.</param>
/// <param name="Error">Why there is no value, or none.</param>
/// <remarks>A killed switch answers an explicit false with the reason <c>STATIC</c> and not <c>DISABLED</c>: several clients take the latter as "use the default in the code", which may be true, and a kill must never depend on what a client has as its default.</remarks>
public readonly record struct FlagEvaluation(bool Value, FlagReason Reason, FlagError Error = FlagError.None)
{
    /// <summary><c>on</c> or <c>off</c>.</summary>
    public string Variant => Value ? "on" : "off";

    /// <summary>Evaluates a switch for who is asking.</summary>
    public static FlagEvaluation Of(FlagState flag, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(context);
        if (SameForAll(flag) is { } same)
        {
            return same;
        }

        foreach (var rule in flag.Targeting.Rules)
        {
            if (TargetingMatch.Holds(rule, context))
            {
                return Share(flag, rule.Percent, context);
            }
        }

        return Share(flag, flag.Targeting.Percent, context);
    }

    /// <summary>The answer that everyone gets, or null when it depends on who asks.</summary>
    public static FlagEvaluation? SameForAll(FlagState flag)
    {
        ArgumentNullException.ThrowIfNull(flag);
        if (flag.Killed)
        {
            return new FlagEvaluation(false, FlagReason.Static);
        }

        if (ReferenceEquals(flag.Targeting, Targeting.Unreadable))
        {
            return new FlagEvaluation(false, FlagReason.Static, FlagError.ParseError);
        }

        return flag.Targeting.Rules.Count > 0 ? null : FlagBuckets.In(flag.Targeting.Percent) switch
        {
            0 => new FlagEvaluation(false, FlagReason.Static),
            FlagBuckets.Count => new FlagEvaluation(true, FlagReason.Static),
            _ => null,
        };
    }

    /// <summary>Whole percentages need no key: who asks is in all of everyone, and in none of no one.</summary>
    private static FlagEvaluation Share(FlagState flag, double percent, EvaluationContext context) => FlagBuckets.In(percent) switch
    {
        0 => new FlagEvaluation(false, FlagReason.TargetingMatch),
        FlagBuckets.Count => new FlagEvaluation(true, FlagReason.TargetingMatch),
        _ when context.TargetingKey is null => new FlagEvaluation(false, FlagReason.Split, FlagError.TargetingKeyMissing),
        var share => new FlagEvaluation(FlagBuckets.Of(flag.Key, context.TargetingKey) < share, FlagReason.Split),
    };
}

/// <summary>Reasons and errors as OpenFeature writes them.</summary>
public static class FlagCodes
{
    public static string Code(this FlagReason reason) => reason switch
    {
        FlagReason.Static => "STATIC",
        FlagReason.TargetingMatch => "TARGETING_MATCH",
        FlagReason.Split => "SPLIT",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };

    public static string Code(this FlagError error) => error switch
    {
        FlagError.TargetingKeyMissing => "TARGETING_KEY_MISSING",
        FlagError.ParseError => "PARSE_ERROR",
        FlagError.InvalidContext => "INVALID_CONTEXT",
        FlagError.General => "GENERAL",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Unknown error."),
    };
}
